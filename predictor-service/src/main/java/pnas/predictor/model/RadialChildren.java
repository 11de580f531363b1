package pnas.predictor.model;

import java.util.List;
import pnas.predictor.encoding.CellFeatures;

/**
 * A radial sum for all children of a cell at once. The features of a child are a + d, where d, what the new block adds to the sums over blocks, is one
 * of few kinds, and a, the rest, is one of a few for each parent. Because
 *
 * <pre>exp(−|a + d − x|²/2) = exp(−|a − x|²/2) · exp(d·x) · exp(−a·d − |d|²/2)</pre>
 *
 * the sum over the learnt cells x is one product of two rows for each child: the first is one of its parent's few, the second one of the few kinds',
 * which are the same for all parents.
 */
final class RadialChildren {
    /** The factors above are used while each exponent is smaller, far from the 700 at which a double overflows. */
    private static final double LARGEST_EXPONENT = 200;

    private final KernelSum.Radial sum;
    /** By kind, in scaled columns. */
    private final double[][] contributions;
    /** exp(d·x), kinds x learnt cells. */
    private final double[][] likeness;

    private final double longestContribution;
    private final double longestLearnt;

    /**
     * @param sum the sum
     * @param blocks number of blocks of the children
     */
    RadialChildren(KernelSum.Radial sum, int blocks) {
        this.sum = sum;
        double[][] unscaled = CellFeatures.contributions(blocks);
        contributions = new double[unscaled.length][];
        double longest = 0;
        for (int kind = 0; kind < unscaled.length; kind++) {
            contributions[kind] = sum.columns().scaleDifference(unscaled[kind]);
            longest = Math.max(longest, length(contributions[kind]));
        }
        longestContribution = longest;
        double[][] learnt = sum.learnt();
        likeness = new double[contributions.length][learnt.length];
        longest = 0;
        for (int i = 0; i < learnt.length; i++) {
            for (int kind = 0; kind < contributions.length; kind++) {
                likeness[kind][i] = StrictMath.exp(KernelTerm.dot(contributions[kind], learnt[i]));
            }
            longest = Math.max(longest, length(learnt[i]));
        }
        longestLearnt = longest;
    }

    /**
     * The sums for the children of a parent.
     *
     * @param rests the children's features without what the new block adds to the sums over blocks: each different one once
     */
    Family family(List<double[]> rests) {
        double[][] scaled = rests.stream().map(sum.columns()::scale).toArray(double[][]::new);
        double longest = longestLearnt;
        for (double[] rest : scaled) {
            longest = Math.max(longest, length(rest));
        }
        if (longestContribution * Math.max(longest, longestContribution) > LARGEST_EXPONENT) {
            return (rest, kind) -> sum.atScaled(add(scaled[rest], contributions[kind]));
        }
        double[][] learnt = sum.learnt();
        double[][] weights = new double[scaled.length][learnt.length];
        for (int rest = 0; rest < scaled.length; rest++) {
            for (int i = 0; i < learnt.length; i++) {
                double distance = KernelTerm.squaredDistance(scaled[rest], learnt[i]);
                weights[rest][i] = sum.weights()[i] * StrictMath.exp(-0.5 * distance);
            }
        }
        return (rest, kind) -> {
            double[] added = contributions[kind];
            double exponent = -KernelTerm.dot(scaled[rest], added) - 0.5 * KernelTerm.dot(added, added);
            return KernelTerm.dot(weights[rest], likeness[kind]) * StrictMath.exp(exponent);
        };
    }

    /** The sums of one parent's children. */
    @FunctionalInterface
    interface Family {
        /**
         * The sum for a child.
         *
         * @param rest place of its rest among those that were given
         * @param kind of its new block
         */
        double at(int rest, int kind);
    }

    private static double[] add(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    private static double length(double[] vector) {
        return Math.sqrt(KernelTerm.dot(vector, vector));
    }
}
