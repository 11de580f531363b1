package pnas.predictor.model;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrix;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;
import pnas.predictor.fitting.BoundedMinimizer;
import pnas.predictor.fitting.Objective;

/**
 * How badly logarithms of variances explain the targets: minus the logarithm of the Gaussian process's marginal likelihood (without its
 * constant) and of a weak log-normal prior, which keeps the variances of useless terms finite. The last variance is that of the noise.
 *
 * <p>With K = Σ s_g K_g + s_noise I and α = K⁻¹ y, the derivative by log s_g is −s_g/2 · Σ (α αᵀ − K⁻¹) ∘ K_g (Rasmussen and Williams, 2006,
 * equation 5.9).
 */
final class MarginalLikelihood implements Objective {
    private static final double PRIOR_MEAN = -1.5;
    private static final double PRIOR_DEVIATION = 2.5;
    private static final BoundedMinimizer MINIMIZER = new BoundedMinimizer(-9, 5, 1e-4);
    /** Added to the diagonal, so that equal cells do not make the matrix singular. */
    private static final double JITTER = 1e-6;

    private final List<DMatrixRMaj> grams;
    private final DMatrixRMaj targets;

    /**
     * @param grams the matrix of each term, cells x cells
     * @param targets what is to be explained, one value a cell
     */
    MarginalLikelihood(List<DMatrixRMaj> grams, double[] targets) {
        this.grams = List.copyOf(grams);
        this.targets = DMatrixRMaj.wrap(targets.length, 1, targets);
    }

    /** The logarithms of the most likely variances: one for each term, then that of the noise. */
    double[] mostLikely() {
        double[] start = new double[grams.size() + 1];
        Arrays.fill(start, PRIOR_MEAN);
        return MINIMIZER.minimize(this, start);
    }

    @Override
    public double evaluate(double[] logVariances, double[] gradient) {
        Solved solved = solve(logVariances);
        int cells = targets.numRows;
        double value = 0.5 * CommonOps_DDRM.dot(targets, solved.weights) + solved.halfLogDeterminant;
        double noiseTrace = 0;
        for (int i = 0; i < cells; i++) {
            double weight = solved.weights.get(i);
            noiseTrace += weight * weight - solved.inverse.unsafe_get(i, i);
        }
        for (int term = 0; term < grams.size(); term++) {
            gradient[term] = -0.5 * StrictMath.exp(logVariances[term]) * trace(solved, grams.get(term));
        }
        gradient[grams.size()] = -0.5 * StrictMath.exp(logVariances[grams.size()]) * noiseTrace;
        for (int i = 0; i < logVariances.length; i++) {
            double deviation = (logVariances[i] - PRIOR_MEAN) / PRIOR_DEVIATION;
            value += 0.5 * deviation * deviation;
            gradient[i] += deviation / PRIOR_DEVIATION;
        }
        return value;
    }

    /** Σ (α αᵀ − K⁻¹) ∘ gram. */
    private static double trace(Solved solved, DMatrixRMaj gram) {
        double[] weights = solved.weights.data;
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            int row = i * weights.length;
            double rowSum = 0;
            for (int j = 0; j < weights.length; j++) {
                rowSum += (weights[i] * weights[j] - solved.inverse.data[row + j]) * gram.data[row + j];
            }
            sum += rowSum;
        }
        return sum;
    }

    /** K⁻¹, K⁻¹ y and half the logarithm of the determinant of K. */
    Solved solve(double[] logVariances) {
        int cells = targets.numRows;
        DMatrixRMaj covariance = new DMatrixRMaj(cells, cells);
        for (int term = 0; term < grams.size(); term++) {
            CommonOps_DDRM.addEquals(covariance, StrictMath.exp(logVariances[term]), grams.get(term));
        }
        double noise = StrictMath.exp(logVariances[grams.size()]) + JITTER;
        for (int i = 0; i < cells; i++) {
            covariance.add(i, i, noise);
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(cells);
        if (!solver.setA(covariance)) {
            throw new IllegalStateException("the covariance of " + cells + " cells is not positive definite for "
                    + Arrays.toString(logVariances));
        }
        DMatrixRMaj weights = new DMatrixRMaj(cells, 1);
        solver.solve(targets, weights);
        DMatrixRMaj inverse = new DMatrixRMaj(cells, cells);
        solver.invert(inverse);
        // Of many cells the library keeps the root in blocks.
        CholeskyDecomposition_F64<? extends DMatrix> decomposition = solver.getDecomposition();
        DMatrix root = decomposition.getT(null);
        double halfLogDeterminant = 0;
        for (int i = 0; i < cells; i++) {
            halfLogDeterminant += StrictMath.log(root.get(i, i));
        }
        return new Solved(inverse, weights, halfLogDeterminant);
    }

    /**
     * @param inverse K⁻¹, cells x cells
     * @param weights K⁻¹ y, cells x 1
     * @param halfLogDeterminant log √det K
     */
    record Solved(DMatrixRMaj inverse, DMatrixRMaj weights, double halfLogDeterminant) {}
}
