package pnas.trainer.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.ImageShape;

/** Reads the digits: one image a line, 64 pixels of 0 to 16 row by row, then the class. */
final class DigitsReader {
    private static final String RESOURCE = "digits.csv.gz";
    private static final ImageShape SHAPE = new ImageShape(8, 8, 1);
    private static final int PIXELS = 64;
    private static final int BRIGHTEST = 16;
    private static final int CLASSES = 10;
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}");

    private DigitsReader() {}

    /** The images that ship with the project. */
    static Images read() {
        try (InputStream resource = DigitsReader.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new FileNotFoundException("the application was packaged without " + RESOURCE);
            }
            return parse(RESOURCE, new GZIPInputStream(resource));
        } catch (IOException e) {
            throw new PnasException(ErrorCode.STORAGE_FAILURE, "cannot read " + RESOURCE + ": " + e.getMessage(), e);
        }
    }

    static Images parse(String file, InputStream csv) throws IOException {
        byte[] text = csv.readNBytes(MAX_BYTES + 1);
        if (text.length > MAX_BYTES) {
            throw new PnasException(ErrorCode.STORAGE_FAILURE, file + ": has more than " + MAX_BYTES + " bytes");
        }
        List<String> lines = new String(text, StandardCharsets.US_ASCII).lines().toList();
        byte[] pixels = new byte[lines.size() * PIXELS];
        byte[] labels = new byte[lines.size()];
        for (int record = 0; record < lines.size(); record++) {
            String where = file + " record " + (record + 1);
            String[] values = lines.get(record).split(",", -1);
            if (values.length != PIXELS + 1) {
                throw new PnasException(
                        ErrorCode.STORAGE_FAILURE,
                        where + ": expected " + (PIXELS + 1) + " values, got " + values.length);
            }
            for (int position = 0; position < PIXELS; position++) {
                pixels[record * PIXELS + position] =
                        value(where, "pixel " + (position + 1), values[position], BRIGHTEST);
            }
            labels[record] = value(where, "class", values[PIXELS], CLASSES - 1);
        }
        return new Images(SHAPE, CLASSES, BRIGHTEST, pixels, labels);
    }

    private static byte value(String where, String what, String text, int most) {
        if (NUMBER.matcher(text).matches()) {
            int value = Integer.parseInt(text);
            if (value <= most) {
                return (byte) value;
            }
        }
        throw new PnasException(
                ErrorCode.STORAGE_FAILURE, where + ": " + what + " must be 0 to " + most + ", got '" + text + "'");
    }
}
