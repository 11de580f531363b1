package pnas.predictor.encoding;

import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.cell.Input;
import pnas.cell.Operation;

/**
 * A cell as a sequence of tokens: for each block, in the order of the cell, its two inputs, then its two operations. The paper embeds inputs
 * and operations in tables of their own.
 */
public final class Tokens {
    /** Tokens of a block. */
    public static final int PER_BLOCK = 4;
    /** Different inputs. */
    public static final int INPUTS = Input.COUNT;
    /** Different operations. */
    public static final int OPERATIONS = Operation.values().length;

    private Tokens() {}

    /** First input (below {@link #INPUTS}), second input, first operation (below {@link #OPERATIONS}), second operation. */
    public static int[] of(Block block) {
        return new int[] {
            block.left().input().index(),
            block.right().input().index(),
            of(block.left().operation()),
            of(block.right().operation())
        };
    }

    /** The tokens of each block. */
    public static int[][] of(Cell cell) {
        return cell.blocks().stream().map(Tokens::of).toArray(int[][]::new);
    }

    /** The token of an operation. */
    // Tokens live as long as a fit: the order of the constants is as good as any other.
    @SuppressWarnings("EnumOrdinal")
    static int of(Operation operation) {
        return operation.ordinal();
    }
}
