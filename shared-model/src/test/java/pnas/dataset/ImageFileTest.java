package pnas.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.ImageShape;

/** Every colour model, depth and orientation, against what Pillow makes of it; {@code make.py} beside the files wrote both. */
class ImageFileTest {
    private static final Path IMAGES = Path.of("src/test/resources/pnas/dataset/images");
    /** Of 255. */
    private static final int TOLERANCE = 3;

    @TempDir
    private Path folder = Path.of("");

    private static Stream<Arguments> images() throws IOException {
        List<String> lines = Files.readAllLines(IMAGES.resolve("pixels.csv"));
        return lines.stream().skip(1).map(line -> Arguments.of((Object[]) line.split(",")));
    }

    @ParameterizedTest
    @MethodSource("images")
    void has_the_colours_and_the_orientation_that_pillow_reads(String file, int width, int height, String pixels) {
        byte[] right = HexFormat.of().parseHex(pixels);
        byte[] read = ImageFile.read(IMAGES.resolve(file), file, new ImageShape(height, width, 3));
        assertThat(read).hasSameSizeAs(right);
        for (int i = 0; i < right.length; i++) {
            assertThat(read[i] & 0xFF)
                    .as("row %d, column %d, channel %d".formatted(i / 3 / width, i / 3 % width, i % 3))
                    .isBetween((right[i] & 0xFF) - TOLERANCE, (right[i] & 0xFF) + TOLERANCE);
        }
    }

    @Test
    void every_image_is_in_the_table() throws IOException {
        try (Stream<Path> files = Files.list(IMAGES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".png") || name.endsWith(".jpg")))
                    .containsExactlyInAnyOrderElementsOf(
                            images().map(row -> (String) row.get()[0]).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void refuses_each_of_them_cut_off_anywhere(String file) throws IOException {
        byte[] whole = Files.readAllBytes(IMAGES.resolve(file));
        // Short of the end of the pixels: what follows them may be missing.
        int pixels = whole.length - (file.endsWith(".png") ? file.contains("late") ? 70 : 26 : 6);
        for (int length = 4; length < pixels; length += 1 + whole.length / 12) {
            Path cut = Files.write(folder.resolve(file), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ImageFile.read(cut, "pets/" + file, new ImageShape(2, 2, 3)))
                    .as(length + " of " + whole.length + " bytes")
                    .isInstanceOfSatisfying(
                            PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_UNREADABLE))
                    .hasMessageStartingWith("pets/" + file + ": is a damaged image");
        }
    }
}
