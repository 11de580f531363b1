package pnas.input;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads comma-separated values as RFC 4180 has them, row by row. Where the first line has semicolons or tabs and no comma, those separate the values,
 * as spreadsheets of many countries write them.
 */
public final class Csv {
    private static final int END = -1;
    /** What may be looked at to find the separator. */
    private static final int FIRST_LINE = 1 << 16;

    private final BufferedReader text;
    private final int separator;
    private int next;
    private int line = 1;

    /** @param text from the first row on */
    public Csv(BufferedReader text) throws IOException {
        this.text = text;
        this.separator = separator(text);
        this.next = text.read();
    }

    /**
     * A row.
     *
     * @param line the line of the file on which it begins, from 1
     */
    public record Row(int line, List<String> fields) {
        public Row {
            fields = List.copyOf(fields);
        }
    }

    /** The next row that is no empty line; null where there is none. */
    public @Nullable Row next() throws IOException {
        while (next != END) {
            Row row = readRow();
            if (!row.fields().equals(List.of(""))) {
                return row;
            }
        }
        return null;
    }

    private static int separator(BufferedReader text) throws IOException {
        text.mark(FIRST_LINE);
        int separator = ',';
        boolean begun = false;
        boolean quoted = false;
        for (int read = 0; read < FIRST_LINE; read++) {
            int character = text.read();
            if (character == END || (!quoted && (character == ',' || (begun && character == '\n')))) {
                separator = character == ',' ? ',' : separator;
                break;
            }
            begun |= character > ' ';
            quoted ^= character == '"';
            if (!quoted && separator == ',' && (character == ';' || character == '\t')) {
                separator = character;
            }
        }
        text.reset();
        return separator;
    }

    private Row readRow() throws IOException {
        int begun = line;
        List<String> fields = new ArrayList<>();
        boolean more = true;
        while (more) {
            StringBuilder field = new StringBuilder();
            if (next == '"') {
                readQuoted(field);
            }
            // What follows the end of the quotes up to the next separator belongs to the field as it is.
            while (next != separator && next != '\r' && next != '\n' && next != END) {
                take(field);
            }
            fields.add(field.toString());
            more = skip(separator);
        }
        skip('\r');
        line += skip('\n') ? 1 : 0;
        return new Row(begun, fields);
    }

    /** A field in quotes, where two quotes are one. */
    private void readQuoted(StringBuilder field) throws IOException {
        skip('"');
        while (next != END) {
            if (skip('"') && next != '"') {
                return;
            }
            if (next != END) {
                line += next == '\n' ? 1 : 0;
                take(field);
            }
        }
    }

    private void take(StringBuilder field) throws IOException {
        field.append((char) next);
        next = text.read();
    }

    private boolean skip(int character) throws IOException {
        boolean found = next == character;
        if (found && character != END) {
            next = text.read();
        }
        return found;
    }
}
