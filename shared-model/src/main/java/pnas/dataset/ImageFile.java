package pnas.dataset;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import pnas.failure.PnasException;
import pnas.network.ImageShape;

/**
 * One PNG or JPEG file. The readers of the JDK unpack it and convert nothing: what the values mean is decided here, without colour management, so that
 * the colours are those that other programs of the field read. The picture is turned as its EXIF says, and what is transparent lies over white.
 */
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
    static byte[] read(Path file, String name, ImageShape shape) {
        byte[] bytes = SourceFile.read(file, name, MOST_BYTES);
        try {
            Picture picture = decode(bytes, name);
            Raster raster = picture.raster();
            ImageShape stored = picture.orientation().before(shape);
            AreaScaling scaling = new AreaScaling(raster.getWidth(), raster.getHeight(), stored);
            int[] samples = new int[raster.getWidth() * raster.getNumBands()];
            int[] row = new int[raster.getWidth()];
            for (int y = 0; y < raster.getHeight(); y++) {
                raster.getPixels(raster.getMinX(), raster.getMinY() + y, row.length, 1, samples);
                picture.colors().convert(samples, row);
                scaling.add(row);
            }
            return picture.orientation().apply(scaling.pixels(), shape);
        } catch (PnasException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The readers of the JDK throw whatever damaged bytes lead to.
            throw SourceFile.unreadable(name, "is a damaged image: " + e.getMessage());
        }
    }

    /**
     * What was unpacked.
     *
     * @param colors what its values mean
     */
    record Picture(Raster raster, Colors colors, Orientation orientation) {}

    private static Picture decode(byte[] bytes, String name) throws IOException {
        if (begins(bytes, 0x89, 'P', 'N', 'G')) {
            return unpack("png", new ByteArrayInputStream(bytes), name, reader -> {
                BufferedImage image = reader.read(0);
                return new Picture(image.getRaster(), Colors.of(image.getColorModel()), Orientation.ofPng(bytes));
            });
        }
        if (begins(bytes, 0xFF, 0xD8, 0xFF)) {
            JpegHeader header = JpegHeader.of(bytes);
            return unpack("jpeg", header.plain(), name, reader -> {
                Raster raster = reader.readRaster(0, null);
                return new Picture(raster, header.colors(raster.getNumBands()), header.orientation());
            });
        }
        throw SourceFile.unreadable(name, "is no PNG or JPEG image");
    }

    private static Picture unpack(String format, InputStream bytes, String name, Unpacking unpacking)
            throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(bytes)) {
            reader.setInput(stream, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MOST_PIXELS) {
                throw SourceFile.unreadable(name, "has " + pixels + " pixels, more than " + MOST_PIXELS);
            }
            reader.addIIOReadWarningListener((source, warning) -> {
                throw SourceFile.unreadable(name, "is a damaged image: " + warning);
            });
            return unpacking.of(reader);
        } finally {
            reader.dispose();
        }
    }

    private interface Unpacking {
        Picture of(ImageReader reader) throws IOException;
    }

    static IIOException cutOff() {
        return new IIOException("it ends too early");
    }

    private static boolean begins(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (bytes.length <= i || (bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
