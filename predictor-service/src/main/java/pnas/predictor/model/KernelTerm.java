package pnas.predictor.model;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/** One term of the kernel: how alike two cells are in some of their features, before the term's variance is applied. */
sealed interface KernelTerm {
    /** The features that the term sees. */
    ScaledColumns columns();

    /** The likeness of two cells, given by their scaled columns. */
    double covariance(double[] a, double[] b);

    /**
     * The sum over learnt cells of a weight times the likeness to a cell.
     *
     * @param learnt the scaled columns of the learnt cells, one row a cell
     * @param weights one for each learnt cell
     */
    KernelSum sum(double[][] learnt, double[] weights);

    /** Likeness grows with the agreement of the features: x · y. */
    record Linear(ScaledColumns columns) implements KernelTerm {
        @Override
        public double covariance(double[] a, double[] b) {
            return dot(a, b);
        }

        @Override
        public KernelSum sum(double[][] learnt, double[] weights) {
            double[] coefficients = new double[columns.count()];
            for (int i = 0; i < weights.length; i++) {
                for (int column = 0; column < coefficients.length; column++) {
                    coefficients[column] += weights[i] * learnt[i][column];
                }
            }
            return new KernelSum.Linear(columns, coefficients);
        }
    }

    /** Likeness falls with the distance of the features: exp(−|x − y|² / 2). */
    record Radial(ScaledColumns columns) implements KernelTerm {
        @Override
        public double covariance(double[] a, double[] b) {
            return StrictMath.exp(-0.5 * squaredDistance(a, b));
        }

        @Override
        public KernelSum sum(double[][] learnt, double[] weights) {
            return new KernelSum.Radial(columns, learnt, weights);
        }
    }

    /** The scaled columns of cells with these features, one row a cell. */
    default double[][] scale(double[][] features) {
        return Arrays.stream(features).map(columns()::scale).toArray(double[][]::new);
    }

    /** The likeness of each of these cells, given by their scaled columns, with each of them. */
    default DMatrixRMaj gram(double[][] cells) {
        DMatrixRMaj gram = new DMatrixRMaj(cells.length, cells.length);
        for (int i = 0; i < cells.length; i++) {
            for (int j = 0; j <= i; j++) {
                double covariance = covariance(cells[i], cells[j]);
                gram.unsafe_set(i, j, covariance);
                gram.unsafe_set(j, i, covariance);
            }
        }
        return gram;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
