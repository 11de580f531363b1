package pnas.predictor.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import pnas.cell.Operation;
import pnas.message.Fitting;
import pnas.message.PredictorName;
import pnas.predictor.SampleCells;
import pnas.predictor.evaluation.Evaluation.Candidate;
import pnas.predictor.evaluation.Evaluation.Result;
import pnas.space.SearchSpace;

final class EvaluationTest {
    @Test
    void ranks_each_size_after_the_smaller_ones() {
        TableQuestions questions = new TableQuestions(SampleCells.observations(28, 3, new SplittableRandom(1)).stream()
                .filter(cell -> cell.accuracy() != null)
                .toList());
        List<String> progress = new ArrayList<>();
        List<Result> results =
                new Evaluation(questions, 2).judge(new Candidate(PredictorName.GP, Fitting.REFIT), progress::add);

        assertThat(progress).containsExactly("gp: seed 1 of 2", "gp: seed 2 of 2");
        assertThat(results).extracting(Result::blocks).containsExactly(2, 3, 0);
        assertThat(results.getFirst().spearman().mean()).isGreaterThan(0.6);
        // The Gaussian process leaves nothing to chance, so that seeds differ in nothing.
        assertThat(results.getFirst().spearman().least())
                .isEqualTo(results.getFirst().spearman().greatest());
        double mean = (results.get(0).top().mean() + results.get(1).top().mean()) / 2;
        assertThat(results.getLast().top().mean()).isCloseTo(mean, within(1e-12));
        assertThat(results.getLast().cells())
                .isEqualTo(results.get(0).cells() + results.get(1).cells());
    }

    @Test
    void asks_nothing_of_cells_of_one_size() {
        assertThatThrownBy(() -> new TableQuestions(SampleCells.observations(10, 1, new SplittableRandom(1))))
                .hasMessageContaining(
                        "two cells or more of one size and others of fewer blocks, got cells of [1] blocks");
    }

    @Test
    void an_oracle_asks_for_random_children_of_a_search() {
        OracleQuestions questions = new OracleQuestions(
                new SearchSpace(List.of(Operation.SEP3X3, Operation.MAX3X3, Operation.IDENTITY)), 6, 50, 3);
        List<Question> asked = questions.of(4);
        assertThat(asked).extracting(question -> question.asked().blocks()).containsExactly(2, 3);
        assertThat(asked).extracting(question -> question.learnt().size()).containsExactly(21, 27);
        assertThat(asked).allSatisfy(question -> {
            assertThat(question.measured()).hasSize(50);
            assertThat(Arrays.stream(question.measured())).allMatch(accuracy -> accuracy > 0.69 && accuracy < 0.94);
        });
        assertThat(questions.of(4).getLast().asked()).isEqualTo(asked.getLast().asked());
        assertThat(questions.of(5).getLast().measured())
                .isNotEqualTo(asked.getLast().measured());
    }

    @Test
    void measures_order_linearity_and_the_best() {
        double[] predicted = {1, 2, 3, 4};
        double[] measured = {0.1, 0.3, 0.2, 0.9};
        Measures measures = Measures.of(predicted, measured);
        assertThat(measures.spearman()).isCloseTo(0.8, within(1e-12));
        assertThat(measures.kendall()).isCloseTo(4 / 6.0, within(1e-12));
        // The better half: the third and fourth, of which the second best by measurement is not one.
        assertThat(measures.top()).isEqualTo(0.5);
        assertThat(Measures.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}).spearman())
                .isZero();
    }

    @Test
    void an_interval_holds_the_mean_and_narrows_with_agreement() {
        Interval wide = Interval.of(new double[] {0.1, 0.5, 0.9, 0.4});
        Interval narrow = Interval.of(new double[] {0.47, 0.48, 0.48, 0.47});
        assertThat(wide.mean()).isCloseTo(0.475, within(1e-12)).isBetween(wide.least(), wide.greatest());
        assertThat(narrow.greatest() - narrow.least()).isLessThan(0.02);
        assertThat(wide.greatest() - wide.least()).isGreaterThan(0.3);
    }

    @Test
    void reads_predictors_with_the_way_in_which_they_learn() {
        assertThat(Candidate.parse("mlp")).isEqualTo(new Candidate(PredictorName.MLP, Fitting.FINE_TUNE));
        assertThat(Candidate.parse("mlp:refit")).hasToString("mlp:refit");
        assertThat(Candidate.parse("mlp:fine-tune")).hasToString("mlp");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Candidate.parse("gp:fine-tune"))
                .withMessageContaining("predictor gp has no weights to start from");
    }
}
