package pnas.predictor.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import pnas.predictor.encoding.CellFeatures;
import pnas.predictor.encoding.CellFeatures.Group;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.fitting.Folds;
import pnas.predictor.fitting.NormalScores;

/**
 * A Gaussian process whose kernel is a sum over groups of features, each with its own variance: linear and radial in the operations, linear in
 * the pairs, linear in what is read, radial in everything. The variances are those of maximum marginal likelihood; the target is the normal
 * score of the accuracy, for which a diverged cell ranks below every measured one.
 *
 * <p>Time grows with the cube of the number of cells; of more than {@value #MOST_CELLS} it learns the latest.
 */
final class GroupedGaussianProcess implements Predictor {
    static final int MOST_CELLS = 2048;
    /** The length of the radial term in everything: of 1/3, 1/2 and 1 the one that ranks best, see docs/search.md. */
    private static final double LENGTH_OF_EVERYTHING = 1.0 / 3;

    @Override
    public FittedGaussianProcess fit(LearningSet cells, long seed) {
        int[] learnt = cells.latest(MOST_CELLS);
        double[] accuracies = cells.accuracies();
        NormalScores scores = new NormalScores(
                IntStream.of(learnt).mapToDouble(cell -> accuracies[cell]).toArray());
        double[][] features =
                IntStream.of(learnt).mapToObj(cell -> features(cells, cell)).toArray(double[][]::new);
        List<KernelTerm> terms = terms(features);
        List<DMatrixRMaj> grams =
                terms.stream().map(term -> term.gram(term.scale(features))).toList();
        MarginalLikelihood likelihood = new MarginalLikelihood(grams, scores.scores());
        double[] logVariances = likelihood.mostLikely();
        GaussianPosterior posterior =
                new GaussianPosterior(terms, features, logVariances, likelihood.solve(logVariances));
        return new FittedGaussianProcess(posterior, scores, heldOut(cells, learnt, posterior, scores, seed));
    }

    /** The cells that were not learnt are held out as it is. */
    private static double[] heldOut(
            LearningSet cells, int[] learnt, GaussianPosterior posterior, NormalScores scores, long seed) {
        Folds folds = new Folds(cells.stages(), new SplittableRandom(seed));
        double[] learntMeans = posterior.meansWithoutFold(
                scores.scores(), IntStream.of(learnt).map(folds::of).toArray(), Folds.COUNT);
        double[] heldOut = new double[cells.size()];
        int row = 0;
        for (int cell = 0; cell < heldOut.length; cell++) {
            boolean wasLearnt = row < learnt.length && learnt[row] == cell;
            heldOut[cell] = scores.accuracy(wasLearnt ? learntMeans[row++] : posterior.mean(features(cells, cell)));
        }
        return heldOut;
    }

    private static double[] features(LearningSet cells, int cell) {
        return CellFeatures.of(cells.cells().get(cell).cell()).values();
    }

    /** The terms that have something to see in these features. */
    static List<KernelTerm> terms(double[][] features) {
        ScaledColumns operations = ScaledColumns.of(features, EnumSet.of(Group.OPERATIONS));
        List<KernelTerm> terms = new ArrayList<>();
        terms.add(new KernelTerm.Linear(operations));
        terms.add(new KernelTerm.Radial(operations));
        terms.add(new KernelTerm.Linear(ScaledColumns.of(features, EnumSet.of(Group.PAIRS))));
        terms.add(new KernelTerm.Linear(ScaledColumns.of(features, EnumSet.of(Group.INPUTS))));
        terms.add(new KernelTerm.Radial(
                ScaledColumns.of(features, EnumSet.allOf(Group.class)).times(1 / LENGTH_OF_EVERYTHING)));
        terms.removeIf(term -> term.columns().count() == 0);
        return terms;
    }
}
