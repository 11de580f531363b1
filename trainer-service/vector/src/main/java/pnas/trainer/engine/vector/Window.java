package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import pnas.network.ImageShape;

/**
 * Which pixels of a feature map each pixel of another one is made of, as places in memory: the geometry of convolutions and pools, and of their
 * passes back.
 *
 * <p>The input lies in a <em>plane</em>: rows of pixels with a margin of zeros, so that no tap asks where the map ends. With {@link Layout#BLOCKS} a
 * stride of 2 splits it into four, by even and odd rows and columns, in each of which neighbours of the output are neighbours; and rows end with a
 * gap, as blocks reach beyond them. Backward, the gradients of the outputs lie in a plane of their own, and the pixels of the input fall into {@link
 * Parity classes}, one for each place within a stride: in each the taps are the same.
 */
final class Window {
    /** How numbers of a plane are read. */
    enum Layout {
        /** One by one. */
        NUMBERS,
        /** In blocks that go along a row. */
        BLOCKS
    }

    /** A tap: rows and columns from the first pixel of the plane that an output reads, where the output is the first one. */
    record Tap(int down, int right) {}

    /**
     * The pixels of the input at one place within a stride.
     *
     * @param taps numbers of the taps that reach them
     * @param offsets of these taps in the plane of gradients
     * @param firstRow the first row of the input that is among them; every {@code strideHeight}th after it is
     * @param rows how many rows
     * @param base where in the plane of gradients the first of them reads its first tap
     */
    @SuppressWarnings("ArrayRecordComponent") // Tables that are never compared.
    record Parity(int[] taps, int[] offsets, int firstRow, int rows, int firstColumn, int columns, int base) {}

    final ImageShape input;
    final int outputHeight;
    final int outputWidth;
    final int strideHeight;
    final int strideWidth;
    /** Numbers of one image's plane. */
    final int planeSize;
    /** Numbers of a row of the plane. */
    final int planePitch;
    /** Where each tap lies, from the place of an output. */
    final int[] offsets;
    /** From a row of the output to the next one in the plane, and from a pixel to the next. */
    final int outputRowPitch;

    final int outputPixelPitch;

    private final Layout layout;
    private final int top;
    private final int left;
    private final int subPlane;
    private final int[] down;
    private final int[] right;

    /**
     * Geometry of a window.
     *
     * @param top rows of zeros above
     * @param left columns of zeros to the left
     */
    Window(ImageShape input, List<Tap> taps, int strideHeight, int strideWidth, int top, int left, Layout layout) {
        this.input = input;
        this.strideHeight = strideHeight;
        this.strideWidth = strideWidth;
        this.top = top;
        this.left = left;
        this.layout = layout;
        this.outputHeight = (input.height() + strideHeight - 1) / strideHeight;
        this.outputWidth = (input.width() + strideWidth - 1) / strideWidth;
        this.down = taps.stream().mapToInt(Tap::down).toArray();
        this.right = taps.stream().mapToInt(Tap::right).toArray();
        int height = Math.max(top + input.height(), strideHeight * (outputHeight - 1) + largest(down) + 1);
        int width = Math.max(left + input.width(), strideWidth * (outputWidth - 1) + largest(right) + 1);
        int channels = input.channels();
        boolean split = layout == Layout.BLOCKS;
        int splitHeight = split ? strideHeight : 1;
        int splitWidth = split ? strideWidth : 1;
        int rows = (height + splitHeight - 1) / splitHeight;
        int columns = (width + splitWidth - 1) / splitWidth;
        this.planePitch = Math.addExact(Math.multiplyExact(columns, channels), split ? Lanes.BLOCK : 0);
        this.subPlane = Math.multiplyExact(rows, planePitch);
        this.planeSize = Math.multiplyExact(subPlane, splitHeight * splitWidth);
        this.outputRowPitch = planePitch * strideHeight / splitHeight;
        this.outputPixelPitch = channels * strideWidth / splitWidth;
        this.offsets = IntStream.range(0, taps.size())
                .map(t -> place(down[t], right[t]))
                .toArray();
    }

    /** A square window of a convolution or a pool that keeps height and width where the stride is 1. */
    static Window of(
            ImageShape input, int height, int width, int strideHeight, int strideWidth, int dilation, Layout layout) {
        List<Tap> taps = new ArrayList<>();
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                taps.add(new Tap(i * dilation, j * dilation));
            }
        }
        return new Window(
                input,
                taps,
                strideHeight,
                strideWidth,
                dilation * (height - 1) / 2,
                dilation * (width - 1) / 2,
                layout);
    }

    private static int largest(int[] numbers) {
        return Arrays.stream(numbers).max().orElseThrow();
    }

    /** Where a pixel of the padded input lies in the plane. */
    private int place(int row, int column) {
        int channels = input.channels();
        if (layout == Layout.NUMBERS) {
            return row * planePitch + column * channels;
        }
        int part = row % strideHeight * strideWidth + column % strideWidth;
        return part * subPlane + row / strideHeight * planePitch + column / strideWidth * channels;
    }

    /** Whether the plane is nothing but the pixels of the map. */
    boolean isPlain() {
        return layout == Layout.NUMBERS && planeSize == input.area() * input.channels();
    }

    /** Whether every pixel of the input is an output, too, and in the same place. */
    boolean isDense() {
        return strideHeight == 1 && strideWidth == 1;
    }

    int taps() {
        return offsets.length;
    }

    /** Fills the plane of an image from its map. The margin is left as it is. */
    void fill(float[] m, int map, Affine norm, boolean relu, int plane, int row) {
        int channels = input.channels();
        int rowLength = input.width() * channels;
        if (isPlain()) {
            Elementwise.affine(m, map, plane, planeSize, norm, relu);
        } else if (layout == Layout.NUMBERS || isDense()) {
            for (int y = 0; y < input.height(); y++) {
                Elementwise.affine(m, map + y * rowLength, plane + place(y + top, left), rowLength, norm, relu);
            }
        } else {
            for (int y = 0; y < input.height(); y++) {
                Elementwise.affine(m, map + y * rowLength, row, rowLength, norm, relu);
                for (int x = 0; x < input.width(); x++) {
                    System.arraycopy(m, row + x * channels, m, plane + place(y + top, x + left), channels);
                }
            }
        }
    }

    /** Where the pixels of the outputs of so many images begin in their planes, which lie behind each other. */
    int[] outputs(int images, int imagePitch) {
        int[] places = new int[Math.multiplyExact(images, outputHeight * outputWidth)];
        int i = 0;
        for (int image = 0; image < images; image++) {
            for (int y = 0; y < outputHeight; y++) {
                for (int x = 0; x < outputWidth; x++) {
                    places[i++] = image * imagePitch + y * outputRowPitch + x * outputPixelPitch;
                }
            }
        }
        return places;
    }

    /**
     * Puts the pixels at one place within a stride into the maps that they are of.
     *
     * @param from where they are, rows behind each other
     * @param pitch numbers from one row to the next
     * @param to where the maps are
     */
    void scatter(float[] m, Parity parity, int from, int pitch, int to, int images) {
        int channels = input.channels();
        int length = parity.columns * channels;
        int size = FeatureMap.size(input);
        int at = from;
        for (int image = 0; image < images; image++) {
            for (int i = 0; i < parity.rows; i++) {
                int row = parity.firstRow + i * strideHeight;
                int place = to + image * size + (row * input.width() + parity.firstColumn) * channels;
                if (strideWidth == 1) {
                    System.arraycopy(m, at, m, place, length);
                } else {
                    for (int j = 0; j < parity.columns; j++) {
                        System.arraycopy(m, at + j * channels, m, place + j * strideWidth * channels, channels);
                    }
                }
                at += pitch;
            }
        }
    }

    /**
     * The plane of the gradients of the outputs.
     *
     * @param channels of the outputs
     * @param size numbers of one image's plane
     * @param origin where the first output is
     */
    record GradientPlane(int channels, int pitch, int size, int origin, List<Parity> parities) {}

    /** The plane of gradients of outputs with so many channels. */
    GradientPlane gradients(int channels) {
        int above = largest(down) / strideHeight;
        int before = largest(right) / strideWidth;
        int rows = above + Math.max(outputHeight, (input.height() - 1 + top) / strideHeight + 1);
        int columns = before + Math.max(outputWidth, (input.width() - 1 + left) / strideWidth + 1);
        int pitch = Math.addExact(Math.multiplyExact(columns, channels), layout == Layout.BLOCKS ? Lanes.BLOCK : 0);
        List<Parity> parities = new ArrayList<>();
        for (int y = 0; y < strideHeight; y++) {
            for (int x = 0; x < strideWidth; x++) {
                parities.add(parity(y, x, above, before, pitch, channels));
            }
        }
        return new GradientPlane(
                channels, pitch, Math.multiplyExact(rows, pitch), above * pitch + before * channels, parities);
    }

    private Parity parity(int y, int x, int above, int before, int pitch, int channels) {
        int[] taps = IntStream.range(0, taps())
                .filter(t -> down[t] % strideHeight == y && right[t] % strideWidth == x)
                .toArray();
        int firstRow = Math.floorMod(y - top, strideHeight);
        int firstColumn = Math.floorMod(x - left, strideWidth);
        return new Parity(
                taps,
                Arrays.stream(taps)
                        .map(t -> -(down[t] / strideHeight * pitch + right[t] / strideWidth * channels))
                        .toArray(),
                firstRow,
                Math.max(0, (input.height() - firstRow + strideHeight - 1) / strideHeight),
                firstColumn,
                Math.max(0, (input.width() - firstColumn + strideWidth - 1) / strideWidth),
                ((firstRow + top) / strideHeight + above) * pitch
                        + ((firstColumn + left) / strideWidth + before) * channels);
    }
}
