package pnas.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pnas.network.ImageShape;

/** How a camera was held: where the first row and the first column of its pixels belong. In the order of EXIF, which counts from 1. */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN(false, true, true),
    MIRRORED_UPSIDE_DOWN(false, false, true),
    TRANSPOSED(true, false, false),
    TURNED_RIGHT(true, true, false),
    TRANSPOSED_UPSIDE_DOWN(true, true, true),
    TURNED_LEFT(true, false, true);

    private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([1-8])");
    private static final String PNG_XMP = "XML:com.adobe.xmp\0";
    private static final int FIRST_CHUNK = 8;
    /** Length, name and checksum of a chunk of a PNG file. */
    private static final int CHUNK = 12;

    private static final int MOST_BYTES = 1 << 20;
    private static final int INTEL = 0x4949;
    private static final int FIRST_DIRECTORY = 8;
    /** Tag, type, count and value, of 2, 2, 4 and 4 bytes. */
    private static final int ENTRY = 12;

    private static final int VALUE = 8;
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;

    private final boolean swapsAxes;
    private final boolean fromTheRight;
    private final boolean fromBelow;

    /**
     * @param swapsAxes whether rows become columns, before what follows
     * @param fromTheRight whether columns are then counted from the right
     * @param fromBelow whether rows are then counted from below
     */
    Orientation(boolean swapsAxes, boolean fromTheRight, boolean fromBelow) {
        this.swapsAxes = swapsAxes;
        this.fromTheRight = fromTheRight;
        this.fromBelow = fromBelow;
    }

    /** What a PNG file says of it, wherever in the file that stands. */
    static Orientation ofPng(byte[] png) {
        ByteBuffer file = ByteBuffer.wrap(png);
        byte[] exif = null;
        byte[] xmp = null;
        int at = FIRST_CHUNK;
        while (at <= png.length - CHUNK) {
            int length = file.getInt(at);
            if (length < 0 || length > png.length - CHUNK - at) {
                break;
            }
            String name = new String(png, at + Integer.BYTES, Integer.BYTES, StandardCharsets.ISO_8859_1);
            int data = at + 2 * Integer.BYTES;
            if (name.equals("eXIf") && length <= MOST_BYTES) {
                exif = Arrays.copyOfRange(png, data, data + length);
            } else if (name.equals("iTXt") && length <= MOST_BYTES) {
                byte[] text = Arrays.copyOfRange(png, data, data + length);
                xmp = new String(text, StandardCharsets.ISO_8859_1).startsWith(PNG_XMP) ? text : xmp;
            }
            at += CHUNK + length;
        }
        return of(exif, xmp);
    }

    /**
     * What a file says of it.
     *
     * @param exif a block of EXIF, from its byte order on; null where there is none. A damaged one says nothing: it is no part of the picture
     * @param xmp a packet of XMP, which counts where EXIF says nothing
     */
    static Orientation of(byte @Nullable [] exif, byte @Nullable [] xmp) {
        int found = exif == null ? 0 : ofExif(exif);
        if (found == 0 && xmp != null) {
            Matcher matcher = XMP.matcher(new String(xmp, StandardCharsets.UTF_8));
            found = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        }
        return found >= 1 && found <= values().length ? values()[found - 1] : UPRIGHT;
    }

    /** The value of the one entry that is looked for in the first directory; 0 where there is none. */
    private static int ofExif(byte[] exif) {
        ByteBuffer block = ByteBuffer.wrap(exif);
        if (exif.length < FIRST_DIRECTORY) {
            return 0;
        }
        block.order(block.getShort(0) == INTEL ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = block.getInt(Integer.BYTES);
        if (directory < FIRST_DIRECTORY || directory > exif.length - Short.BYTES) {
            return 0;
        }
        int entries = Short.toUnsignedInt(block.getShort(directory));
        int at = directory + Short.BYTES;
        for (int entry = 0; entry < entries && at <= exif.length - ENTRY; entry++, at += ENTRY) {
            if (block.getShort(at) == ORIENTATION) {
                return block.getShort(at + Short.BYTES) == SHORT ? Short.toUnsignedInt(block.getShort(at + VALUE)) : 0;
            }
        }
        return 0;
    }

    /** The shape that becomes this one. */
    ImageShape before(ImageShape shape) {
        return swapsAxes
                ? new ImageShape(/* height= */ shape.width(), /* width= */ shape.height(), shape.channels())
                : shape;
    }

    /**
     * The picture the right way round.
     *
     * @param pixels of the shape {@link #before} this one, layout (H, W, C)
     */
    byte[] apply(byte[] pixels, ImageShape shape) {
        if (this == UPRIGHT) {
            return pixels;
        }
        int height = shape.height();
        int width = shape.width();
        int channels = shape.channels();
        byte[] turned = new byte[pixels.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int row = fromBelow ? height - 1 - y : y;
                int column = fromTheRight ? width - 1 - x : x;
                int from = swapsAxes ? column * height + row : row * width + column;
                System.arraycopy(pixels, from * channels, turned, (y * width + x) * channels, channels);
            }
        }
        return turned;
    }
}
