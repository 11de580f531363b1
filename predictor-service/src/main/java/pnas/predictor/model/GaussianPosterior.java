package pnas.predictor.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import pnas.predictor.encoding.CellFeatures;

/** A Gaussian process of mean zero that has seen the targets of some cells. Cells are given by their {@link CellFeatures#values}. */
final class GaussianPosterior {
    private final List<KernelTerm> terms;
    /** By term. */
    private final double[] variances;
    /** By term: the scaled columns of the learnt cells. */
    private final List<double[][]> learnt;

    private final MarginalLikelihood.Solved solved;
    private final List<KernelSum> sums = new ArrayList<>();

    /**
     * @param terms the terms of the kernel
     * @param features of the learnt cells, one row a cell
     * @param logVariances of each term; that of the noise may follow
     * @param solved the inverse covariance of the learnt cells and its product with their targets
     */
    GaussianPosterior(
            List<KernelTerm> terms, double[][] features, double[] logVariances, MarginalLikelihood.Solved solved) {
        this.terms = terms;
        this.solved = solved;
        variances = Arrays.stream(logVariances).map(StrictMath::exp).toArray();
        learnt = terms.stream().map(term -> term.scale(features)).toList();
        for (int term = 0; term < terms.size(); term++) {
            double variance = variances[term];
            double[] weights = Arrays.stream(solved.weights().data)
                    .map(weight -> variance * weight)
                    .toArray();
            sums.add(terms.get(term).sum(learnt.get(term), weights));
        }
    }

    /** The terms of the mean. */
    List<KernelSum> sums() {
        return sums;
    }

    /** The expected target of a cell. */
    double mean(double[] features) {
        return sums.stream().mapToDouble(sum -> sum.at(features)).sum();
    }

    /** The standard deviation of a cell's target, without the noise of a measurement. */
    double deviation(double[] features) {
        int cells = solved.weights().getNumElements();
        double prior = 0;
        DMatrixRMaj covariance = new DMatrixRMaj(cells, 1);
        for (int term = 0; term < terms.size(); term++) {
            KernelTerm kernel = terms.get(term);
            double[] scaled = kernel.columns().scale(features);
            prior += variances[term] * kernel.covariance(scaled, scaled);
            for (int i = 0; i < cells; i++) {
                covariance.add(i, 0, variances[term] * kernel.covariance(scaled, learnt.get(term)[i]));
            }
        }
        DMatrixRMaj explained = new DMatrixRMaj(cells, 1);
        CommonOps_DDRM.mult(solved.inverse(), covariance, explained);
        return Math.sqrt(Math.max(0, prior - CommonOps_DDRM.dot(covariance, explained)));
    }

    /**
     * The mean of each learnt cell without the targets of its fold, the variances being kept: y_F − (K⁻¹)_FF⁻¹ (K⁻¹ y)_F, which equals a posterior of
     * the other cells (Sundararajan and Keerthi, 2001).
     *
     * @param targets of the learnt cells
     * @param folds of the learnt cells, from 0
     * @param foldCount number of folds
     */
    double[] meansWithoutFold(double[] targets, int[] folds, int foldCount) {
        double[] means = new double[targets.length];
        for (int fold = 0; fold < foldCount; fold++) {
            int left = fold;
            int[] rows = IntStream.range(0, folds.length)
                    .filter(row -> folds[row] == left)
                    .toArray();
            if (rows.length == 0) {
                continue;
            }
            DMatrixRMaj block = new DMatrixRMaj(rows.length, rows.length);
            CommonOps_DDRM.extract(solved.inverse(), rows, rows.length, rows, rows.length, block);
            DMatrixRMaj weights = new DMatrixRMaj(rows.length, 1);
            CommonOps_DDRM.extract(solved.weights(), rows, rows.length, weights);
            LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(rows.length);
            if (!solver.setA(block)) {
                throw new IllegalStateException(
                        "the inverse covariance of " + rows.length + " cells is not positive definite");
            }
            DMatrixRMaj residuals = new DMatrixRMaj(rows.length, 1);
            solver.solve(weights, residuals);
            for (int i = 0; i < rows.length; i++) {
                means[rows[i]] = targets[rows[i]] - residuals.get(i);
            }
        }
        return means;
    }
}
