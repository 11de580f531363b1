package pnas.orchestrator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.specification.Drafts;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.timing.Estimate;
import pnas.orchestrator.timing.TimeModel;
import pnas.orchestrator.timing.TimePrediction;
import pnas.orchestrator.timing.TrainingPlace;
import pnas.orchestrator.timing.TrainingSize;
import pnas.orchestrator.trial.Trials;

class OutlookTest {
    private static final TrainingSize SIZE = new TrainingSize(1_000_000, 1000, 5000, 30);
    private static final Specification TWO_STAGES =
            Drafts.specification("{'operations':['identity'],'blocks':2,'beam':4}");

    @Test
    void adds_what_runs_what_waits_and_the_stages_ahead() {
        // Of the three cells of one block one is trained and one has run for 6 of 10 seconds.
        Map<Integer, Estimate> left = left(StageState.TRAINING, List.of(waiting(), running(6.0)), 1);

        assertThat(seconds(left, 1)).isEqualTo(14);
        assertThat(seconds(left, 2)).isEqualTo(40);
        assertThat(seconds(left(StageState.TRAINING, List.of(waiting(), running(6.0)), 2), 1))
                .isEqualTo(10);
    }

    @Test
    void what_takes_longer_than_expected_is_not_over_yet() {
        assertThat(seconds(left(StageState.TRAINING, List.of(running(99.0)), 1), 1))
                .isEqualTo(1);
    }

    @Test
    void a_stage_that_is_done_is_not_left() {
        assertThat(left(StageState.DONE, List.of(), 2)).containsOnlyKeys(2);
    }

    @Test
    void the_cost_of_a_search_is_a_guess_until_something_alike_was_measured() {
        TrainingPlace place = new TrainingPlace("torch", "cpu", "1");
        TimeModel nothing = TimeModel.fit("torch", List.of());

        Estimate guess = Outlook.cost(TWO_STAGES, size -> nothing.predict(place, size));
        assertThat(guess.guess()).isTrue();
        assertThat(guess.seconds()).isPositive();
        assertThat(guess.high() / guess.low()).isGreaterThan(100);
        assertThat(Outlook.cost(TWO_STAGES, size -> nothing.predict(place, size)))
                .isEqualTo(guess);

        Estimate known = Outlook.cost(TWO_STAGES, _ -> new TimePrediction(10, 0.1, 0.2, false));
        assertThat(known.seconds()).isCloseTo(70, within(1e-9));
        assertThat(known.guess()).isFalse();
        assertThat(known.low()).isLessThan(70);
        assertThat(known.high()).isGreaterThan(70);
    }

    private static Map<Integer, Estimate> left(StageState state, List<Trials.Open> open, double slots) {
        return Outlook.left(
                TWO_STAGES,
                List.of(StageView.of(
                        1,
                        state,
                        3L,
                        TrialKind.tally(Map.of(TrialKind.TRAINED, 1L, TrialKind.QUEUED, 2L)),
                        null,
                        null)),
                open,
                slots,
                _ -> TimePrediction.known(10));
    }

    private static double seconds(Map<Integer, Estimate> left, int stage) {
        return Objects.requireNonNull(left.get(stage)).seconds();
    }

    private static Trials.Open waiting() {
        return new Trials.Open("experiment", 1, SIZE, null);
    }

    private static Trials.Open running(double seconds) {
        return new Trials.Open("experiment", 1, SIZE, seconds);
    }
}
