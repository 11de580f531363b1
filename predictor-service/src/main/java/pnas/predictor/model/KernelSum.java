package pnas.predictor.model;

import pnas.predictor.encoding.CellFeatures;

/** What one term of the kernel adds to a prediction: the sum over the learnt cells of their weights times their likeness to a cell. */
sealed interface KernelSum {
    /**
     * The sum for a cell.
     *
     * @param features of the cell, {@link CellFeatures#COLUMNS} of them
     */
    double at(double[] features);

    /**
     * A linear term: the sum over the learnt cells is one over the columns.
     *
     * @param columns what the term sees
     * @param coefficients one for each column
     */
    // A private part of a fit, never compared.
    @SuppressWarnings("ArrayRecordComponent")
    record Linear(ScaledColumns columns, double[] coefficients) implements KernelSum {
        @Override
        public double at(double[] features) {
            return KernelTerm.dot(coefficients, columns.scale(features));
        }
    }

    /**
     * A radial term.
     *
     * @param columns what the term sees
     * @param learnt the scaled columns of the learnt cells, one row a cell
     * @param weights one for each learnt cell
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Radial(ScaledColumns columns, double[][] learnt, double[] weights) implements KernelSum {
        @Override
        public double at(double[] features) {
            return atScaled(columns.scale(features));
        }

        double atScaled(double[] scaled) {
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * StrictMath.exp(-0.5 * KernelTerm.squaredDistance(scaled, learnt[i]));
            }
            return sum;
        }
    }
}
