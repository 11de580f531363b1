package pnas.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.ImageShape;

class ClassFoldersTest {
    private static final Path NO_CACHE = Path.of("no-such-folder");
    private static final ImageShape SMALL = new ImageShape(4, 4, 3);
    private static final ImageShape GREY = new ImageShape(4, 4, 1);

    @TempDir
    private Path data = Path.of("");

    private DataFolder folder = new DataFolder(data);

    @BeforeEach
    void makeFolders() throws IOException {
        folder = new DataFolder(data);
        for (int i = 0; i < 12; i++) {
            write("pets/cats/" + i + ".png", "png", plain(8, 8, 0xFF0000 + i));
            write("pets/dogs/" + i + ".jpg", "jpeg", plain(9, 5, 0x808080));
        }
    }

    @Test
    void reads_a_folder_for_each_class() {
        Images images = folder.read("pets", SMALL);

        assertThat(images.contents().classes()).isEqualTo(2);
        assertThat(images.contents().images()).isEqualTo(24);
        assertThat(images.contents().test()).isEqualTo(2);
        assertThat(images.contents().testApart()).isFalse();
        assertThat(images.contents().validation()).isEqualTo(2);
        assertThat(images.label(0)).isZero();
        assertThat(images.label(12)).isEqualTo(1);
        // The third by name is 10.png.
        assertThat(pixel(images, 2)).containsExactly(0xFF, 0, 10);
        assertThat(pixel(images, 12)).containsExactly(0x80, 0x80, 0x80);
        assertThat(folder.describe("pets", SMALL)).isEqualTo(images.contents());
    }

    @Test
    void a_link_may_lead_to_what_lies_in_the_data_set_and_to_nothing_else(@TempDir Path elsewhere) throws IOException {
        Files.createSymbolicLink(data.resolve("pets/cats/again.png"), data.resolve("pets/cats/0.png"));
        assertThat(folder.read("pets", SMALL).contents().images()).isEqualTo(25);

        Files.copy(data.resolve("pets/cats/0.png"), elsewhere.resolve("secret.png"));
        Path link = Files.createSymbolicLink(data.resolve("pets/cats/out.png"), elsewhere.resolve("secret.png"));
        assertUnreadable("pets/cats/out.png: is a link that leads out of the data set");
        Files.delete(link);
        link = Files.createSymbolicLink(data.resolve("pets/birds"), elsewhere);
        assertUnreadable("pets/birds: is a link that leads out of the data set");
        Files.delete(link);
        Files.createSymbolicLink(data.resolve("pets/lost"), elsewhere.resolve("nothing"));
        assertUnreadable("pets/lost: is a link that leads nowhere");
    }

    private void assertUnreadable(String why) {
        assertThatThrownBy(() -> folder.read("pets", SMALL))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_UNREADABLE))
                .hasMessage(why);
        assertThatThrownBy(() -> folder.describe("pets", SMALL)).hasMessage(why);
    }

    @Test
    void a_confined_folder_has_no_data_set_that_lies_elsewhere(@TempDir Path elsewhere) throws IOException {
        Path link = Files.createSymbolicLink(elsewhere.resolve("pets"), data.resolve("pets"));
        assertThat(new DataFolder(elsewhere).describe("pets", SMALL).images()).isEqualTo(24);

        assertThatThrownBy(() -> new DataFolder(elsewhere, NO_CACHE, false).describe("pets", SMALL))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_MISMATCH))
                .hasMessageStartingWith(link + " is a link that leads out of " + elsewhere)
                .hasMessageContaining("pnas.data.links");
        // As volumes of Kubernetes are laid out.
        Files.createSymbolicLink(data.resolve("animals"), Path.of("pets"));
        assertThat(new DataFolder(data, NO_CACHE, false)
                        .describe("animals", SMALL)
                        .images())
                .isEqualTo(24);
    }

    @Test
    void makes_colours_grey_and_grey_colours_without_changing_how_bright_they_are() throws IOException {
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setPixel(0, 0, new int[] {128});
        write("pets/cats/+.png", "png", grey);

        assertThat(pixel(folder.read("pets", SMALL), 0)).containsExactly(128, 128, 128);
        Images greys = folder.read("pets", GREY);
        assertThat(greys.pixel(0, 0)).isEqualTo(128);
        assertThat(greys.pixel(1, 0)).isEqualTo(76); // 0.299 x 255
    }

    @Test
    void every_pixel_is_the_mean_of_the_area_that_it_covers() throws IOException {
        BufferedImage picture = new BufferedImage(6, 3, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 6; x++) {
                picture.setRGB(x, y, 10 * x + y);
            }
        }
        write("pets/cats/+.png", "png", picture);

        Images images = folder.read("pets", new ImageShape(2, 4, 3));

        // Columns 0 to 1.5, rows 0 to 1.5 of blue 10 x + y: (0 + 10/2) / 1.5 + (0 + 1/2) / 1.5 = 3.67.
        assertThat(images.pixel(0, 2)).isEqualTo(4);
        // Columns 4.5 to 6, rows 1.5 to 3: (40/2 + 50) / 1.5 + (1/2 + 2) / 1.5 = 48.33.
        assertThat(images.pixel(0, 7 * 3 + 2)).isEqualTo(48);
    }

    @Test
    void enlarges_too() throws IOException {
        write("pets/cats/+.png", "png", plain(1, 1, 0x010203));
        Images images = folder.read("pets", SMALL);
        assertThat(pixel(images, 0)).containsExactly(1, 2, 3);
        assertThat(images.pixel(0, 15 * 3 + 2)).isEqualTo(3);
    }

    @Test
    void leaves_out_what_is_hidden_or_beside_the_classes() throws IOException {
        Contents before = folder.describe("pets", SMALL);
        Files.writeString(data.resolve("pets/README"), "about pets");
        Files.writeString(data.resolve("pets/cats/.index"), "x");
        Files.createDirectory(data.resolve("pets/.cache"));
        assertThat(folder.describe("pets", SMALL)).isEqualTo(before);
    }

    @Test
    void reads_once_until_a_file_has_changed() throws IOException {
        Register register = new Register();
        DataFolder registered = new DataFolder(data, NO_CACHE, true, register);
        Contents before = registered.describe("pets", SMALL);
        assertThat(new DataFolder(data, NO_CACHE, true, register).describe("pets", SMALL))
                .isEqualTo(before);
        assertThat(register.added).hasSize(1);

        assertThat(registered.describe("pets", GREY).contentHash()).isNotEqualTo(before.contentHash());
        write("pets/cats/12.png", "png", plain(8, 8, 0));
        assertThat(registered.describe("pets", SMALL).images()).isEqualTo(before.images() + 1);
        assertThat(register.added).hasSize(3);
    }

    /** Remembers in memory. */
    private static final class Register implements DataRegister {
        private final Map<List<Object>, Contents> added = new HashMap<>();

        @Override
        public Optional<Contents> find(String name, ImageShape image, String fingerprint) {
            return Optional.ofNullable(added.get(List.of(name, image, fingerprint)));
        }

        @Override
        public void add(String name, ImageShape image, String fingerprint, Contents contents) {
            assertThat(added.put(List.of(name, image, fingerprint), contents)).isNull();
        }
    }

    @Test
    void names_the_file_that_is_no_image() throws IOException {
        Path file = data.resolve("pets/cats/7.png");
        byte[] good = Files.readAllBytes(file);

        Files.write(file, new byte[0]);
        refuses("pets/cats/7.png: is empty");
        Files.writeString(file, "no image");
        refuses("pets/cats/7.png: is no PNG or JPEG image");
        Files.write(file, Arrays.copyOf(good, good.length / 2));
        refuses("pets/cats/7.png: is a damaged image");
        Files.write(file, Arrays.copyOf(good, 20));
        refuses("pets/cats/7.png: is a damaged image");
        Files.write(file, good);

        Path photograph = data.resolve("pets/dogs/3.jpg");
        byte[] whole = Files.readAllBytes(photograph);
        Files.write(photograph, Arrays.copyOf(whole, whole.length - 20));
        refuses("pets/dogs/3.jpg: is a damaged image");
    }

    @Test
    void refuses_a_small_file_that_unpacks_to_an_enormous_picture() throws IOException {
        Files.write(data.resolve("pets/cats/7.png"), pngHeader(100_000, 100_000));
        refuses("pets/cats/7.png: has 10000000000 pixels, more than 16777216");
    }

    @Test
    void refuses_a_class_without_images_and_a_folder_without_classes() throws IOException {
        Files.createDirectory(data.resolve("pets/fish"));
        refuses("pets/fish: this class has no image");
        Files.createDirectory(data.resolve("nothing"));
        assertThatThrownBy(() -> folder.describe("nothing", SMALL))
                .hasMessage("nothing: expected a folder for each class, 2 to 256 of them, got 0");
        Files.writeString(data.resolve("file"), "x");
        assertThatThrownBy(() -> folder.describe("file", SMALL)).hasMessageContaining("file: must be a folder");
    }

    @Test
    void refuses_names_that_lead_elsewhere_and_names_that_lead_nowhere() throws IOException {
        for (String name : new String[] {"../pets", "pets/cats", "", ".", "..", "/etc", "a\0b"}) {
            assertThatThrownBy(() -> folder.describe(name, SMALL)).hasMessageContaining("is no name of a data set");
        }
        assertThatThrownBy(() -> folder.describe("birds", SMALL))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_MISMATCH))
                .hasMessage("there is no data set 'birds' in " + data + ", only digits, pets");
        Files.createSymbolicLink(data.resolve("gone"), data.resolve("nowhere"));
        assertThatThrownBy(() -> folder.describe("gone", SMALL))
                .hasMessageContaining("gone is a link to something that does not exist");
    }

    @Test
    void refuses_shapes_that_no_image_can_have() {
        assertThatThrownBy(() -> folder.describe("pets", new ImageShape(4, 4, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be at most 1024x1024 with 1 or 3 channels, got 4x4x2");
        assertThatThrownBy(() -> folder.describe("pets", new ImageShape(4, 1025, 3)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void refuses(String message) {
        assertThatThrownBy(() -> folder.describe("pets", SMALL))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_UNREADABLE))
                .hasMessageContaining(message);
    }

    private void write(String file, String format, BufferedImage picture) throws IOException {
        Path path = data.resolve(file);
        Files.createDirectories(path.getParent());
        assertThat(ImageIO.write(picture, format, path.toFile())).isTrue();
    }

    private static BufferedImage plain(int width, int height, int color) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, color);
            }
        }
        return picture;
    }

    private static int[] pixel(Images images, int image) {
        return new int[] {images.pixel(image, 0), images.pixel(image, 1), images.pixel(image, 2)};
    }

    /** The beginning of a PNG file: all that is needed to know how large the picture is. */
    private static byte[] pngHeader(int width, int height) {
        byte[] header = ByteBuffer.allocate(17)
                .put(new byte[] {'I', 'H', 'D', 'R'})
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        CRC32 checksum = new CRC32();
        checksum.update(header);
        return ByteBuffer.allocate(33)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'})
                .putInt(13)
                .put(header)
                .putInt((int) checksum.getValue())
                .array();
    }
}
