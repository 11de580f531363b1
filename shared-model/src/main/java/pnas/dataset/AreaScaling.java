package pnas.dataset;

import pnas.network.ImageShape;

/**
 * Scales a picture: each pixel of the result is the mean of the area of the picture that it covers. In whole numbers, so that every machine gets the
 * same bytes: along each axis of P pixels that become Q, a pixel of the picture is Q units long and one of the result P.
 */
final class AreaScaling {
    private final int width;
    private final int height;
    private final ImageShape shape;
    private final long[] sums;
    private int rows;

    /** From this width and height to this shape, of one or three channels. */
    AreaScaling(int width, int height, ImageShape shape) {
        this.width = width;
        this.height = height;
        this.shape = shape;
        this.sums = new long[Math.toIntExact(shape.area() * shape.channels())];
    }

    /** Adds the next row of the picture, its pixels as 0xRRGGBB. */
    void add(int[] row) {
        int y = rows++;
        for (int outY = first(y, height, shape.height()); outY <= last(y, height, shape.height()); outY++) {
            long tall = overlap(y, outY, height, shape.height());
            for (int x = 0; x < width; x++) {
                for (int outX = first(x, width, shape.width()); outX <= last(x, width, shape.width()); outX++) {
                    add(
                            (outY * shape.width() + outX) * shape.channels(),
                            row[x],
                            tall * overlap(x, outX, width, shape.width()));
                }
            }
        }
    }

    private void add(int place, int color, long area) {
        int red = color >> 16 & 0xFF;
        int green = color >> 8 & 0xFF;
        int blue = color & 0xFF;
        if (shape.channels() == 1) {
            sums[place] += area * (299 * red + 587 * green + 114 * blue);
        } else {
            sums[place] += area * red;
            sums[place + 1] += area * green;
            sums[place + 2] += area * blue;
        }
    }

    /** The result once all rows were added, layout (H, W, C). */
    byte[] pixels() {
        long whole = (long) width * height * (shape.channels() == 1 ? 1000 : 1);
        byte[] pixels = new byte[sums.length];
        for (int i = 0; i < sums.length; i++) {
            pixels[i] = (byte) ((sums[i] + whole / 2) / whole);
        }
        return pixels;
    }

    /** The first pixel of the result that a pixel of the picture touches. */
    private static int first(int pixel, int from, int to) {
        return (int) ((long) pixel * to / from);
    }

    /** The last one. */
    private static int last(int pixel, int from, int to) {
        return (int) (((pixel + 1L) * to - 1) / from);
    }

    private static long overlap(int pixel, int out, int from, int to) {
        return Math.min((pixel + 1L) * to, (out + 1L) * from) - Math.max((long) pixel * to, (long) out * from);
    }
}
