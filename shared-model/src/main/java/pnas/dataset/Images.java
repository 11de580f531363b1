package pnas.dataset;

import java.util.List;
import pnas.network.ImageShape;

/** All images of a data set in the order of their source, as bytes. */
public final class Images {
    private final Contents contents;
    private final int brightest;
    private final List<byte[]> pixels;
    private final byte[] labels;

    /**
     * Takes the arrays over.
     *
     * @param brightest the greatest value of a pixel; pixels go from 0 to it
     * @param pixels of each image, layout (H, W, C)
     * @param labels classes from 0, one for each image
     */
    Images(Contents contents, int brightest, List<byte[]> pixels, byte[] labels) {
        this.contents = contents;
        this.brightest = brightest;
        this.pixels = List.copyOf(pixels);
        this.labels = labels;
    }

    public Contents contents() {
        return contents;
    }

    public ImageShape shape() {
        return contents.image();
    }

    public int classes() {
        return contents.classes();
    }

    /** The greatest value that a pixel may have; the least is 0. */
    public int brightest() {
        return brightest;
    }

    public int size() {
        return labels.length;
    }

    /** Bytes of an image. */
    public int imageLength() {
        return Math.toIntExact(shape().area() * shape().channels());
    }

    /** The class of an image, from 0. */
    public int label(int image) {
        return labels[image] & 0xFF;
    }

    /** One pixel value, 0 to {@link #brightest}, of an image; the position counts through (H, W, C). */
    public int pixel(int image, int position) {
        return pixels.get(image)[position] & 0xFF;
    }
}
