package pnas.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

class CheckpointDirectoryTest extends CheckpointStoreContract {
    @TempDir
    private Path directory = Path.of("");

    @Override
    CheckpointStore open() {
        return new CheckpointDirectory(directory.resolve("checkpoints"), Optional.of(models()));
    }

    private Path models() {
        return directory.resolve("models");
    }

    @Test
    void a_model_is_a_file_that_others_may_read_and_takes_the_place_of_an_earlier_one() throws IOException {
        CheckpointStore store = open();
        store.write("trial", 1, 1, "identity", checkpoint -> {});
        store.keep("trial", file -> Files.writeString(file, "weights"));
        store.keep("trial", file -> Files.writeString(file, "better weights"));
        store.keep("other", file -> Files.writeString(file, "weights"));
        store.remove("trial");

        Path model = models().resolve("trial.safetensors");
        assertThat(model).hasContent("better weights");
        assertThat(Files.getPosixFilePermissions(model))
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(directory.resolve("any new file"))));
        assertThat(models().toFile().list()).containsExactlyInAnyOrder("trial.safetensors", "other.safetensors");
    }

    @Test
    void a_model_that_cannot_be_written_leaves_the_one_before_it_and_nothing_else() {
        CheckpointStore store = open();
        store.keep("trial", file -> Files.writeString(file, "weights"));
        assertThatThrownBy(() -> store.keep("trial", file -> {
                    Files.writeString(file, "half of it");
                    throw new IOException("disk full");
                }))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILURE))
                .hasMessageContaining("disk full");
        assertThat(models().resolve("trial.safetensors")).hasContent("weights");
        assertThat(models().toFile().list()).containsExactly("trial.safetensors");
    }

    @Test
    void a_checkpoint_that_cannot_be_written_leaves_the_one_before_it_and_nothing_else() {
        CheckpointStore store = open();
        store.write("trial", 1, 1, "identity", checkpoint -> {});
        assertThatThrownBy(() -> store.write("trial", 1, 2, "identity", checkpoint -> {
                    Files.writeString(checkpoint.resolve("weights"), "half of them");
                    throw new IOException("disk full");
                }))
                .hasMessageContaining("disk full");
        assertThat(store.furthest("trial", "identity").orElseThrow().epoch()).isEqualTo(1);
        assertThat(directory.resolve("checkpoints/trial/1").toFile().list()).containsExactly("1");
    }

    @Test
    void removes_what_a_writer_left_that_died() throws IOException {
        Files.createDirectories(models());
        Files.createFile(models().resolve(".trial.draft-1"));
        Files.createFile(models().resolve(".trial2.draft-1"));
        open().remove("trial");
        assertThat(models().toFile().list()).containsExactly(".trial2.draft-1");
    }

    @Test
    void keeps_no_model_where_there_is_no_directory_for_models() {
        new CheckpointDirectory(directory, Optional.empty()).keep("trial", file -> {
            throw new AssertionError("nobody wants it");
        });
        assertThat(directory).isEmptyDirectory();
    }
}
