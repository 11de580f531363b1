package pnas.cell;

/**
 * What a branch reads.
 *
 * @param index 0 is the output of the previous cell ({@code c-1}), 1 that of the cell before it ({@code c-2}), 2 and above are the outputs
 *     of the blocks {@code b1} to {@code b4} of the same cell
 */
public record Input(int index) {
    /** {@code c-1}, the output of the previous cell. */
    public static final Input PREVIOUS = new Input(0);

    /** {@code c-2}, the output of the cell before the previous one. */
    public static final Input BEFORE_PREVIOUS = new Input(1);

    /** How many inputs there are for the last block of a cell with the most blocks. */
    public static final int COUNT = 2 + Cell.MAX_BLOCKS - 1;

    public Input {
        if (index < 0 || index >= COUNT) {
            throw new IllegalArgumentException("input index must be 0 to " + (COUNT - 1) + ", got " + index);
        }
    }

    /**
     * The output of a block of the same cell.
     *
     * @param number the block, from 1; the last block of the largest cell is read by none
     */
    public static Input block(int number) {
        if (number < 1 || number >= Cell.MAX_BLOCKS) {
            throw new IllegalArgumentException(
                    "a block that is read must be 1 to " + (Cell.MAX_BLOCKS - 1) + ", got " + number);
        }
        return new Input(number + 1);
    }

    /** Whether this is the output of a block of the same cell. */
    public boolean isBlock() {
        return index >= 2;
    }

    /** Number, from 1, of the block that is read, 0 where the input is another cell's output. */
    public int blockNumber() {
        return Math.max(0, index - 1);
    }

    /** {@code c-1}, {@code c-2} or {@code b1} to {@code b4}. */
    public String text() {
        return isBlock() ? "b" + blockNumber() : "c-" + (index + 1);
    }

    @Override
    public String toString() {
        return text();
    }
}
