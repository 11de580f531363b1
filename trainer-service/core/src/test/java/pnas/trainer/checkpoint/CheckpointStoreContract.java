package pnas.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.trainer.checkpoint.CheckpointStore.Checkpoint;
import pnas.trainer.checkpoint.CheckpointStore.Content;

/** What every store of checkpoints does. */
abstract class CheckpointStoreContract {
    private CheckpointStore store;

    /** A store; each one over the same, at first empty, storage. */
    abstract CheckpointStore open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @Test
    void finds_nothing_at_first() {
        assertThat(store.furthest("trial", "identity")).isEmpty();
        store.remove("trial");
    }

    @Test
    void finds_what_was_written_in_another_process() throws IOException {
        store.write("trial", 1, 1, "identity", content("weights"));
        Checkpoint found = open().furthest("trial", "identity").orElseThrow();
        assertThat(found.attempt()).isEqualTo(1);
        assertThat(found.epoch()).isEqualTo(1);
        assertThat(Files.readString(found.directory().resolve("content"))).isEqualTo("weights");
    }

    @Test
    void finds_the_furthest_of_all_attempts() {
        store.write("trial", 1, 9, "identity", content("a"));
        store.write("trial", 2, 10, "identity", content("b"));
        store.write("trial", 3, 2, "identity", content("c"));
        store.write("other", 1, 11, "identity", content("d"));
        assertThat(store.furthest("trial", "identity")).hasValueSatisfying(found -> {
            assertThat(found.attempt()).isEqualTo(2);
            assertThat(found.epoch()).isEqualTo(10);
        });
    }

    @Test
    void passes_over_another_identity() {
        store.write("trial", 1, 5, "engine 1", content("a"));
        store.write("trial", 2, 1, "engine 2", content("b"));
        assertThat(store.furthest("trial", "engine 2")).map(Checkpoint::epoch).contains(1);
        assertThat(store.furthest("trial", "engine 3")).isEmpty();
    }

    @Test
    void keeps_the_last_epoch_of_an_attempt_only() {
        store.write("trial", 1, 1, "old", content("a"));
        store.write("trial", 1, 2, "new", content("b"));
        assertThat(store.furthest("trial", "old")).isEmpty();
        assertThat(store.furthest("trial", "new")).map(Checkpoint::epoch).contains(2);
    }

    @Test
    void never_shows_a_checkpoint_that_was_not_finished() {
        store.write("trial", 1, 1, "identity", content("a"));
        assertThatThrownBy(() -> store.write("trial", 1, 2, "identity", directory -> {
                    Files.writeString(directory.resolve("content"), "half of it");
                    throw new IOException("disk full");
                }))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILURE))
                .hasMessageContaining("disk full");
        assertThat(store.furthest("trial", "identity")).map(Checkpoint::epoch).contains(1);
    }

    @Test
    void takes_the_same_epoch_of_an_attempt_twice() throws IOException {
        store.write("trial", 1, 1, "identity", content("a"));
        store.write("trial", 1, 1, "identity", content("b"));
        Checkpoint found = store.furthest("trial", "identity").orElseThrow();
        assertThat(Files.readString(found.directory().resolve("content"))).isEqualTo("b");
    }

    @Test
    void removes_all_of_a_trial() {
        store.write("trial", 1, 1, "identity", content("a"));
        store.write("trial", 2, 2, "identity", content("b"));
        store.write("other", 1, 1, "identity", content("c"));
        store.remove("trial");
        assertThat(store.furthest("trial", "identity")).isEmpty();
        assertThat(store.furthest("other", "identity")).isPresent();
    }

    @Test
    void refuses_names_that_are_not_safe() {
        for (String name : new String[] {"", "..", "a/b", "../a", ".hidden", "a\0b", "a".repeat(101)}) {
            assertUnsafe(() -> store.remove(name));
            assertUnsafe(() -> store.keep(name, file -> {}));
        }
    }

    private static void assertUnsafe(ThrowingCallable use) {
        assertThatThrownBy(use)
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
    }

    private static Content content(String text) {
        return directory -> Files.writeString(directory.resolve("content"), text);
    }
}
