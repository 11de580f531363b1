package pnas.cell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cells packed into a {@code long}: for code that makes, compares and drops hundreds of thousands of them.
 *
 * <p>A block is two branches, each of them the rank of its operation among the operation names, from 1, then the rank of its input among the inputs
 * that it can read. The first block can read two inputs, each later one one more, so that blocks take 10, 12, 12, 14 and 14 bits, from bit 61 down;
 * missing blocks are 0. No name of an operation or input begins with another one, hence <strong>keys compare exactly as the texts of their cells do
 * by code point</strong>, also between cells of different sizes: a text that continues another one is the greater of the two.
 *
 * <p>A block by itself, wherever it stands, is an {@code int} of two branches of 7 bits: the rank of the operation from 0, then that of the input among
 * all inputs, from 1 to 7, so that no branch is 0.
 */
public final class CellKey {
    private static final int INPUT_BITS = 3;
    private static final int OPERATION_BITS = 4;
    private static final int BRANCH_BITS = OPERATION_BITS + INPUT_BITS;
    private static final int BRANCH_MASK = (1 << BRANCH_BITS) - 1;
    private static final int INPUT_MASK = (1 << INPUT_BITS) - 1;

    /** By the place of a block in its cell: how many bits its inputs take there, and how many bits the blocks after it. */
    private static final int[] INPUT_BITS_AT = {1, 2, 2, 3, 3};

    private static final int[] SHIFT_AT = {52, 40, 28, 14, 0};

    /** As many as there are ranks other than that of a missing block. */
    private static final int MOST_OPERATIONS = (1 << OPERATION_BITS) - 1;

    /** Inputs by rank are b1, b2, … b5, c-1, c-2; b5 is read by none but has its place in a renaming. */
    private static final int PREVIOUS_RANK = Cell.MAX_BLOCKS + 1;

    private static final int BEFORE_PREVIOUS_RANK = Cell.MAX_BLOCKS + 2;

    /** New ranks by old rank, 4 bits each; 0 is a block that has no place yet. */
    private static final int NO_BLOCK_RENAMED =
            PREVIOUS_RANK << (4 * PREVIOUS_RANK) | BEFORE_PREVIOUS_RANK << (4 * BEFORE_PREVIOUS_RANK);

    private static final int NOT_READY = Integer.MAX_VALUE;

    static {
        if (Operation.byText().size() > MOST_OPERATIONS) {
            throw new IllegalStateException("a cell's key has room for " + MOST_OPERATIONS + " operations, got "
                    + Operation.byText().size());
        }
    }

    private CellKey() {}

    /** The key of a cell, blocks and branches in the order that it has them. */
    public static long of(Cell cell) {
        long key = 0;
        for (int i = 0; i < cell.blocks().size(); i++) {
            key |= at(i, of(cell.blocks().get(i)));
        }
        return key;
    }

    /** The key of a block, branches in the order that it has them. */
    public static int of(Block block) {
        return of(block.left()) << BRANCH_BITS | of(block.right());
    }

    static int of(Branch branch) {
        Input input = branch.input();
        int inputRank = input.isBlock() ? input.blockNumber() : PREVIOUS_RANK + input.index();
        return Operation.byText().indexOf(branch.operation()) << INPUT_BITS | inputRank;
    }

    /** The key of a cell of {@code size} blocks with one more block at its end, which reads blocks of that cell only. */
    public static long append(long key, int size, int block) {
        return key | at(size, block);
    }

    /** The cell of a key. */
    public static Cell cell(long key) {
        int size = size(key);
        List<Block> blocks = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            int block = block(key, i);
            blocks.add(new Block(branch(block >>> BRANCH_BITS), branch(block & BRANCH_MASK)));
        }
        return new Cell(blocks);
    }

    /** The key of the cell's canonical form: the least among those of all its orderings. */
    public static long canonical(long key) {
        return least(key, 0, (1 << size(key)) - 1, NO_BLOCK_RENAMED, 0);
    }

    /**
     * In how many different orders the blocks of a cell can be written, where the order of branches within a block does not count. It is the same
     * for all cells that are the same.
     */
    public static int orderings(long key) {
        long[] found = new long[120];
        int count = collect(key, 0, (1 << size(key)) - 1, NO_BLOCK_RENAMED, 0, found, 0);
        Arrays.sort(found, 0, count);
        int different = 1;
        for (int i = 1; i < count; i++) {
            different += found[i] == found[i - 1] ? 0 : 1;
        }
        return different;
    }

    /**
     * Completes an ordering to the least one. Texts compare block by block, so the next block is the least of those that are ready. Only where two
     * blocks read the same with the same operations does the choice remain open, because it gives their readers different names.
     *
     * @param placed how many blocks have a place
     * @param remaining the other blocks, one bit each
     * @param renaming the new rank of each input
     * @param prefix the key of the blocks that have a place
     */
    private static long least(long key, int placed, int remaining, int renaming, long prefix) {
        if (remaining == 0) {
            return prefix;
        }
        int least = NOT_READY;
        int candidates = 0;
        for (int rest = remaining; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            int block = renamed(block(key, i), renaming);
            if (block < least) {
                least = block;
                candidates = 1 << i;
            } else if (block == least && block != NOT_READY) {
                candidates |= 1 << i;
            }
        }
        long result = Long.MAX_VALUE;
        for (int rest = candidates; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            long completed = least(
                    key, placed + 1, remaining & ~(1 << i), place(renaming, i, placed), prefix | at(placed, least));
            result = Math.min(result, completed);
        }
        return result;
    }

    private static int collect(
            long key, int placed, int remaining, int renaming, long prefix, long[] found, int count) {
        if (remaining == 0) {
            found[count] = prefix;
            return count + 1;
        }
        int after = count;
        for (int rest = remaining; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            int block = renamed(block(key, i), renaming);
            if (block != NOT_READY) {
                after = collect(
                        key,
                        placed + 1,
                        remaining & ~(1 << i),
                        place(renaming, i, placed),
                        prefix | at(placed, block),
                        found,
                        after);
            }
        }
        return after;
    }

    /** The block under a renaming with its lesser branch first, {@link #NOT_READY} where it reads a block without a place. */
    private static int renamed(int block, int renaming) {
        int left = renamedBranch(block >>> BRANCH_BITS, renaming);
        int right = renamedBranch(block & BRANCH_MASK, renaming);
        if ((left & INPUT_MASK) == 0 || (right & INPUT_MASK) == 0) {
            return NOT_READY;
        }
        return left <= right ? left << BRANCH_BITS | right : right << BRANCH_BITS | left;
    }

    private static int renamedBranch(int branch, int renaming) {
        return (branch & ~INPUT_MASK) | (renaming >>> (4 * (branch & INPUT_MASK)) & INPUT_MASK);
    }

    private static int place(int renaming, int block, int place) {
        return renaming | (place + 1) << (4 * (block + 1));
    }

    private static int size(long key) {
        int size = 0;
        while (size < Cell.MAX_BLOCKS && packed(key, size) != 0) {
            size++;
        }
        return size;
    }

    /** The block of a key at a place, 0 where there is none. */
    private static int block(long key, int place) {
        int packed = packed(key, place);
        if (packed == 0) {
            return 0;
        }
        int bits = OPERATION_BITS + INPUT_BITS_AT[place];
        return unpacked(packed >>> bits, place) << BRANCH_BITS | unpacked(packed & ((1 << bits) - 1), place);
    }

    private static int packed(long key, int place) {
        return (int) (key >>> SHIFT_AT[place]) & ((1 << (2 * (OPERATION_BITS + INPUT_BITS_AT[place]))) - 1);
    }

    private static long at(int place, int block) {
        int bits = OPERATION_BITS + INPUT_BITS_AT[place];
        return (long) (packedBranch(block >>> BRANCH_BITS, place) << bits | packedBranch(block & BRANCH_MASK, place))
                << SHIFT_AT[place];
    }

    /** At a place, as many blocks can be read as stand before it. Those that are no blocks come after them. */
    private static int packedBranch(int branch, int place) {
        int rank = branch & INPUT_MASK;
        int there = rank < PREVIOUS_RANK ? rank - 1 : rank - PREVIOUS_RANK + place;
        return ((branch >>> INPUT_BITS) + 1) << INPUT_BITS_AT[place] | there;
    }

    private static int unpacked(int branch, int place) {
        int there = branch & ((1 << INPUT_BITS_AT[place]) - 1);
        int rank = there < place ? there + 1 : there - place + PREVIOUS_RANK;
        return ((branch >>> INPUT_BITS_AT[place]) - 1) << INPUT_BITS | rank;
    }

    private static Branch branch(int key) {
        int rank = key & INPUT_MASK;
        Input input = rank < PREVIOUS_RANK ? Input.block(rank) : new Input(rank - PREVIOUS_RANK);
        return new Branch(Operation.byText().get(key >>> INPUT_BITS), input);
    }
}
