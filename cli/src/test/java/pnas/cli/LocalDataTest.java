package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDataTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter told = new StringWriter();

    @Test
    void links_what_is_named_and_says_so() throws IOException {
        Path archive = Files.writeString(directory.resolve("cifar-10-subset.tar.gz"), "archive");
        add("cifar10", archive);
        assertThat(data().folder().resolve("cifar10")).hasContent("archive").isSymbolicLink();
        assertThat(told.toString()).contains("Data set cifar10: " + archive.toRealPath() + ", linked as ");

        told.getBuffer().setLength(0);
        add("cifar10", archive);
        assertThat(told.toString()).isEmpty();
    }

    @Test
    void takes_the_newest_of_two_with_one_name() throws IOException {
        add("cifar10", Files.writeString(directory.resolve("first"), "first"));
        add("cifar10", Files.writeString(directory.resolve("second"), "second"));
        assertThat(data().folder().resolve("cifar10")).hasContent("second");

        Files.delete(directory.resolve("second"));
        add("cifar10", directory.resolve("first"));
        assertThat(data().folder().resolve("cifar10")).hasContent("first");
    }

    @Test
    void never_replaces_what_is_no_link() throws IOException {
        Files.createDirectories(data().folder().resolve("pets"));
        Path other = Files.createDirectory(directory.resolve("other"));
        assertThatThrownBy(() -> add("pets", other)).hasMessageContaining("is there already and is no link");
        assertThat(data().folder().resolve("pets")).isEmptyDirectory();
    }

    @Test
    void refuses_names_that_lead_elsewhere_and_paths_that_lead_nowhere() {
        assertThatThrownBy(() -> add("../cifar10", directory)).hasMessageContaining("got '../cifar10'");
        assertThatThrownBy(() -> add("cifar10", directory.resolve("nothing")))
                .hasMessage("--data: there is no file or folder " + directory.resolve("nothing"));
        assertThat(data().folder()).doesNotExist();
    }

    private void add(String name, Path source) {
        data().add(name, source, new PrintWriter(told));
    }

    private LocalData data() {
        return new LocalData(directory.resolve("home/data"));
    }
}
