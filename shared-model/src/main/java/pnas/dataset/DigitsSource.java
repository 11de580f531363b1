package pnas.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import pnas.message.DataSet;

/** The digits that ship with the project: one image a line, 64 pixels of 0 to 16 row by row, then the class. */
final class DigitsSource implements ImageSource {
    private static final String RESOURCE = "digits.csv.gz";
    private static final DataSet SPLIT = DataSet.digits(0);
    private static final int PIXELS = 64;
    private static final int BRIGHTEST = 16;
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}");

    @Override
    public Contents read(ImageSink sink) throws IOException {
        try (InputStream resource = DigitsSource.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new FileNotFoundException("the application was packaged without " + RESOURCE);
            }
            parse(RESOURCE, new GZIPInputStream(resource), sink);
        }
        return new Contents(
                sink.contentHash(),
                SPLIT.image(),
                SPLIT.classes(),
                sink.size(),
                SPLIT.test(),
                false,
                SPLIT.validation());
    }

    @Override
    public int brightest() {
        return BRIGHTEST;
    }

    @Override
    public String fingerprint() {
        return RESOURCE;
    }

    static void parse(String file, InputStream csv, ImageSink sink) throws IOException {
        byte[] text = csv.readNBytes(MAX_BYTES + 1);
        if (text.length > MAX_BYTES) {
            throw SourceFile.unreadable(file, "has more than " + MAX_BYTES + " bytes");
        }
        List<String> lines = new String(text, StandardCharsets.US_ASCII).lines().toList();
        for (int record = 0; record < lines.size(); record++) {
            String where = file + " record " + (record + 1);
            String[] values = lines.get(record).split(",", -1);
            if (values.length != PIXELS + 1) {
                throw SourceFile.unreadable(where, "expected " + (PIXELS + 1) + " values, got " + values.length);
            }
            byte[] pixels = new byte[PIXELS];
            for (int position = 0; position < PIXELS; position++) {
                pixels[position] = value(where, "pixel " + (position + 1), values[position], BRIGHTEST);
            }
            sink.take(value(where, "class", values[PIXELS], SPLIT.classes() - 1), pixels);
        }
    }

    private static byte value(String where, String what, String text, int most) {
        if (NUMBER.matcher(text).matches()) {
            int value = Integer.parseInt(text);
            if (value <= most) {
                return (byte) value;
            }
        }
        throw SourceFile.unreadable(where, what + " must be 0 to " + most + ", got '" + text + "'");
    }
}
