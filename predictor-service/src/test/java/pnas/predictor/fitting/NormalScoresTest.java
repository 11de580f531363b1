package pnas.predictor.fitting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NormalScoresTest {
    private static final double NONE = Double.NaN;

    @Test
    void computes_quantiles_as_scipy_does() {
        assertThat(NormalQuantile.of(0.5)).isZero();
        assertThat(NormalQuantile.of(0.975)).isCloseTo(1.959963984540054, within(1e-15));
        assertThat(NormalQuantile.of(0.025)).isCloseTo(-1.959963984540054, within(1e-15));
        assertThat(NormalQuantile.of(0.2)).isCloseTo(-0.8416212335729142, within(1e-15));
        assertThat(NormalQuantile.of(1e-12)).isCloseTo(-7.034483825301131, within(1e-13));
    }

    @Test
    void gives_equal_accuracies_one_score_and_cells_without_accuracy_the_lowest() {
        double[] scores = new NormalScores(new double[] {0.9, NONE, 0.7, 0.7, NONE, 0.8}).scores();
        assertThat(scores[2]).isEqualTo(scores[3]).isLessThan(scores[5]);
        assertThat(scores[1]).isEqualTo(scores[4]).isLessThan(scores[2]);
        assertThat(scores[0]).isGreaterThan(scores[5]);
        assertThat(IntStream.range(0, 6).mapToDouble(i -> scores[i]).sum()).isCloseTo(0, within(1e-14));
    }

    @Test
    void maps_the_score_of_a_measured_cell_back_to_its_accuracy() {
        double[] accuracies = {0.91, 0.35, NONE, 0.8, 0.35, 0.62};
        NormalScores normal = new NormalScores(accuracies);
        double[] scores = normal.scores();
        for (int i = 0; i < accuracies.length; i++) {
            if (!Double.isNaN(accuracies[i])) {
                assertThat(normal.accuracy(scores[i])).isEqualTo(accuracies[i]);
            }
        }
        assertThat(normal.accuracy(scores[2])).isLessThan(0.35);
    }

    @Test
    void keeps_the_order_of_scores_beyond_the_measured_ones_and_stays_near_zero_to_one() {
        for (double[] accuracies : new double[][] {{0.5, 0.6, 0.9}, {0, 0.5, 1}, {0.7, 0.7}, {1, NONE}}) {
            NormalScores normal = new NormalScores(accuracies);
            double before = Double.NEGATIVE_INFINITY;
            for (double score = -3; score <= 3; score += 0.25) {
                double accuracy = normal.accuracy(score);
                assertThat(accuracy).isGreaterThan(before).isBetween(-0.001, 1.001);
                before = accuracy;
            }
        }
    }

    @Test
    void needs_an_accuracy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NormalScores(new double[] {NONE}))
                .withMessage("normal scores need at least one accuracy");
    }
}
