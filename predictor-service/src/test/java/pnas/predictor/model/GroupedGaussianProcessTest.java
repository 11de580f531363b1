package pnas.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.predictor.encoding.CellFeatures;
import pnas.predictor.fitting.Folds;
import pnas.predictor.fitting.NormalScores;

/** Against golden numbers that numpy and scipy computed from an independent program for the same cells. */
final class GroupedGaussianProcessTest {
    private static final double PRECISION = 1e-8;

    private final JsonNode golden = golden();
    private final double[] targets = new NormalScores(numbers(golden.get("learnt"), "accuracy")).scores();
    private final double[] logVariances = numbers(golden.get("logVariances"));
    private final double[][] features = features(golden.get("learnt"));
    private final List<KernelTerm> terms = GroupedGaussianProcess.terms(features);
    private final MarginalLikelihood likelihood = new MarginalLikelihood(
            terms.stream().map(term -> term.gram(term.scale(features))).toList(), targets);
    private final GaussianPosterior posterior =
            new GaussianPosterior(terms, features, logVariances, likelihood.solve(logVariances));

    @Test
    void ranks_by_normal_scores_with_diverged_cells_last() {
        assertThat(targets).containsExactly(numbers(golden.get("learnt"), "score"), within(PRECISION));
    }

    @Test
    void weighs_variances_as_the_golden_program_does() {
        double[] gradient = new double[logVariances.length];
        assertThat(likelihood.evaluate(logVariances, gradient))
                .isCloseTo(golden.get("value").asDouble(), within(PRECISION));
        assertThat(gradient).containsExactly(numbers(golden.get("gradient")), within(PRECISION));
    }

    @Test
    void differentiates_the_likelihood_as_finite_differences_do() {
        double step = 1e-5;
        double[] gradient = new double[logVariances.length];
        double[] ignored = new double[logVariances.length];
        likelihood.evaluate(logVariances, gradient);
        for (int i = 0; i < gradient.length; i++) {
            double[] above = logVariances.clone();
            double[] below = logVariances.clone();
            above[i] += step;
            below[i] -= step;
            double slope = (likelihood.evaluate(above, ignored) - likelihood.evaluate(below, ignored)) / (2 * step);
            assertThat(gradient[i]).isCloseTo(slope, within(1e-6));
        }
    }

    @Test
    void finds_the_most_likely_variances() {
        double[] found = likelihood.mostLikely();
        assertThat(found).containsExactly(numbers(golden.get("mostLikely")), within(1e-3));
        assertThat(likelihood.evaluate(found, new double[found.length]))
                .isCloseTo(golden.get("leastValue").asDouble(), within(1e-7));
    }

    @Test
    void predicts_mean_and_deviation_as_the_golden_program_does() {
        JsonNode predicted = golden.get("predicted");
        double[][] cells = features(predicted);
        assertThat(IntStream.range(0, cells.length)
                        .mapToDouble(i -> posterior.mean(cells[i]))
                        .toArray())
                .containsExactly(numbers(predicted, "mean"), within(PRECISION));
        assertThat(IntStream.range(0, cells.length)
                        .mapToDouble(i -> posterior.deviation(cells[i]))
                        .toArray())
                .containsExactly(numbers(predicted, "deviation"), within(PRECISION));
    }

    @Test
    void predicts_a_fold_as_a_posterior_of_the_other_cells_does() {
        int[] folds =
                IntStream.range(0, targets.length).map(i -> i % Folds.COUNT).toArray();
        assertThat(posterior.meansWithoutFold(targets, folds, Folds.COUNT))
                .containsExactly(numbers(golden.get("learnt"), "meanWithoutFold"), within(PRECISION));
    }

    @Test
    void solves_for_so_many_cells_that_the_library_keeps_them_in_blocks() {
        int cells = 1_100;
        double[] ones = new double[cells];
        Arrays.fill(ones, 1);
        MarginalLikelihood many = new MarginalLikelihood(List.of(CommonOps_DDRM.identity(cells)), ones);
        MarginalLikelihood.Solved solved = many.solve(new double[] {Math.log(2), Math.log(1)});
        assertThat(solved.halfLogDeterminant()).isCloseTo(cells * 0.5 * Math.log(3), within(1e-3));
        assertThat(solved.inverse().get(1_000, 1_000)).isCloseTo(1 / 3.0, within(1e-6));
        assertThat(solved.weights().get(1_099)).isCloseTo(1 / 3.0, within(1e-6));
    }

    private static double[][] features(JsonNode cells) {
        return StreamSupport.stream(cells.spliterator(), false)
                .map(node ->
                        CellFeatures.of(Cell.parse(node.get("cell").asText())).values())
                .toArray(double[][]::new);
    }

    private static double[] numbers(JsonNode objects, String field) {
        return StreamSupport.stream(objects.spliterator(), false)
                .mapToDouble(node -> node.get(field).asDouble(Double.NaN))
                .toArray();
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static JsonNode golden() {
        try (InputStream file =
                GroupedGaussianProcessTest.class.getResourceAsStream("/golden/grouped-gaussian-process.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new IllegalStateException("the golden numbers cannot be read", e);
        }
    }
}
