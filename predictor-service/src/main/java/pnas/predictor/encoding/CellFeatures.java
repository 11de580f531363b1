package pnas.predictor.encoding;

import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;

/**
 * What can be counted in a cell whatever the order of its blocks and branches. Most of it is a sum over the blocks, so that a child's features are
 * its parent's and those of the new block; what is not, is its {@link #shape}.
 *
 * <p>Columns, for b blocks: fractions of the 2b operations; fractions of the b blocks with each unordered pair of
 * operations; fractions of the 2b inputs that are the previous cell, the cell before, a block; the same for each operation; number of blocks;
 * greatest and mean depth; fraction of blocks that no other block reads; fraction of blocks that read one input twice; whether the previous cell
 * and the cell before are read at all; fractions of the 2b inputs that are a block with each operation (half for each of its two). Depths and
 * the number of blocks are divided by the most blocks that a cell may have.
 */
public final class CellFeatures {
    /** What a column speaks of. */
    public enum Group {
        /** Which operations, and how many blocks. */
        OPERATIONS,
        /** Which operations are added to each other. */
        PAIRS,
        /** What the operations read. */
        INPUTS
    }

    private static final int OPERATIONS = Tokens.OPERATIONS;
    /** Eight inputs at most read a block, and so two operations each. */
    private static final int BITS_OF_A_COUNT = 5;

    /** A cell reads the two cells before it. */
    private static final int CELLS_BEFORE = 2;

    private static final int SOURCES = CELLS_BEFORE + 1;
    private static final int READINGS = OPERATIONS * SOURCES;
    private static final int FIRST_PAIR = OPERATIONS;
    private static final int FIRST_SOURCE = FIRST_PAIR + OPERATIONS * (OPERATIONS + 1) / 2;
    private static final int FIRST_READING = FIRST_SOURCE + SOURCES;
    private static final int SUMS = FIRST_READING + READINGS;
    private static final int BLOCKS = SUMS;
    private static final int GREATEST_DEPTH = SUMS + 1;
    private static final int MEAN_DEPTH = SUMS + 2;
    private static final int LEAVES = SUMS + 3;
    private static final int DOUBLED = SUMS + 4;
    private static final int FIRST_READ_CELL = SUMS + 5;
    private static final int FIRST_PRODUCER = FIRST_READ_CELL + CELLS_BEFORE;

    /** Number of features. */
    public static final int COLUMNS = FIRST_PRODUCER + OPERATIONS;

    /** Blocks fall into this many kinds that add the same to the sums. */
    public static final int KINDS = READINGS * (READINGS + 1) / 2;

    static {
        if (OPERATIONS * BITS_OF_A_COUNT > Long.SIZE) {
            throw new IllegalStateException("the counts of a block have room for " + Long.SIZE / BITS_OF_A_COUNT
                    + " operations, got " + OPERATIONS);
        }
    }

    private final int[] sums;
    /** By input index; the outputs of the cells before have depth 0. */
    private final int[] depths;
    /** By block: how often it has each operation, packed. */
    private final long[] operations;

    private int blocks;
    /** One bit for each input index that is read. */
    private int read;

    private int doubled;
    /** How often inputs read each operation: the sum of the {@link #operations} of the blocks that are read, as often as they are. */
    private long producers;

    private CellFeatures(int[] sums, int[] depths, long[] operations) {
        this.sums = sums;
        this.depths = depths;
        this.operations = operations;
    }

    /** The features of a cell. */
    public static CellFeatures of(Cell cell) {
        CellFeatures features =
                new CellFeatures(new int[SUMS], new int[CELLS_BEFORE + Cell.MAX_BLOCKS], new long[Cell.MAX_BLOCKS]);
        cell.blocks().forEach(features::add);
        return features;
    }

    /** The features of this cell with one more block. */
    public CellFeatures plus(Block block) {
        CellFeatures features = new CellFeatures(sums.clone(), depths.clone(), operations.clone());
        features.blocks = blocks;
        features.read = read;
        features.doubled = doubled;
        features.producers = producers;
        features.add(block);
        return features;
    }

    private void add(Block block) {
        count(block.left());
        count(block.right());
        sums[pair(block)]++;
        int left = block.left().input().index();
        int right = block.right().input().index();
        read |= 1 << left | 1 << right;
        doubled += left == right ? 1 : 0;
        depths[CELLS_BEFORE + blocks] = 1 + Math.max(depths[left], depths[right]);
        operations[blocks] = once(block.left()) + once(block.right());
        blocks++;
    }

    private static long once(Branch branch) {
        return 1L << (BITS_OF_A_COUNT * Tokens.of(branch.operation()));
    }

    private void count(Branch branch) {
        if (branch.input().isBlock()) {
            producers += operations[branch.input().index() - CELLS_BEFORE];
        }
        sums[Tokens.of(branch.operation())]++;
        sums[FIRST_SOURCE + source(branch)]++;
        sums[FIRST_READING + reading(branch)]++;
    }

    /** The values by column. */
    public double[] values() {
        return values(sums);
    }

    /** The values of this child of a cell without what its new block adds to the sums over blocks. */
    public double[] valuesWithoutNewBlock(CellFeatures parent) {
        return values(parent.sums);
    }

    private double[] values(int[] sums) {
        double[] values = new double[COLUMNS];
        for (int column = 0; column < SUMS; column++) {
            values[column] = sums[column] / (double) unit(column, blocks);
        }
        values[BLOCKS] = blocks / (double) Cell.MAX_BLOCKS;
        values[GREATEST_DEPTH] = greatestDepth() / (double) Cell.MAX_BLOCKS;
        values[MEAN_DEPTH] = sumOfDepths() / (double) (blocks * Cell.MAX_BLOCKS);
        values[LEAVES] = leaves() / (double) blocks;
        values[DOUBLED] = doubled / (double) blocks;
        for (int cell = 0; cell < CELLS_BEFORE; cell++) {
            values[FIRST_READ_CELL + cell] = (read >> cell) & 1;
        }
        for (int operation = 0; operation < OPERATIONS; operation++) {
            long count = (producers >> (BITS_OF_A_COUNT * operation)) & ((1 << BITS_OF_A_COUNT) - 1);
            values[FIRST_PRODUCER + operation] = count / (4.0 * blocks);
        }
        return values;
    }

    /** Equal for two cells with the same number of blocks if and only if they agree in the features that are not sums over blocks. */
    public long shape() {
        long shape = ((greatestDepth() * 32L + sumOfDepths()) * 8 + leaves()) * 8 + doubled;
        shape = (shape << CELLS_BEFORE) | (read & ((1 << CELLS_BEFORE) - 1));
        return (shape << (OPERATIONS * BITS_OF_A_COUNT)) | producers;
    }

    private int greatestDepth() {
        int greatest = 0;
        for (int depth : depths) {
            greatest = Math.max(greatest, depth);
        }
        return greatest;
    }

    private int sumOfDepths() {
        int sum = 0;
        for (int depth : depths) {
            sum += depth;
        }
        return sum;
    }

    private int leaves() {
        return blocks - Integer.bitCount(read >>> CELLS_BEFORE);
    }

    /** The kind of a block, from 0. Two blocks are of one kind where the features of cells can't tell them apart but for the shape. */
    public static int kind(Block block) {
        return unordered(reading(block.left()), reading(block.right()), READINGS);
    }

    /**
     * What blocks add to the features of a cell that are sums over its blocks, by kind.
     *
     * @param blocks number of blocks of the cell
     * @return {@link #KINDS} x {@link #COLUMNS}
     */
    public static double[][] contributions(int blocks) {
        double[][] contributions = new double[KINDS][COLUMNS];
        for (int first = 0; first < READINGS; first++) {
            for (int second = first; second < READINGS; second++) {
                double[] contribution = contributions[unordered(first, second, READINGS)];
                for (int reading : new int[] {first, second}) {
                    contribution[reading / SOURCES] += 1.0 / unit(0, blocks);
                    contribution[FIRST_SOURCE + reading % SOURCES] += 1.0 / unit(FIRST_SOURCE, blocks);
                    contribution[FIRST_READING + reading] += 1.0 / unit(FIRST_READING, blocks);
                }
                int pair = FIRST_PAIR + unordered(first / SOURCES, second / SOURCES, OPERATIONS);
                contribution[pair] += 1.0 / unit(pair, blocks);
            }
        }
        return contributions;
    }

    /** The group of a column. */
    public static Group groupOf(int column) {
        if (column < FIRST_PAIR || column == BLOCKS) {
            return Group.OPERATIONS;
        }
        return column < FIRST_SOURCE ? Group.PAIRS : Group.INPUTS;
    }

    /** What a count is a fraction of: the blocks or, with two of a kind in each block, twice as many. */
    private static int unit(int column, int blocks) {
        return column >= FIRST_PAIR && column < FIRST_SOURCE ? blocks : 2 * blocks;
    }

    private static int pair(Block block) {
        return FIRST_PAIR
                + unordered(
                        Tokens.of(block.left().operation()),
                        Tokens.of(block.right().operation()),
                        OPERATIONS);
    }

    private static int reading(Branch branch) {
        return Tokens.of(branch.operation()) * SOURCES + source(branch);
    }

    private static int source(Branch branch) {
        return Math.min(branch.input().index(), SOURCES - 1);
    }

    /** The place of the unordered pair (a, b) in (0,0), (0,1), …, (0,size−1), (1,1), …. */
    private static int unordered(int a, int b, int size) {
        int least = Math.min(a, b);
        return least * size - least * (least - 1) / 2 + Math.max(a, b) - least;
    }
}
