package pnas.dataset;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import pnas.network.ImageShape;

/** One PNG or JPEG file. */
final class ImageFile {
    private static final int MOST_BYTES = 64 << 20;
    /** What a picture may unpack to; its header says so before any of it is unpacked. */
    private static final long MOST_PIXELS = 1 << 24;

    private ImageFile() {}

    /**
     * The pixels of a file, scaled to a shape whatever its own proportions.
     *
     * @param name what failures call the file
     * @param shape one channel for grey values (of sRGB: 0.299 R + 0.587 G + 0.114 B) or three for red, green and blue
     * @return 0 to 255, layout (H, W, C)
     */
    static byte[] read(Path file, String name, ImageShape shape) throws IOException {
        BufferedImage picture = decode(SourceFile.read(file, name, MOST_BYTES), name);
        AreaScaling scaling = new AreaScaling(picture.getWidth(), picture.getHeight(), shape);
        int[] row = new int[picture.getWidth()];
        for (int y = 0; y < picture.getHeight(); y++) {
            readRow(picture, y, row);
            scaling.add(row);
        }
        return scaling.pixels();
    }

    private static BufferedImage decode(byte[] bytes, String name) {
        ImageReader reader =
                ImageIO.getImageReadersByFormatName(format(bytes, name)).next();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(stream, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MOST_PIXELS) {
                throw SourceFile.unreadable(name, "has " + pixels + " pixels, more than " + MOST_PIXELS);
            }
            reader.addIIOReadWarningListener((source, warning) -> {
                throw SourceFile.unreadable(name, "is a damaged image: " + warning);
            });
            return reader.read(0);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw SourceFile.unreadable(name, "is a damaged image: " + e.getMessage());
        } finally {
            reader.dispose();
        }
    }

    private static String format(byte[] bytes, String name) {
        if (begins(bytes, 0x89, 'P', 'N', 'G')) {
            return "png";
        }
        if (begins(bytes, 0xFF, 0xD8, 0xFF)) {
            return "jpeg";
        }
        throw SourceFile.unreadable(name, "is no PNG or JPEG image");
    }

    private static boolean begins(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (bytes.length <= i || (bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** One row as 0xRRGGBB. */
    private static void readRow(BufferedImage picture, int y, int[] row) {
        ColorModel colors = picture.getColorModel();
        if (colors instanceof IndexColorModel || colors.getColorSpace().getType() != ColorSpace.TYPE_GRAY) {
            picture.getRGB(0, y, row.length, 1, row, 0, row.length);
            return;
        }
        // Java takes grey values for linear light and would make them brighter on the way to RGB.
        int most = (1 << colors.getComponentSize(0)) - 1;
        picture.getRaster().getSamples(0, y, row.length, 1, 0, row);
        for (int x = 0; x < row.length; x++) {
            row[x] = row[x] * 255 / most * 0x010101;
        }
    }
}
