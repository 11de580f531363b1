package pnas.cell;

/**
 * Two branches whose outputs are added.
 *
 * @param left the branch that is written first
 * @param right the other branch
 */
public record Block(Branch left, Branch right) implements Comparable<Block> {
    /**
     * Reads a block on its own, which may read any of {@code b1} to {@code b4}.
     *
     * @throws CellSyntaxException where the text is no block
     */
    public static Block parse(String text) {
        return new CellParser(text).block();
    }

    /** For instance {@code identity(c-1)+sep3x3(c-2)}. */
    public String text() {
        return left.text() + "+" + right.text();
    }

    /** The block with its branches in the order of their texts. */
    public Block canonical() {
        return CellKey.of(left) <= CellKey.of(right) ? this : new Block(/* left= */ right, /* right= */ left);
    }

    /** Number, from 1, of the latest block that this one reads, 0 where it reads none. */
    public int latestRead() {
        return Math.max(left.input().blockNumber(), right.input().blockNumber());
    }

    /** Compares as the code points of the texts do. */
    @Override
    public int compareTo(Block other) {
        return Integer.compare(CellKey.of(this), CellKey.of(other));
    }

    @Override
    public String toString() {
        return text();
    }
}
