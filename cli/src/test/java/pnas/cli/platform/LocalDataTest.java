package pnas.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDataTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter told = new StringWriter();

    @Test
    void links_what_is_named_and_says_so() throws IOException {
        Path pets = Files.createDirectory(directory.resolve("photos"));
        add("pets", pets);
        assertThat(data().folder().resolve("pets")).isSymbolicLink();
        assertThat(data().folder().resolve("pets").toRealPath()).isEqualTo(pets.toRealPath());
        assertThat(told.toString()).contains("Data set pets: " + pets.toRealPath() + ", linked as ");

        told.getBuffer().setLength(0);
        add("pets", pets);
        assertThat(told.toString()).isEmpty();
    }

    @Test
    void takes_the_link_back_that_it_made() throws IOException {
        Path pets = Files.createDirectory(directory.resolve("photos"));
        data().add("pets", pets, new PrintWriter(told)).run();
        assertThat(data().folder()).isEmptyDirectory();

        add("pets", pets);
        data().add("pets", pets, new PrintWriter(told)).run();
        assertThat(data().folder().resolve("pets")).isSymbolicLink();
    }

    @Test
    void the_name_of_the_data_set_that_ships_with_the_project_is_taken() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        assertRefused("digits", other, "the name 'digits' is taken: the data set that ships with PNAS has it");
        assertThat(data().folder()).doesNotExist();
    }

    @Test
    void the_name_of_cifar10_is_for_cifar10_alone() throws IOException {
        Path photos = Files.createDirectory(directory.resolve("photos"));
        Files.createDirectory(photos.resolve("cats"));
        assertRefused("cifar10", photos, "photos: is not CIFAR-10 in its binary version");
        Path text = Files.writeString(directory.resolve("text"), "no archive");
        assertRefused("cifar10", text, "text: is not CIFAR-10 in its binary version");
        assertRefused("cifar10", Files.createFile(directory.resolve("nothing.tar.gz")), "is empty");

        Path archive = Files.write(directory.resolve("cifar-10-subset.tar.gz"), new byte[] {0x1F, (byte) 0x8B, 8});
        add("cifar10", archive);
        assertThat(data().folder().resolve("cifar10")).isSymbolicLink();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pets", "pets.source"})
    void a_name_that_something_else_has_is_taken(String there) throws IOException {
        Files.createDirectories(data().folder().resolve(there));
        Path other = Files.createDirectory(directory.resolve("other"));
        assertRefused("pets", other, there + " is there already");
        assertThat(data().folder().resolve(there)).isEmptyDirectory();
    }

    @Test
    void a_name_that_stands_for_another_folder_is_taken_until_that_is_gone() throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        add("pets", first);
        assertRefused("pets", second, "pets is a link to " + first.toRealPath());
        assertThat(data().folder().resolve("pets").toRealPath()).isEqualTo(first.toRealPath());

        Files.delete(first);
        add("pets", second);
        assertThat(data().folder().resolve("pets").toRealPath()).isEqualTo(second.toRealPath());
    }

    @Test
    void a_name_of_a_downloaded_archive_is_taken() throws IOException {
        Files.createDirectories(data().folder());
        byte[] archive = {0x1F, (byte) 0x8B, 8};
        Files.write(data().folder().resolve("cifar-10-binary.tar.gz"), archive);
        assertRefused("cifar10", Files.write(directory.resolve("mine.tar.gz"), archive), "is there already");
    }

    @Test
    void a_file_is_no_folder_of_images() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertRefused("pets", file, "must be a folder with a folder of images for each class, got a file");
    }

    @Test
    void refuses_names_that_lead_elsewhere_and_paths_that_lead_nowhere() {
        assertThatThrownBy(() -> add("../cifar10", directory)).hasMessageContaining("got '../cifar10'");
        assertThatThrownBy(() -> add("cifar10", directory.resolve("nothing")))
                .hasMessage("--data: there is no file or folder " + directory.resolve("nothing"));
        assertThat(data().folder()).doesNotExist();
    }

    private void assertRefused(String name, Path source, String why) {
        assertThatThrownBy(() -> add(name, source))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        e -> assertThat(e.exitStatus()).isEqualTo(ExitStatus.USAGE))
                .hasMessageStartingWith("--dataset " + name + " --data " + source + ": ")
                .hasMessageContaining(why);
    }

    private void add(String name, Path source) {
        data().add(name, source, new PrintWriter(told));
    }

    private LocalData data() {
        return new LocalData(directory.resolve("home/data"));
    }
}
