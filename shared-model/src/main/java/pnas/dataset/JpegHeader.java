package pnas.dataset;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOException;
import org.jspecify.annotations.Nullable;

/** What stands in a JPEG file before its first scan, and says what the values of its pixels mean. */
final class JpegHeader {
    private static final int SCAN = 0xDA;
    private static final int END = 0xD9;
    private static final int COMMENT = 0xFE;
    private static final int FIRST_APPLICATION = 0xE0;
    private static final int LAST_APPLICATION = 0xEF;
    /** Markers that no segment follows. */
    private static final List<Integer> LONE = List.of(0x01, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8);

    private static final List<Integer> NO_FRAMES = List.of(0xC4, 0xC8, 0xCC);
    private static final String JFIF = "JFIF\0";
    private static final String ADOBE = "Adobe";
    private static final String EXIF = "Exif\0\0";
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final int TRANSFORM = 11;
    private static final int COMPONENTS = 5;
    private static final int COMPONENT = 3;

    private final byte[] file;
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private int scans;
    private boolean jfif;
    private @Nullable Integer transform;
    private String components = "";
    private byte @Nullable [] exif;
    private byte @Nullable [] xmp;

    private JpegHeader(byte[] file) {
        this.file = file;
    }

    static JpegHeader of(byte[] bytes) throws IOException {
        JpegHeader header = new JpegHeader(bytes);
        header.plain.write(bytes, 0, 2);
        int at = 2;
        while (true) {
            while (at < bytes.length && bytes[at] != (byte) 0xFF) {
                at++;
            }
            while (at < bytes.length && bytes[at] == (byte) 0xFF) {
                at++;
            }
            if (at + 2 >= bytes.length || (bytes[at] & 0xFF) == END) {
                throw ImageFile.cutOff();
            }
            int marker = bytes[at] & 0xFF;
            if (marker == SCAN) {
                header.scans = at - 1;
                return header;
            }
            at++;
            if (marker != 0 && !LONE.contains(marker)) {
                int length = (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
                if (length < 2 || at + length > bytes.length) {
                    throw ImageFile.cutOff();
                }
                header.take(marker, bytes, at, length);
                at += length;
            }
        }
    }

    private void take(int marker, byte[] bytes, int at, int length) {
        if (marker < FIRST_APPLICATION || (marker > LAST_APPLICATION && marker != COMMENT)) {
            plain.write(0xFF);
            plain.write(marker);
            plain.write(bytes, at, length);
        }
        byte[] data = Arrays.copyOfRange(bytes, at + 2, at + length);
        String text = new String(data, ISO_8859_1);
        if (marker == 0xE0 && text.startsWith(JFIF)) {
            jfif = true;
        } else if (marker == 0xE1 && text.startsWith(EXIF) && exif == null) {
            exif = Arrays.copyOfRange(data, EXIF.length(), data.length);
        } else if (marker == 0xE1 && text.startsWith(XMP)) {
            xmp = Arrays.copyOfRange(data, XMP.length(), data.length);
        } else if (marker == 0xEE && text.startsWith(ADOBE) && data.length > TRANSFORM) {
            transform = data[TRANSFORM] & 0xFF;
        } else if (marker >= 0xC0 && marker <= 0xCF && !NO_FRAMES.contains(marker)) {
            StringBuilder ids = new StringBuilder();
            for (int component = COMPONENTS + 1; component < data.length; component += COMPONENT) {
                ids.append(text.charAt(component));
            }
            components = ids.toString();
        }
    }

    /**
     * The file without what programs add to it: no reader sees a profile, and none stumbles over a damaged one.
     */
    InputStream plain() {
        return new SequenceInputStream(
                new ByteArrayInputStream(plain.toByteArray()),
                new ByteArrayInputStream(file, scans, file.length - scans));
    }

    Orientation orientation() {
        return Orientation.of(exif, xmp);
    }

    /** What the values mean, by the rules of libjpeg. */
    Colors colors(int channels) throws IIOException {
        return switch (channels) {
            case 1 -> Colors.grey(255);
            case 3 -> isRgb() ? Colors.rgb() : Colors.ycc();
            case 4 -> transform == null || transform == 0 ? Colors.cmyk() : Colors.ycck();
            default -> throw new IIOException("it has " + channels + " channels");
        };
    }

    private boolean isRgb() {
        if (jfif) {
            return false;
        }
        return transform == null ? components.equals("RGB") : transform == 0;
    }
}
