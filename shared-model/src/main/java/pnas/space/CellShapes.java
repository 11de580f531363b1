package pnas.space;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.cell.Operation;

/**
 * Counts distinct cells without listing them.
 *
 * <p>A shape is a cell without its operations; there are as many as distinct cells of one operation, however many operations a space has. The
 * cells of a shape are the ways to put operations on its branches, where ways that a symmetry of the shape turns into each other are one. By Burnside's
 * lemma that is the mean, over all symmetries, of the number of ways that the symmetry leaves as they are.
 */
final class CellShapes {
    private CellShapes() {}

    static long count(int blocks, long operations) {
        List<List<Integer>> permutations = new ArrayList<>();
        collectPermutations(blocks, new ArrayList<>(), permutations);
        return shapes(blocks).stream()
                .mapToLong(shape -> cells(shape, permutations, operations))
                .sum();
    }

    private static List<Cell> shapes(int blocks) {
        SearchSpace oneOperation = new SearchSpace(List.of(Operation.IDENTITY));
        List<Cell> shapes = oneOperation.firstStage();
        for (int size = 1; size < blocks; size++) {
            shapes = oneOperation.expand(shapes).children().stream()
                    .flatMap(children -> children.blocks().stream()
                            .map(block -> children.parent().plus(block).canonical()))
                    .toList();
        }
        return shapes;
    }

    private static long cells(Cell shape, List<List<Integer>> permutations, long operations) {
        long symmetries = 0;
        long unchanged = 0;
        for (List<Integer> permutation : permutations) {
            if (isSymmetry(shape, permutation)) {
                symmetries++;
                unchanged += unchanged(shape, permutation, operations);
            }
        }
        return unchanged / symmetries;
    }

    private static boolean isSymmetry(Cell shape, List<Integer> permutation) {
        for (int i = 0; i < permutation.size(); i++) {
            Block block = shape.blocks().get(i);
            Block image = shape.blocks().get(permutation.get(i));
            // The two inputs of a block as a set of bits: their order does not matter.
            int moved = 1 << moved(left(block), permutation, 1) | 1 << moved(right(block), permutation, 1);
            if (moved != (1 << left(image) | 1 << right(image))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Ways to put operations on the branches that a symmetry leaves as they are. The operations of one block decide those of all blocks of its cycle;
     * going round the cycle once must bring them back.
     */
    private static long unchanged(Cell shape, List<Integer> symmetry, long operations) {
        long ways = 1;
        Set<Integer> visited = new HashSet<>();
        for (int i = 0; i < symmetry.size(); i++) {
            int length = 0;
            for (int j = i; visited.add(j); j = symmetry.get(j)) {
                length++;
            }
            if (length > 0) {
                int left = left(shape.blocks().get(i));
                int right = right(shape.blocks().get(i));
                if (left == right) {
                    // Swapping the branches changes nothing, so only the pair of operations counts, not its order.
                    ways *= operations * (operations + 1) / 2;
                } else if (moved(left, symmetry, length) == left) {
                    ways *= operations * operations;
                } else {
                    // The two inputs changed places, so both carry the same operation.
                    ways *= operations;
                }
            }
        }
        return ways;
    }

    /** The input that an input becomes when blocks are permuted so many times. */
    private static int moved(int input, List<Integer> permutation, int times) {
        int index = input;
        for (int i = 0; i < times && index >= 2; i++) {
            index = 2 + permutation.get(index - 2);
        }
        return index;
    }

    private static int left(Block block) {
        return block.left().input().index();
    }

    private static int right(Block block) {
        return block.right().input().index();
    }

    private static void collectPermutations(int size, List<Integer> begun, List<List<Integer>> permutations) {
        if (begun.size() == size) {
            permutations.add(List.copyOf(begun));
            return;
        }
        for (int next = 0; next < size; next++) {
            if (!begun.contains(next)) {
                begun.addLast(next);
                collectPermutations(size, begun, permutations);
                begun.removeLast();
            }
        }
    }
}
