package pnas.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import pnas.failure.PlainText;

/** A recursive-descent parser of the text form of cells and blocks. Reads one text once. */
final class CellParser {
    /** Nearly three times the longest cell that is written with single spaces. */
    static final int MAX_LENGTH = 512;

    private static final List<Operation> OPERATIONS = List.of(Operation.values());
    private static final List<Input> INPUTS =
            IntStream.range(0, Input.COUNT).mapToObj(Input::new).toList();

    private final String text;
    private int position;

    CellParser(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new CellSyntaxException(
                    text.substring(0, MAX_LENGTH),
                    MAX_LENGTH,
                    "expected at most " + MAX_LENGTH + " characters, found " + text.length());
        }
        this.text = text;
    }

    Cell cell() {
        List<Block> blocks = new ArrayList<>();
        do {
            blocks.add(block(blocks.size()));
        } while (blocks.size() < Cell.MAX_BLOCKS && skip('|'));
        expectEnd(
                blocks.size() < Cell.MAX_BLOCKS
                        ? "'|' or the end of the cell"
                        : "the end of the cell after " + Cell.MAX_BLOCKS + " blocks");
        return new Cell(blocks);
    }

    Block block() {
        Block block = block(Cell.MAX_BLOCKS - 1);
        expectEnd("the end of the block");
        return block;
    }

    private Block block(int earlierBlocks) {
        Branch left = branch(earlierBlocks);
        expect('+');
        return new Block(left, branch(earlierBlocks));
    }

    private Branch branch(int earlierBlocks) {
        Operation operation = choice("an operation", OPERATIONS, Operation::text);
        expect('(');
        Input input = choice("an input", INPUTS.subList(0, 2 + earlierBlocks), Input::text);
        expect(')');
        return new Branch(operation, input);
    }

    private <T> T choice(String what, List<T> choices, Function<T, String> name) {
        skipSpaces();
        String word = word();
        for (T choice : choices) {
            if (name.apply(choice).equals(word)) {
                position += word.length();
                return choice;
            }
        }
        throw failure(what + choices.stream().map(name).collect(Collectors.joining(", ", " (", ")")));
    }

    private void expect(char symbol) {
        if (!skip(symbol)) {
            throw failure("'" + symbol + "'");
        }
    }

    private void expectEnd(String expected) {
        skipSpaces();
        if (position < text.length()) {
            throw failure(expected);
        }
    }

    private boolean skip(char symbol) {
        skipSpaces();
        boolean found = position < text.length() && text.charAt(position) == symbol;
        if (found) {
            position++;
        }
        return found;
    }

    private void skipSpaces() {
        while (position < text.length() && text.charAt(position) == ' ') {
            position++;
        }
    }

    /** The name that begins here, empty where none does. */
    private String word() {
        int end = position;
        while (end < text.length() && isPartOfName(text.charAt(end))) {
            end++;
        }
        return text.substring(position, end);
    }

    private static boolean isPartOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private CellSyntaxException failure(String expected) {
        String found;
        if (position == text.length()) {
            found = "the end of the text";
        } else {
            String word = word();
            found = "'" + PlainText.excerpt(word.isEmpty() ? text.substring(position, position + 1) : word) + "'";
        }
        return new CellSyntaxException(text, position, "expected " + expected + ", found " + found);
    }
}
