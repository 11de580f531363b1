package pnas.space;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.CellKey;
import pnas.cell.Input;
import pnas.cell.Operation;

/**
 * All cells of a set of operations.
 *
 * @param operations one or more, each once; kept in the order of {@link Operation} whatever the order given
 */
public record SearchSpace(List<Operation> operations) {
    public SearchSpace {
        if (operations.isEmpty() || Set.copyOf(operations).size() != operations.size()) {
            throw new IllegalArgumentException("operations must be one or more, each once, got "
                    + operations.stream().map(Operation::text).toList());
        }
        operations = operations.stream().sorted().toList();
    }

    /** The space of all operations. */
    public static SearchSpace full() {
        return new SearchSpace(List.of(Operation.values()));
    }

    /** All distinct cells of one block, in canonical form, by their texts. */
    public List<Cell> firstStage() {
        return blocks(0).stream().map(block -> new Cell(List.of(block))).toList();
    }

    /**
     * Extends cells by every possible block. Candidates that are the same cell are listed once: under the parent with the least text, there with
     * the block of the least text.
     *
     * @param parents in canonical form, all with the same number of blocks, fewer than {@value Cell#MAX_BLOCKS}; their order does not matter
     */
    public Expansion expand(Collection<Cell> parents) {
        if (parents.isEmpty()) {
            return new Expansion(List.of());
        }
        int size = parents.iterator().next().blocks().size();
        requireExtensible(parents, size);
        List<Block> blocks = blocks(size);
        int[] blockKeys = blocks.stream().mapToInt(CellKey::of).toArray();
        Set<Long> seen = new HashSet<>();
        List<Expansion.Children> children = new ArrayList<>();
        for (Cell parent : parents.stream().sorted().toList()) {
            long parentKey = CellKey.of(parent);
            List<Block> fresh = new ArrayList<>();
            for (int i = 0; i < blockKeys.length; i++) {
                if (seen.add(CellKey.canonical(CellKey.append(parentKey, size, blockKeys[i])))) {
                    fresh.add(blocks.get(i));
                }
            }
            if (!fresh.isEmpty()) {
                children.add(new Expansion.Children(parent, fresh));
            }
        }
        return new Expansion(children);
    }

    /**
     * The most candidates that a stage can have: every parent with every block whose branches are in canonical order.
     *
     * @param stage number of blocks of the candidates
     * @param parents number of cells that are extended; 1, the empty cell, for stage 1
     */
    public long mostCandidates(int stage, int parents) {
        requireBlocks(stage);
        long branches = branches(stage - 1);
        return parents * (branches * (branches + 1) / 2);
    }

    /** How many cells of so many blocks there are where every order of blocks and branches counts: the size that papers give. */
    public long orderedCells(int blocks) {
        requireBlocks(blocks);
        long cells = 1;
        for (int earlier = 0; earlier < blocks; earlier++) {
            cells *= branches(earlier) * branches(earlier);
        }
        return cells;
    }

    /** How many different cells of so many blocks there are. */
    public long distinctCells(int blocks) {
        requireBlocks(blocks);
        return CellShapes.count(blocks, operations.size());
    }

    /**
     * A cell drawn uniformly from the distinct cells of so many blocks, in canonical form.
     *
     * <p>Draws an ordering of blocks and keeps it with a probability of 1 / (number of orderings of its cell), at least 1/120.
     */
    public Cell random(int blocks, RandomGenerator random) {
        requireBlocks(blocks);
        while (true) {
            long key = 0;
            for (int earlier = 0; earlier < blocks; earlier++) {
                key = CellKey.append(key, earlier, CellKey.of(randomBlock(earlier, random)));
            }
            if (random.nextInt(CellKey.orderings(key)) == 0) {
                return CellKey.cell(CellKey.canonical(key));
            }
        }
    }

    /** Uniform over blocks in canonical form: of the two orders of different branches, one is drawn anew. */
    private Block randomBlock(int earlierBlocks, RandomGenerator random) {
        while (true) {
            Block block = new Block(randomBranch(earlierBlocks, random), randomBranch(earlierBlocks, random));
            if (block.equals(block.canonical())) {
                return block;
            }
        }
    }

    private Branch randomBranch(int earlierBlocks, RandomGenerator random) {
        Operation operation = operations.get(random.nextInt(operations.size()));
        return new Branch(operation, new Input(random.nextInt(2 + earlierBlocks)));
    }

    /** All blocks in canonical form that may follow so many others, by their texts. */
    private List<Block> blocks(int earlierBlocks) {
        List<Branch> branches = operations.stream()
                .flatMap(operation -> IntStream.range(0, 2 + earlierBlocks)
                        .mapToObj(input -> new Branch(operation, new Input(input))))
                .toList();
        return branches.stream()
                .flatMap(left -> branches.stream().map(right -> new Block(left, right)))
                .filter(block -> block.equals(block.canonical()))
                .sorted()
                .toList();
    }

    private long branches(int earlierBlocks) {
        return (2L + earlierBlocks) * operations.size();
    }

    private static void requireBlocks(int blocks) {
        if (blocks < 1 || blocks > Cell.MAX_BLOCKS) {
            throw new IllegalArgumentException("blocks must be 1 to " + Cell.MAX_BLOCKS + ", got " + blocks);
        }
    }

    private static void requireExtensible(Collection<Cell> parents, int size) {
        for (Cell parent : parents) {
            if (parent.blocks().size() != size || size == Cell.MAX_BLOCKS) {
                throw new IllegalArgumentException("parents must all have the same number of blocks, at most "
                        + (Cell.MAX_BLOCKS - 1) + ", got " + parent);
            }
            if (!parent.isCanonical()) {
                throw new IllegalArgumentException("parents must be in canonical form, got " + parent);
            }
        }
    }
}
