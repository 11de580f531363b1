package pnas.trainer.engine.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.cell.CellId;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/** Earlier results by cell: a CSV file with the columns {@code cell,accuracy,seconds}; the cell in its text form, in any order. */
final class ReplayTable {
    private static final String HEADER = "cell,accuracy,seconds";
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
        Path file = folder.resolve(name);
        try {
            long bytes = Files.size(file);
            if (bytes > MAX_BYTES) {
                throw notInTable(
                        "table " + name + " has " + bytes + " bytes, at most " + MAX_BYTES + " are read", null);
            }
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                return new ReplayTable(name, parse(name, lines));
            }
        } catch (NoSuchFileException e) {
            throw notInTable("there is no table " + name + " in the trainer's folder of tables", e);
        } catch (IOException e) {
            throw new PnasException(ErrorCode.STORAGE_FAILURE, "cannot read table " + name + ": " + e.getMessage(), e);
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

    private static Map<CellId, ReplayAnswer> parse(String name, BufferedReader lines) throws IOException {
        String header = lines.readLine();
        if (!HEADER.equals(header)) {
            throw notInTable("table " + name + " line 1: expected the header " + HEADER, null);
        }
        Map<CellId, ReplayAnswer> answers = new HashMap<>();
        int number = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String where = "table " + name + " line " + number + ": ";
            if (answers.size() == MAX_ROWS) {
                throw notInTable(where + "at most " + MAX_ROWS + " cells are read", null);
            }
            String[] values = line.split(",", -1);
            if (values.length != 3) {
                throw notInTable(where + "expected " + HEADER + ", got " + values.length + " values", null);
            }
            try {
                ReplayAnswer answer = new ReplayAnswer(Double.parseDouble(values[1]), Double.parseDouble(values[2]));
                if (answers.put(Cell.parse(values[0]).id(), answer) != null) {
                    throw notInTable(where + "the cell stands in an earlier line too", null);
                }
            } catch (IllegalArgumentException e) {
                throw notInTable(where + e.getMessage(), e);
            }
        }
        return answers;
    }

    private static PnasException notInTable(String message, @Nullable Exception cause) {
        return new PnasException(ErrorCode.NOT_IN_TABLE, message, cause);
    }
}
