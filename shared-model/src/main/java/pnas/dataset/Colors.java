package pnas.dataset;

import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.util.Arrays;

/** What the values of a picture mean. */
@FunctionalInterface
interface Colors {
    /**
     * Turns a row of values into colours.
     *
     * @param samples the values of the first pixel, of the second, and so on
     * @param row gets a pixel as 0xRRGGBB at each place
     */
    void convert(int[] samples, int[] row);

    /** Those of a palette, or of grey or red, green and blue, with or without alpha, in the bits that they have. */
    static Colors of(ColorModel model) {
        if (model instanceof IndexColorModel palette) {
            int[] colors = new int[palette.getMapSize()];
            palette.getRGBs(colors);
            int[] opaque = Arrays.stream(colors)
                    .map(color -> overWhite(color & 0xFFFFFF, color >>> 24))
                    .toArray();
            return (samples, row) -> Arrays.setAll(row, x -> opaque[samples[x]]);
        }
        // Java takes grey values for linear light and would make them brighter on the way to RGB; and it would apply a
        // profile.
        int most = (1 << model.getComponentSize(0)) - 1;
        return switch (model.getNumComponents()) {
            case 1 -> grey(most);
            case 2 ->
                (samples, row) -> {
                    for (int x = 0; x < row.length; x++) {
                        row[x] = overWhite(samples[2 * x] * 255 / most * 0x010101, samples[2 * x + 1] * 255 / most);
                    }
                };
            case 3 ->
                (samples, row) -> {
                    for (int x = 0; x < row.length; x++) {
                        row[x] = rgb(samples, 3 * x, most);
                    }
                };
            case 4 ->
                (samples, row) -> {
                    for (int x = 0; x < row.length; x++) {
                        row[x] = overWhite(rgb(samples, 4 * x, most), samples[4 * x + 3] * 255 / most);
                    }
                };
            default -> throw new IllegalArgumentException("it has " + model.getNumComponents() + " channels");
        };
    }

    /** Grey values from 0 to the most. */
    static Colors grey(int most) {
        return (samples, row) -> Arrays.setAll(row, x -> samples[x] * 255 / most * 0x010101);
    }

    /** Red, green and blue of 8 bits. */
    static Colors rgb() {
        return (samples, row) -> Arrays.setAll(row, x -> pack(samples[3 * x], samples[3 * x + 1], samples[3 * x + 2]));
    }

    /** Brightness and two colour differences, as JPEG has them. */
    static Colors ycc() {
        return (samples, row) -> {
            for (int x = 0; x < row.length; x++) {
                row[x] = Ycc.rgb(samples[3 * x], samples[3 * x + 1], samples[3 * x + 2]);
            }
        };
    }

    /** Cyan, magenta, yellow and black, as JPEG has them: inverted, so that 255 is no ink. */
    static Colors cmyk() {
        return (samples, row) -> {
            for (int x = 0; x < row.length; x++) {
                row[x] = withBlack(pack(samples[4 * x], samples[4 * x + 1], samples[4 * x + 2]), samples[4 * x + 3]);
            }
        };
    }

    /** The same with the three inks as brightness and colour differences. */
    static Colors ycck() {
        return (samples, row) -> {
            for (int x = 0; x < row.length; x++) {
                int inks = 0xFFFFFF ^ Ycc.rgb(samples[4 * x], samples[4 * x + 1], samples[4 * x + 2]);
                row[x] = withBlack(inks, samples[4 * x + 3]);
            }
        };
    }

    private static int rgb(int[] samples, int at, int most) {
        return pack(samples[at] * 255 / most, samples[at + 1] * 255 / most, samples[at + 2] * 255 / most);
    }

    private static int pack(int red, int green, int blue) {
        return red << 16 | green << 8 | blue;
    }

    private static int withBlack(int color, int black) {
        return pack(part(color >> 16 & 0xFF, black), part(color >> 8 & 0xFF, black), part(color & 0xFF, black));
    }

    private static int overWhite(int color, int alpha) {
        int white = 255 - alpha;
        return pack(
                white + part(color >> 16 & 0xFF, alpha),
                white + part(color >> 8 & 0xFF, alpha),
                white + part(color & 0xFF, alpha));
    }

    private static int part(int value, int of255) {
        return (value * of255 + 127) / 255;
    }

    /** Red, green and blue of JPEG's brightness and colour differences, to the bit as libjpeg computes them. */
    final class Ycc {
        private static final int BITS = 16;
        private static final int HALF = 1 << (BITS - 1);
        private static final int[] RED = new int[256];
        private static final int[] BLUE = new int[256];
        private static final int[] GREEN_OF_RED = new int[256];
        private static final int[] GREEN_OF_BLUE = new int[256];

        static {
            for (int value = 0; value < 256; value++) {
                int difference = value - 128;
                RED[value] = (fixed(1.40200) * difference + HALF) >> BITS;
                BLUE[value] = (fixed(1.77200) * difference + HALF) >> BITS;
                GREEN_OF_RED[value] = -fixed(0.71414) * difference;
                GREEN_OF_BLUE[value] = -fixed(0.34414) * difference + HALF;
            }
        }

        private Ycc() {}

        private static int fixed(double factor) {
            return (int) (factor * (1 << BITS) + 0.5);
        }

        /** The colour as 0xRRGGBB. */
        static int rgb(int brightness, int blue, int red) {
            return clamp(brightness + RED[red]) << 16
                    | clamp(brightness + ((GREEN_OF_BLUE[blue] + GREEN_OF_RED[red]) >> BITS)) << 8
                    | clamp(brightness + BLUE[blue]);
        }

        private static int clamp(int value) {
            return Math.clamp(value, 0, 255);
        }
    }
}
