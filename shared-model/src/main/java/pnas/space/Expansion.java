package pnas.space;

import java.util.List;
import pnas.cell.Block;
import pnas.cell.Cell;

/**
 * The candidates of a stage, each of them once.
 *
 * @param children by the text of their parents; a parent whose candidates all stand under earlier ones is not listed
 */
public record Expansion(List<Children> children) {
    public Expansion {
        children = List.copyOf(children);
    }

    /** How many candidates there are. */
    public int count() {
        return children.stream().mapToInt(child -> child.blocks().size()).sum();
    }

    /**
     * Candidates that extend one cell.
     *
     * @param parent in canonical form
     * @param blocks the block that each candidate adds, branches in canonical order, by their texts. The parent with such a block need not be in
     *     canonical form
     */
    public record Children(Cell parent, List<Block> blocks) {
        public Children {
            blocks = List.copyOf(blocks);
        }
    }
}
