package pnas.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.failure.FailureKind;
import pnas.failure.PnasException;
import pnas.input.OtherAccount;
import pnas.message.DataSet;
import pnas.network.ImageShape;

/** Whatever lies where a data set is expected, it is read or its fault is said, and said to be the user's. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataFolderTest {
    private static final ImageShape SMALL = new ImageShape(4, 4, 3);

    @TempDir
    private Path data = Path.of("");

    @BeforeEach
    void makeDataSets() throws IOException {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB), "png", png);
        for (int image = 0; image < 10; image++) {
            for (String label : new String[] {"cats", "dogs"}) {
                Files.write(
                        Files.createDirectories(data.resolve("pets/" + label)).resolve(image + ".png"),
                        png.toByteArray());
            }
        }
        Files.createDirectories(data.resolve("batches"));
        Files.write(data.resolve("batches/data_batch_1.bin"), CifarFiles.batch(20, 1));
        Files.write(data.resolve("batches/test_batch.bin"), CifarFiles.batch(10, 2));
        Files.writeString(data.resolve("far.source"), "url=https://example.org/x.tar.gz\nsha256=" + "0".repeat(64));
    }

    /** Each place where a reader meets a file or folder of a user; the fourth column is what every refusal names. */
    @ParameterizedTest
    @CsvSource({
        "an image, pets, pets/cats/7.png, 7.png",
        "the folder of a class, pets, pets/cats, pets",
        "the folder of a data set, pets, pets, pets",
        "an archive, cifar10, cifar10, cifar10",
        "an archive under its other name, cifar10, cifar-10-binary.tar.gz, cifar",
        "a batch, cifar10, cifar10/test_batch.bin, test_batch.bin",
        "a source, far, far.source, far",
    })
    void a_reader_refuses_what_is_not_there_or_cannot_be_read(String what, String name, String place, String named)
            throws IOException, InterruptedException {
        Path path = data.resolve(place);
        if (place.startsWith("cifar10/")) {
            Files.move(data.resolve("batches"), data.resolve("cifar10"));
        }
        remove(path);
        // A data set with an image less is one too.
        if (!place.endsWith(".png")) {
            assertRefused(name, named, "missing: " + what);
        }
        Files.createSymbolicLink(path, data.resolve("nowhere"));
        assertRefused(name, named, "a link that leads nowhere: " + what);
        remove(path);
        Files.createDirectory(path);
        assertRefused(name, named, "a folder: " + what);
        OtherAccount.lock(path);
        OtherAccount.run(() -> assertRefused(name, named, "a locked folder: " + what));
        remove(path);
        Files.createFile(path);
        assertRefused(name, named, "an empty file: " + what);
        remove(path);
        Files.writeString(path, "something");
        assertRefused(name, named, "another file: " + what);
        OtherAccount.lock(path);
        OtherAccount.run(() -> assertRefused(name, named, "a locked file: " + what));
        remove(path);
        Files.write(path, new byte[] {0x1F, (byte) 0x8B, 8});
        assertRefused(name, named, "the beginning of an archive: " + what);
        remove(path);
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        assertRefused(name, named, "a pipe: " + what);
        remove(path);
    }

    private static void remove(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            PathUtils.deleteDirectory(path);
        } else {
            Files.deleteIfExists(path);
        }
    }

    private void assertRefused(String name, String named, String what) {
        DataFolder folder = new DataFolder(data);
        assertThatThrownBy(() -> folder.describe(name, SMALL))
                .as(what)
                .isInstanceOfSatisfying(
                        PnasException.class,
                        e -> assertThat(e.code().kind()).as(e.getMessage()).isEqualTo(FailureKind.USER_ERROR))
                .hasMessageContaining(named);
        assertThatThrownBy(() -> folder.read(name, SMALL))
                .as(what)
                .isInstanceOfSatisfying(
                        PnasException.class,
                        e -> assertThat(e.code().kind()).as(e.getMessage()).isEqualTo(FailureKind.USER_ERROR))
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"digits", "digits.source"})
    void data_under_a_name_that_is_taken_are_never_passed_over(String there) throws IOException {
        ImageShape image = DataSet.digits(0).image();
        DataFolder folder = new DataFolder(data);
        Path place = data.resolve(there);
        String why = "the name 'digits' belongs to the data set that ships with PNAS, but " + place
                + " has it too: rename or remove that";

        Files.createDirectory(place);
        assertThatThrownBy(() -> folder.describe("digits", image)).hasMessage(why);
        Files.delete(place);
        Files.createSymbolicLink(place, data.resolve("pets"));
        assertThatThrownBy(() -> folder.describe("digits", image)).hasMessage(why);
        // A trainer knows by the hash which it is to read.
        assertThat(folder.read("digits", image).contents().contentHash())
                .isEqualTo(DataSet.digits(0).contentHash());
        Files.delete(place);
        assertThat(folder.describe("digits", image).contentHash())
                .isEqualTo(DataSet.digits(0).contentHash());
    }

    @Test
    void a_folder_and_a_source_of_one_name_are_refused() throws IOException {
        Files.copy(data.resolve("far.source"), data.resolve("pets.source"));
        assertThatThrownBy(() -> new DataFolder(data).describe("pets", SMALL))
                .hasMessage("two data sets have the name 'pets', " + data.resolve("pets") + " and "
                        + data.resolve("pets.source") + ": rename or remove one");
    }

    @Test
    void a_folder_where_an_image_should_be_is_named_with_the_layout_that_is_expected() throws IOException {
        Files.createDirectory(data.resolve("parts"));
        PathUtils.copyDirectory(data.resolve("pets"), data.resolve("parts/train"));
        PathUtils.copyDirectory(data.resolve("pets"), data.resolve("parts/val"));
        assertThatThrownBy(() -> new DataFolder(data).describe("parts", SMALL))
                .hasMessage(
                        "parts/train/cats, parts/val/cats: a folder where an image should be, expected parts/CLASS/IMAGE");
    }

    @Test
    void plain_images_have_the_hash_that_they_always_had() throws IOException {
        Path images = Path.of("src/test/resources/pnas/dataset/images");
        Map<String, String> classes = Map.of(
                "a", "ycc.jpg ycc-quarter.jpg ycc-progressive.jpg ycc-coarse.jpg grey.jpg rgb-adobe.jpg",
                "b", "rgb-8.png rgb-interlaced.png grey-1.png grey-4.png grey-8.png grey-16.png palette-4.png");
        for (Map.Entry<String, String> label : classes.entrySet()) {
            Path folder = Files.createDirectories(data.resolve("plain/" + label.getKey()));
            for (String file : label.getValue().split(" ")) {
                Files.copy(images.resolve(file), folder.resolve(file));
            }
        }
        assertThat(new DataFolder(data).describe("plain", SMALL).contentHash())
                .isEqualTo("fdd781b66f1524ba827eafae25d69ef95a9780134f13d0511eb2ab2bb98cf92b");
    }
}
