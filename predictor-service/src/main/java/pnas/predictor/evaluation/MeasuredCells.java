package pnas.predictor.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.Input;
import pnas.cell.Operation;
import pnas.failure.ErrorCode;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.input.Csv;
import pnas.input.InputFile;
import pnas.message.RankingRequest.Observation;

/**
 * A table of measured cells, in one of two forms:
 *
 * <ul>
 *   <li>with a header that names the columns {@code cell}, in its text form, and {@code accuracy}, which may be empty where a cell was not measured;
 *       other columns are ignored but {@code repeat}: rows in which it is above 0 train a cell again and are left out. So is the table of trials of an
 *       experiment.
 *   <li>without a header, {@code accuracy,in1,op1,in2,op2,…}: four columns a block, inputs by number (0 is the previous cell) and operations by the
 *       names of the published search, for instance {@code 3x3 dconv}.
 * </ul>
 *
 * A cell that stands in several orders is several observations; written twice alike, it must have the same accuracy.
 */
final class MeasuredCells {
    private static final Map<String, Operation> PUBLISHED_NAMES = Map.of(
            "3x3 dconv", Operation.SEP3X3,
            "5x5 dconv", Operation.SEP5X5,
            "7x7 dconv", Operation.SEP7X7,
            "1x7-7x1 conv", Operation.CONV1X7_7X1,
            "identity", Operation.IDENTITY,
            "3x3 avgpool", Operation.AVG3X3,
            "3x3 maxpool", Operation.MAX3X3,
            "3x3 dilconv", Operation.DIL3X3);
    private static final String CELL = "cell";
    private static final String ACCURACY = "accuracy";
    private static final String REPEAT = "repeat";
    private static final int COLUMNS_OF_BLOCK = 4;
    private static final long MOST_BYTES = 256L << 20;

    private final Path file;
    private final List<Observation> observations = new ArrayList<>();
    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(int line, double accuracy) {}

    private MeasuredCells(Path file) {
        this.file = file;
    }

    /**
     * Reads a table. The stage of a cell is its number of blocks.
     *
     * @throws PnasException with INVALID_INPUT at the first thing that is wrong; it names file, line and column
     */
    static List<Observation> read(Path file) {
        MeasuredCells cells = new MeasuredCells(file);
        List<Csv.Row> rows = cells.rows();
        if (rows.isEmpty()) {
            throw cells.wrong("has no rows");
        }
        Csv.Row first = rows.getFirst();
        int cell = first.fields().indexOf(CELL);
        int accuracy = first.fields().indexOf(ACCURACY);
        if (cell >= 0 && accuracy >= 0) {
            int repeat = first.fields().indexOf(REPEAT);
            rows.subList(1, rows.size())
                    .forEach(row -> cells.addNamed(row, first.fields().size(), cell, accuracy, repeat));
        } else if (isNumber(first.fields().getFirst())) {
            rows.forEach(cells::addPublished);
        } else {
            throw cells.wrong(
                    first.line(),
                    (cell < 0 ? CELL : ACCURACY),
                    "the header must name the columns cell and accuracy, or every row be accuracy,in1,op1,in2,op2,…;"
                            + " got "
                            + PlainText.excerpt(String.join(",", first.fields())));
        }
        if (cells.observations.isEmpty()) {
            throw cells.wrong("has no cell with an accuracy");
        }
        return cells.observations;
    }

    private List<Csv.Row> rows() {
        InputFile table = new InputFile(file, "table " + file, ErrorCode.INVALID_INPUT);
        try (BufferedReader text = table.reader(MOST_BYTES)) {
            Csv csv = new Csv(text);
            List<Csv.Row> rows = new ArrayList<>();
            for (Csv.Row row = csv.next(); row != null; row = csv.next()) {
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw table.failure(e);
        }
    }

    private void addNamed(Csv.Row row, int columns, int cell, int accuracy, int repeat) {
        if (row.fields().size() != columns) {
            throw wrong(
                    row.line(),
                    null,
                    "must have " + columns + " columns like the header, got "
                            + row.fields().size());
        }
        String measured = row.fields().get(accuracy);
        if (!measured.isEmpty() && (repeat < 0 || row.fields().get(repeat).equals("0"))) {
            add(
                    row.line(),
                    accuracy(row.line(), measured),
                    cell(row.line(), row.fields().get(cell)));
        }
    }

    private Cell cell(int line, String text) {
        try {
            return Cell.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(line, CELL, String.valueOf(e.getMessage()));
        }
    }

    private void addPublished(Csv.Row row) {
        List<String> fields = row.fields();
        double accuracy = accuracy(row.line(), fields.getFirst());
        int blocks = (fields.size() - 1) / COLUMNS_OF_BLOCK;
        if (fields.size() != 1 + blocks * COLUMNS_OF_BLOCK || blocks < 1 || blocks > Cell.MAX_BLOCKS) {
            throw wrong(
                    row.line(),
                    null,
                    "a row must have an accuracy and four columns for each of 1 to " + Cell.MAX_BLOCKS + " blocks, got "
                            + fields.size() + " columns");
        }
        List<Block> read = IntStream.range(0, blocks)
                .map(block -> 1 + block * COLUMNS_OF_BLOCK)
                .mapToObj(at -> new Block(branch(row, at), branch(row, at + 2)))
                .toList();
        try {
            add(row.line(), accuracy, new Cell(read));
        } catch (IllegalArgumentException e) {
            throw wrong(row.line(), CELL, String.valueOf(e.getMessage()));
        }
    }

    private Branch branch(Csv.Row row, int at) {
        String input = row.fields().get(at);
        if (!input.matches("[0-6]")) {
            throw wrong(
                    row.line(),
                    Integer.toString(at + 1),
                    "an input must be 0 to 6, got '" + PlainText.excerpt(input) + "'");
        }
        String name = row.fields().get(at + 1);
        Operation operation = PUBLISHED_NAMES.get(name);
        if (operation == null) {
            throw wrong(
                    row.line(),
                    Integer.toString(at + 2),
                    "an operation must be one of "
                            + String.join(
                                    ", ",
                                    PUBLISHED_NAMES.keySet().stream().sorted().toList()) + ", got '"
                            + PlainText.excerpt(name) + "'");
        }
        return new Branch(operation, new Input(Integer.parseInt(input)));
    }

    private double accuracy(int line, String text) {
        double accuracy = isNumber(text) ? Double.parseDouble(text) : Double.NaN;
        if (!(accuracy >= 0 && accuracy <= 1)) {
            throw wrong(line, ACCURACY, "must be a number from 0 to 1, got '" + PlainText.excerpt(text) + "'");
        }
        return accuracy;
    }

    private static boolean isNumber(String text) {
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    private void add(int line, double accuracy, Cell cell) {
        Seen before = seen.putIfAbsent(cell.text(), new Seen(line, accuracy));
        if (before != null && before.accuracy() != accuracy) {
            throw wrong(
                    line,
                    ACCURACY,
                    "the cell of line " + before.line() + " again, there with " + before.accuracy() + ", here with "
                            + accuracy);
        }
        observations.add(new Observation(cell, cell.blocks().size(), accuracy));
    }

    private PnasException wrong(int line, @Nullable String column, String message) {
        return wrong("line " + line + (column == null ? "" : ", column " + column) + ": " + message);
    }

    private PnasException wrong(String message) {
        return new PnasException(ErrorCode.INVALID_INPUT, "table " + file + " " + message);
    }
}
