package pnas.cli.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Text in columns: numbers to the right, all else to the left, two spaces between. */
public final class Table {
    private static final String INDENT = "    ";

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    public Table row(Object... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "a row needs %d cells, got %d", rows.getFirst().size(), cells.length));
        }
        rows.add(IntStream.range(0, cells.length).mapToObj(i -> text(cells[i])).toList());
        return this;
    }

    @Override
    public String toString() {
        return toString(Integer.MAX_VALUE);
    }

    /** The table in lines of so many columns: what a row has beyond that goes on below it, indented, and so do the headings. */
    public String toString(int lineWidth) {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        List<Boolean> numeric =
                IntStream.range(0, columns).mapToObj(this::isNumeric).toList();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            int used = 0;
            for (int column = 0; column < columns; column++) {
                if (used > 0 && used + widths[column] > lineWidth) {
                    text.append(line.toString().stripTrailing()).append('\n');
                    line.setLength(0);
                    line.append(INDENT);
                    used = INDENT.length();
                }
                String cell = row.get(column);
                String padding = " ".repeat(widths[column] - cell.length());
                line.append(numeric.get(column) ? padding + cell : cell + padding)
                        .append("  ");
                used += widths[column] + 2;
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        return rows.stream().skip(1).allMatch(row -> row.get(column).matches("[-0-9.,]*"));
    }

    private static String text(Object cell) {
        return switch (cell) {
            case Integer number -> String.format(Locale.ROOT, "%,d", number);
            case Long number -> String.format(Locale.ROOT, "%,d", number);
            default -> cell.toString();
        };
    }
}
