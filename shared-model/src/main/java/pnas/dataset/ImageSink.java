package pnas.dataset;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/** Takes the images of a source in their order: counts and hashes them and, where they are wanted, keeps them. */
final class ImageSink {
    private final boolean keeps;
    private final MessageDigest digest = DigestUtils.getSha256Digest();
    private final List<byte[]> pixels = new ArrayList<>();
    private final ByteArrayOutputStream labels = new ByteArrayOutputStream();
    private int size;

    private ImageSink(boolean keeps) {
        this.keeps = keeps;
    }

    static ImageSink keeping() {
        return new ImageSink(true);
    }

    static ImageSink counting() {
        return new ImageSink(false);
    }

    /**
     * Takes the next image.
     *
     * @param label 0 to 255
     * @param image layout (H, W, C); taken over
     */
    void take(int label, byte[] image) {
        digest.update((byte) label);
        digest.update(image);
        size++;
        if (keeps) {
            pixels.add(image);
            labels.write(label);
        }
    }

    int size() {
        return size;
    }

    /** The hash of all images taken. To be called once, after the last of them. */
    String contentHash() {
        return HexFormat.of().formatHex(digest.digest());
    }

    List<byte[]> pixels() {
        return pixels;
    }

    byte[] labels() {
        return labels.toByteArray();
    }
}
