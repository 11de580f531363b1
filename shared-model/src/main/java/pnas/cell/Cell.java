package pnas.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A cell: blocks that read the outputs of the two cells before and of earlier blocks. Its output is the concatenation of all block outputs.
 *
 * <p>Two cells are <em>the same</em> when one becomes the other by swapping branches and by reordering blocks; {@link #canonical} and
 * {@link #id} do not depend on either. Being {@linkplain #equals equal} is more: the same blocks in the same order.
 *
 * @param blocks 1 to {@value #MAX_BLOCKS} blocks, each of which reads earlier ones only
 */
public record Cell(List<Block> blocks) implements Comparable<Cell> {
    /** The most blocks that a cell may have: the paper's B. */
    public static final int MAX_BLOCKS = 5;

    public Cell {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty() || blocks.size() > MAX_BLOCKS) {
            throw new IllegalArgumentException("a cell must have 1 to " + MAX_BLOCKS + " blocks, got " + blocks.size());
        }
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).latestRead() > i) {
                throw new IllegalArgumentException("block " + (i + 1) + " must read earlier blocks only, got "
                        + blocks.get(i).text());
            }
        }
    }

    /**
     * Reads the text form, for instance {@code sep5x5(c-2)+max3x3(c-2) | sep3x3(b1)+identity(c-1)}. Spaces between its parts do not matter.
     *
     * @throws CellSyntaxException where the text is no cell; it points at the error
     */
    public static Cell parse(String text) {
        return new CellParser(text).cell();
    }

    /** The text form, blocks and branches in the order that this cell has them. */
    public String text() {
        return blocks.stream().map(Block::text).collect(Collectors.joining(" | "));
    }

    /** The same cell in the order of blocks and branches whose text is the least by code point. */
    public Cell canonical() {
        long key = CellKey.of(this);
        long canonical = CellKey.canonical(key);
        return canonical == key ? this : CellKey.cell(canonical);
    }

    /** Whether this is its own {@link #canonical} form. */
    public boolean isCanonical() {
        long key = CellKey.of(this);
        return CellKey.canonical(key) == key;
    }

    /** The short name that all orderings of this cell share. */
    public CellId id() {
        return CellId.ofCanonicalText(canonical().text());
    }

    /** This cell with one more block at its end. */
    public Cell plus(Block block) {
        List<Block> more = new ArrayList<>(blocks);
        more.add(block);
        return new Cell(more);
    }

    /** Compares as the code points of the texts do. */
    @Override
    public int compareTo(Cell other) {
        return Long.compare(CellKey.of(this), CellKey.of(other));
    }

    @Override
    public String toString() {
        return text();
    }
}
