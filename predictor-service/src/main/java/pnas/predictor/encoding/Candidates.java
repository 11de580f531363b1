package pnas.predictor.encoding;

import java.util.List;
import pnas.cell.Block;
import pnas.cell.Cell;

/**
 * The cells to be scored. Each is encoded as the blocks of its canonical parent, then the new block.
 *
 * @param blocks number of blocks of every candidate
 * @param families the candidates by parent, at least one; a parent may have several families
 */
public record Candidates(int blocks, List<Family> families) {
    /**
     * The candidates that extend one cell.
     *
     * @param parent a cell in canonical form
     * @param children the block that each candidate adds to it
     */
    public record Family(Cell parent, List<Block> children) {
        public Family {
            children = List.copyOf(children);
        }
    }

    public Candidates {
        families = List.copyOf(families);
        for (Family family : families) {
            if (family.parent().blocks().size() != blocks - 1) {
                throw new IllegalArgumentException("candidates of " + blocks + " blocks have a parent of "
                        + (blocks - 1) + ", got " + family.parent().text());
            }
            for (Block child : family.children()) {
                if (child.latestRead() >= blocks) {
                    throw new IllegalArgumentException(
                            "block " + blocks + " must read earlier blocks only, got " + child.text());
                }
            }
        }
        if (count(families) == 0) {
            throw new IllegalArgumentException("there must be at least one candidate, got none");
        }
    }

    /** How many candidates there are. */
    public int count() {
        return count(families);
    }

    private static int count(List<Family> families) {
        return families.stream().mapToInt(family -> family.children().size()).sum();
    }
}
