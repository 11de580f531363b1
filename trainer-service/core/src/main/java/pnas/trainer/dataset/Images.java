package pnas.trainer.dataset;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import pnas.network.ImageShape;

/** All images of a data set in the order of their source, as bytes. Nobody changes the arrays. */
final class Images {
    private final ImageShape shape;
    private final int classes;
    private final int brightest;
    private final byte[] pixels;
    private final byte[] labels;

    /**
     * Takes the arrays over.
     *
     * @param brightest the greatest value of a pixel; pixels go from 0 to it
     * @param pixels layout (N, H, W, C)
     * @param labels classes from 0, one for each image
     */
    Images(ImageShape shape, int classes, int brightest, byte[] pixels, byte[] labels) {
        this.shape = shape;
        this.classes = classes;
        this.brightest = brightest;
        this.pixels = pixels;
        this.labels = labels;
        if (pixels.length != labels.length * imageLength()) {
            throw new IllegalArgumentException(
                    labels.length + " images of " + shape + " do not have " + pixels.length + " pixels");
        }
    }

    ImageShape shape() {
        return shape;
    }

    int classes() {
        return classes;
    }

    int brightest() {
        return brightest;
    }

    int size() {
        return labels.length;
    }

    int imageLength() {
        return shape.height() * shape.width() * shape.channels();
    }

    int label(int image) {
        return labels[image] & 0xFF;
    }

    /** One pixel value, 0 to {@link #brightest}, of an image; the position counts through (H, W, C). */
    int pixel(int image, int position) {
        return pixels[image * imageLength() + position] & 0xFF;
    }

    /** SHA-256 over all records in the order of the source: one byte of label, then the bytes of the image. */
    String contentHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int image = 0; image < size(); image++) {
                digest.update(labels[image]);
                digest.update(pixels, image * imageLength(), imageLength());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
