package pnas.predictor.evaluation;

import java.util.ArrayList;
import java.util.List;

/** Reads comma-separated values as RFC 4180 has them. */
final class Csv {
    private final String text;
    private final List<Row> rows = new ArrayList<>();
    private List<String> fields = new ArrayList<>();
    private int at;
    private int line = 1;

    private Csv(String text) {
        this.text = text;
    }

    /**
     * A row.
     *
     * @param line the line of the file on which it begins, from 1
     */
    record Row(int line, List<String> fields) {
        Row {
            fields = List.copyOf(fields);
        }
    }

    /** All rows; empty lines are none. */
    static List<Row> read(String text) {
        Csv csv = new Csv(text);
        while (csv.at < text.length()) {
            csv.readRow();
        }
        return csv.rows;
    }

    private void readRow() {
        int begun = line;
        fields = new ArrayList<>();
        boolean more = true;
        while (more) {
            fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            more = at < text.length() && text.charAt(at) == ',';
            at += more ? 1 : 0;
        }
        skip('\r');
        line += skip('\n') ? 1 : 0;
        if (!fields.equals(List.of(""))) {
            rows.add(new Row(begun, fields));
        }
    }

    private boolean skip(char character) {
        boolean found = at < text.length() && text.charAt(at) == character;
        at += found ? 1 : 0;
        return found;
    }

    private String plain() {
        int from = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    /** A field in quotes, where two quotes are one; what follows its end up to the next comma belongs to it as it is. */
    private String quoted() {
        StringBuilder field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character == '"') {
                at++;
                if (!(at < text.length() && text.charAt(at) == '"')) {
                    break;
                }
            }
            line += character == '\n' ? 1 : 0;
            field.append(character);
        }
        return field.append(plain()).toString();
    }
}
