package pnas.oracle;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.Input;
import pnas.cell.Operation;

/**
 * A synthetic measure of cells in which operations, pairs of operations and inputs all matter, so that a predictor can be judged without
 * training.
 *
 * <p>With q the quality of an operation, C the complementarity of a pair, s what an input is worth:
 *
 * <pre>
 * s(c-1) = 1, s(c-2) = 0.85, s(block j) = (0.45 + 0.55·tanh v_j)·0.9^depth_j
 * v_b    = 0.5·(q_1·s(I_1) + q_2·s(I_2)) + 0.5·C_12 − 0.15·[both branches alike] + 0.08·[reads c-1 and c-2]
 * g      = 0.6·mean v + 0.4·max v + 0.15·ln B + 0.06·[reads c-1] + 0.05·[reads c-2] − 0.04·(depth − 2)² − 0.2·w²
 * accuracy = 0.70 + 0.22 / (1 + exp(−4·(g − 0.55)))
 * </pre>
 *
 * where w is the share of identity and pooling among the branches, and the depth of a block is one more than that of its deeper input. It knows the eight
 * operations of the paper. A later one counts as the first of its family, so that it changes the accuracy of no cell without it.
 */
public final class SyntheticOracle {
    private static final double[] BASE_QUALITY = {0.78, 0.85, 0.80, 0.62, 0.35, 0.38, 0.45, 0.66};
    private static final int OPERATIONS = BASE_QUALITY.length;

    private final double[] quality = new double[OPERATIONS];
    private final double[][] complementarity = new double[OPERATIONS][OPERATIONS];

    /**
     * Draws, in this order: for each operation of the paper in the order of {@link Operation}, q = its base + 0.08 z; then row by row a matrix of 0.12 z, of
     * which C is the sum with its transpose over √2, with −0.10 on the diagonal.
     *
     * @param normals gives z, standard normal
     */
    public SyntheticOracle(DoubleSupplier normals) {
        for (int operation = 0; operation < OPERATIONS; operation++) {
            quality[operation] = BASE_QUALITY[operation] + 0.08 * normals.getAsDouble();
        }
        double[][] drawn = new double[OPERATIONS][OPERATIONS];
        for (double[] row : drawn) {
            for (int column = 0; column < OPERATIONS; column++) {
                row[column] = 0.12 * normals.getAsDouble();
            }
        }
        for (int row = 0; row < OPERATIONS; row++) {
            for (int column = 0; column < OPERATIONS; column++) {
                complementarity[row][column] =
                        row == column ? -0.10 : (drawn[row][column] + drawn[column][row]) / Math.sqrt(2);
            }
        }
    }

    /** The accuracy of a cell, without noise. */
    public double accuracy(Cell cell) {
        List<Block> blocks = cell.blocks();
        double[] worth = new double[blocks.size()];
        int[] depth = new int[blocks.size()];
        double sum = 0;
        double greatest = Double.NEGATIVE_INFINITY;
        int deepest = 0;
        for (int b = 0; b < worth.length; b++) {
            Branch left = blocks.get(b).left();
            Branch right = blocks.get(b).right();
            worth[b] = 0.5
                            * (quality(left) * signal(left.input(), worth, depth)
                                    + quality(right) * signal(right.input(), worth, depth))
                    + 0.5 * complementarity[known(left)][known(right)]
                    - (left.equals(right) ? 0.15 : 0)
                    + (readsBothCells(left, right) ? 0.08 : 0);
            depth[b] = 1 + Math.max(depthOf(left.input(), depth), depthOf(right.input(), depth));
            sum += worth[b];
            greatest = Math.max(greatest, worth[b]);
            deepest = Math.max(deepest, depth[b]);
        }
        double weightless = branches(cell).filter(SyntheticOracle::isWeightless).count() / (2.0 * worth.length);
        double g = 0.6 * sum / worth.length
                + 0.4 * greatest
                + 0.15 * StrictMath.log(worth.length)
                + (reads(cell, Input.PREVIOUS) ? 0.06 : 0)
                + (reads(cell, Input.BEFORE_PREVIOUS) ? 0.05 : 0)
                - 0.04 * (deepest - 2) * (deepest - 2)
                - 0.2 * weightless * weightless;
        return 0.70 + 0.22 / (1 + StrictMath.exp(-4 * (g - 0.55)));
    }

    private double quality(Branch branch) {
        return quality[known(branch)];
    }

    // The draws are defined by the order of the constants.
    @SuppressWarnings("EnumOrdinal")
    private static int known(Branch branch) {
        int operation = branch.operation().ordinal();
        return operation < OPERATIONS
                ? operation
                : Arrays.stream(Operation.values())
                        .filter(each -> each.family() == branch.operation().family())
                        .findFirst()
                        .orElseThrow()
                        .ordinal();
    }

    private static double signal(Input input, double[] worth, int[] depth) {
        if (input.isBlock()) {
            int block = input.blockNumber() - 1;
            return (0.45 + 0.55 * StrictMath.tanh(worth[block])) * StrictMath.pow(0.9, depth[block]);
        }
        return input.equals(Input.PREVIOUS) ? 1.0 : 0.85;
    }

    private static int depthOf(Input input, int[] depth) {
        return input.isBlock() ? depth[input.blockNumber() - 1] : 0;
    }

    private static boolean readsBothCells(Branch left, Branch right) {
        return !left.input().isBlock()
                && !right.input().isBlock()
                && !left.input().equals(right.input());
    }

    private static boolean reads(Cell cell, Input input) {
        return branches(cell).anyMatch(branch -> branch.input().equals(input));
    }

    private static boolean isWeightless(Branch branch) {
        return !branch.operation().family().hasWeights();
    }

    private static Stream<Branch> branches(Cell cell) {
        return cell.blocks().stream().flatMap(block -> Stream.of(block.left(), block.right()));
    }
}
