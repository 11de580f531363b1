package pnas.trainer.engine.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.cell.CellId;
import pnas.failure.ErrorCode;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.input.Csv;
import pnas.input.InputFile;

/** Earlier results by cell: a CSV file with the columns {@code cell,accuracy,seconds}; the cell in its text form, in any order. */
final class ReplayTable {
    private static final List<String> HEADER = List.of("cell", "accuracy", "seconds");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_ROWS = 500_000;

    private final String name;
    private final Map<CellId, ReplayAnswer> answers;

    private ReplayTable(String name, Map<CellId, ReplayAnswer> answers) {
        this.name = name;
        this.answers = answers;
    }

    /**
     * Reads a table.
     *
     * @param name of a file in the folder
     * @throws PnasException {@code NOT_IN_TABLE} where the folder has no such table or it breaks a rule; the message names file and line
     */
    static ReplayTable read(Path folder, String name) {
        if (!NAME.matcher(name).matches()) {
            throw notInTable("a table is a file name of letters, digits, '.', '_' and '-', got '" + name + "'", null);
        }
        InputFile table = new InputFile(folder.resolve(name), "table " + name, ErrorCode.NOT_IN_TABLE);
        try (BufferedReader text = table.reader(MAX_BYTES)) {
            return new ReplayTable(name, parse(name, new Csv(text)));
        } catch (IOException e) {
            throw table.failure(e);
        }
    }

    /** The answer for a cell. */
    ReplayAnswer answer(Cell cell) {
        ReplayAnswer answer = answers.get(cell.id());
        if (answer == null) {
            throw notInTable("table " + name + " lacks cell " + cell.id() + ": " + cell.text(), null);
        }
        return answer;
    }

    private static Map<CellId, ReplayAnswer> parse(String name, Csv table) throws IOException {
        Csv.Row header = table.next();
        if (header == null || !HEADER.equals(header.fields())) {
            throw notInTable(
                    "table " + name + " line 1: expected the header " + String.join(",", HEADER) + ", got "
                            + (header == null ? "nothing" : PlainText.excerpt(String.join(",", header.fields()))),
                    null);
        }
        Map<CellId, ReplayAnswer> answers = new HashMap<>();
        for (Csv.Row row = table.next(); row != null; row = table.next()) {
            String where = "table " + name + " line " + row.line() + ": ";
            if (answers.size() == MAX_ROWS) {
                throw notInTable(where + "at most " + MAX_ROWS + " cells are read", null);
            }
            List<String> values = row.fields();
            if (values.size() != HEADER.size()) {
                throw notInTable(
                        where + "expected " + String.join(",", HEADER) + ", got " + values.size() + " values", null);
            }
            try {
                ReplayAnswer answer = new ReplayAnswer(number(values.get(1)), number(values.get(2)));
                if (answers.put(Cell.parse(values.get(0)).id(), answer) != null) {
                    throw notInTable(where + "the cell stands in an earlier line too", null);
                }
            } catch (IllegalArgumentException e) {
                throw notInTable(where + e.getMessage(), e);
            }
        }
        return answers;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number, got '" + PlainText.excerpt(text) + "'", e);
        }
    }

    private static PnasException notInTable(String message, @Nullable Exception cause) {
        return new PnasException(ErrorCode.NOT_IN_TABLE, message, cause);
    }
}
