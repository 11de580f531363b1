package pnas.predictor.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Cell;
import pnas.message.PredictorName;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.SampleCells;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.model.FittedPredictor;
import pnas.predictor.model.Intervals;
import pnas.predictor.model.Predictors;
import pnas.space.SearchSpace;

/** How many of the measurements lie where they were predicted to lie nine times of ten. */
final class IntervalsTest {
    private static final int FOLDS = 5;

    /** What was measured of cells like those of the last stage, and of cells of the next one. */
    private static final class Coverage {
        private final List<Boolean> same = new ArrayList<>();
        private final List<Boolean> next = new ArrayList<>();

        /** Asks of the cells of the next size, and leaves out every fifth cell of the last stage to ask of those. */
        void add(PredictorName name, Question question, int seed) {
            List<Cell> asked = question.asked().families().stream()
                    .flatMap(family -> family.children().stream().map(family.parent()::plus))
                    .toList();
            ask(name, question.learnt(), asked, question.measured(), seed, next);
            List<Observation> learnt = question.learnt().cells();
            int last = learnt.getLast().stage();
            int[] left = IntStream.range(0, learnt.size())
                    .filter(cell -> learnt.get(cell).stage() == last && cell % FOLDS == seed % FOLDS)
                    .toArray();
            List<Observation> others = new ArrayList<>(learnt);
            List<Observation> held = IntStream.of(left).mapToObj(learnt::get).toList();
            others.removeAll(held);
            ask(
                    name,
                    new LearningSet(others),
                    held.stream().map(Observation::cell).toList(),
                    IntStream.of(left)
                            .mapToDouble(cell -> question.learnt().accuracies()[cell])
                            .toArray(),
                    seed,
                    same);
        }

        private static void ask(
                PredictorName name,
                LearningSet learnt,
                List<Cell> cells,
                double[] measured,
                int seed,
                List<Boolean> in) {
            FittedPredictor fitted = Predictors.of(name).fit(learnt, seed);
            Intervals intervals = Intervals.of(name, learnt, fitted).orElseThrow();
            for (int cell = 0; cell < measured.length; cell++) {
                Intervals.Interval interval = intervals.of(cells.get(cell), fitted.score(cells.get(cell)));
                in.add(measured[cell] >= interval.least() && measured[cell] <= interval.greatest());
            }
        }

        static double share(List<Boolean> in) {
            return in.stream().filter(lies -> lies).count() / (double) in.size();
        }

        void report(PredictorName name, TestReporter reporter) {
            reporter.publishEntry(
                    name.text(),
                    String.format(
                            Locale.ROOT,
                            "%.3f of %d like those learnt, %.3f of %d of the next size",
                            share(same),
                            same.size(),
                            share(next),
                            next.size()));
        }
    }

    /** Other oracles than those on which the numbers were chosen: a few of them, or as many as {@code -Dpnas.oracles=20} says. */
    @Test
    void hold_nine_of_ten_on_oracles(TestReporter reporter) {
        Coverage coverage = new Coverage();
        OracleQuestions questions = new OracleQuestions(SearchSpace.full(), 64, 60, 3);
        for (int seed = 100; seed < 100 + Integer.getInteger("pnas.oracles", 6); seed++) {
            for (Question question : questions.of(seed)) {
                coverage.add(PredictorName.GP, question, seed);
            }
        }
        coverage.report(PredictorName.GP, reporter);
        assertThat(Coverage.share(coverage.same)).isBetween(0.87, 0.93);
        assertThat(Coverage.share(coverage.next)).isBetween(0.87, 0.93);
    }

    @ParameterizedTest
    @EnumSource(names = {"GP", "MLP_ENSEMBLE"})
    void hold_nine_of_ten_in_a_real_search(PredictorName name, TestReporter reporter) {
        String folder = System.getenv("PNAS_TEST_DATA");
        assumeTrue(folder != null, "PNAS_TEST_DATA names no folder with pnas-history/one-search.csv");
        TableQuestions questions =
                new TableQuestions(MeasuredCells.read(Path.of(folder, "pnas-history", "one-search.csv")));
        Coverage coverage = new Coverage();
        for (Question question : questions.of(0)) {
            coverage.add(name, question, 0);
        }
        coverage.report(name, reporter);
        assertThat(Coverage.share(coverage.next)).isBetween(0.84, 0.96);
        // Every fifth cell of four stages: 45 of them, of which one in twenty more or less is chance.
        assertThat(Coverage.share(coverage.same)).isBetween(0.8, 1.0);
    }

    @Test
    void there_is_none_where_fewer_than_ten_cells_were_held_out() {
        LearningSet nine = new LearningSet(SampleCells.observations(9, 1, new SplittableRandom(1)));
        FittedPredictor fitted = Predictors.of(PredictorName.GP).fit(nine, 1);
        assertThat(Intervals.of(PredictorName.GP, nine, fitted)).isEmpty();
    }
}
