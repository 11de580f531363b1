package pnas.orchestrator.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.orchestrator.trial.Trials;

final class CurveTest {
    private static final Cell CELL = Cell.parse("sep3x3(c-1)+sep3x3(c-1)");

    @Test
    void rises_with_each_better_accuracy_and_counts_trials_without_one() {
        Curve curve = curve(0.5, null, 0.4, 0.6, 0.6);

        assertThat(curve.finished()).isEqualTo(5);
        assertThat(curve.points()).extracting(Curve.Point::number).containsExactly(1, 3, 4, 5);
        assertThat(curve.points()).extracting(Curve.Point::best).containsExactly(0.5, 0.5, 0.6, 0.6);
        assertThat(curve.improvements()).extracting(Curve.Point::number).containsExactly(1, 4);
        assertThat(curve.points()).extracting(Curve.Point::trainerSeconds).containsExactly(2.5, 7.5, 10.0, 12.5);
        assertThat(curve.summary())
                .isEqualTo("Best of all stages: 60.00 % in stage 1, trial 4 of the 5 that ended; improvements: 1.");
    }

    @Test
    void has_words_for_nothing() {
        assertThat(curve().summary()).isEqualTo(curve((Double) null).summary()).isEqualTo("No cell is measured.");
    }

    @Test
    void keeps_every_improvement_when_it_is_thinned() {
        Random random = new Random(1);
        Curve curve = curve(IntStream.range(0, 5000)
                .mapToObj(i -> 0.5 + 0.00005 * i + 0.2 * random.nextDouble())
                .toArray(Double[]::new));

        Curve thinned = curve.atMost(2000);

        assertThat(thinned.points())
                .hasSize(2000)
                .containsAll(curve.improvements())
                .isSubsetOf(curve.points());
        assertThat(thinned.points()).extracting(Curve.Point::number).isSorted();
        assertThat(thinned.finished()).isEqualTo(5000);
        // The others are spread evenly: no thousand trainings are left out.
        assertThat(thinned.points().get(0).number()).isLessThan(10);
        assertThat(thinned.points().getLast().number()).isGreaterThan(4990);
    }

    @Test
    void keeps_the_latest_where_not_even_the_improvements_fit() {
        Curve curve = curve(IntStream.range(0, 100).mapToObj(i -> i / 100.0).toArray(Double[]::new));

        assertThat(curve.atMost(10).points())
                .extracting(Curve.Point::number)
                .containsExactly(91, 92, 93, 94, 95, 96, 97, 98, 99, 100);
    }

    @Test
    void is_not_thinned_without_need() {
        Curve curve = curve(0.1, 0.2, 0.1);

        assertThat(curve.atMost(3)).isSameAs(curve);
    }

    private static Curve curve(@Nullable Double... accuracies) {
        return Curve.of(Stream.of(accuracies).map(CurveTest::trial).toList());
    }

    private static Trials.Ended trial(@Nullable Double accuracy) {
        return new Trials.Ended(CELL.id().hex(), CELL, 1, accuracy, 2.5);
    }
}
