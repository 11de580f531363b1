package pnas.predictor.encoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.Input;

/** Other ways to write the same cell. */
public final class Orderings {
    private static final int FIRST_BLOCK = 2;

    private Orderings() {}

    /**
     * The same cell with its blocks and branches in random order: the next block is any of those whose inputs have been placed, each with the same
     * probability, and its branches are swapped or not.
     */
    public static Cell random(Cell cell, RandomGenerator random) {
        Set<Integer> left = new TreeSet<>();
        int[] places = new int[cell.blocks().size()];
        Arrays.fill(places, -1);
        for (int block = 0; block < places.length; block++) {
            left.add(block);
        }
        List<Block> placed = new ArrayList<>();
        while (!left.isEmpty()) {
            List<Integer> ready = left.stream()
                    .filter(block -> isPlaced(cell.blocks().get(block).left().input(), places)
                            && isPlaced(cell.blocks().get(block).right().input(), places))
                    .toList();
            Integer next = ready.get(random.nextInt(ready.size()));
            left.remove(next);
            Block block = cell.blocks().get(next);
            Branch first = renamed(block.left(), places);
            Branch second = renamed(block.right(), places);
            places[next] = placed.size();
            placed.add(random.nextBoolean() ? new Block(first, second) : new Block(second, first));
        }
        return new Cell(placed);
    }

    private static boolean isPlaced(Input input, int[] places) {
        return !input.isBlock() || places[input.index() - FIRST_BLOCK] >= 0;
    }

    private static Branch renamed(Branch branch, int[] places) {
        Input input = branch.input();
        return input.isBlock()
                ? new Branch(branch.operation(), new Input(FIRST_BLOCK + places[input.index() - FIRST_BLOCK]))
                : branch;
    }
}
