package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.life.Lives.EXPERIMENT;
import static pnas.orchestrator.life.Lives.NOW;
import static pnas.orchestrator.life.Lives.RECIPE;
import static pnas.orchestrator.life.Lives.TERMS;
import static pnas.orchestrator.life.Lives.delivery;
import static pnas.orchestrator.life.Lives.trialId;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.message.TrainerCommand;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Outcome;

/** What one transaction does to several trials. */
class TrialUnitTest {
    @Test
    void the_last_training_of_a_budget_is_granted_once() {
        TrialUnit unit = unit(new Owner(true, 1L, RECIPE), TrialState.DISPATCHED, 3);
        IntStream.rangeClosed(1, 3).forEach(trial -> unit.hear(claim(trial, 'A')));

        assertThat(unit.lives())
                .extracting(life -> life.trial().state())
                .containsExactly(TrialState.RUNNING, TrialState.QUEUED, TrialState.QUEUED);
        assertThat(unit.all(TrialEffects::stops))
                .extracting(TrainerCommand.Stop::reason)
                .containsExactly(
                        "the experiment has no training left in its budget",
                        "the experiment has no training left in its budget");
    }

    /** Two jobs of each trial, and a budget of one training each. */
    @Test
    void doubled_jobs_are_never_granted_beyond_the_budget() {
        TrialUnit unit = unit(new Owner(true, 3L, RECIPE), TrialState.DISPATCHED, 3);
        for (int trial = 1; trial <= 3; trial++) {
            unit.hear(claim(trial, 'A'));
        }
        for (int trial = 1; trial <= 3; trial++) {
            unit.hear(claim(trial, 'B'));
        }

        assertThat(unit.lives()).allSatisfy(life -> {
            assertThat(life.trial().worker()).isEqualTo("worker A");
            assertThat(life.attempts()).extracting(Attempt::granted).containsExactly(true, true, false);
        });
        assertThat(unit.all(TrialEffects::stops)).hasSize(3);
    }

    /** The claims come when the trials are over; their trainers are told to stop and say that they did. */
    @Test
    void doubled_jobs_that_are_only_told_to_stop_cost_nothing() {
        TrialUnit unit = unit(new Owner(true, 6L, RECIPE), TrialState.DISPATCHED, 3);
        for (int trial = 1; trial <= 3; trial++) {
            unit.hear(claim(trial, 'A'));
            unit.hear(trained(trial, 'A', 0.7));
            unit.hear(claim(trial, 'B'));
            unit.hear(new Ended(1, delivery(trialId(trial), 'B', 2), new Outcome.Cancelled(), 1));
        }

        assertThat(unit.lives())
                .allSatisfy(life ->
                        assertThat(life.attempts()).extracting(Attempt::granted).containsExactly(true, true, false));
    }

    @Test
    void a_claim_that_comes_twice_is_charged_once() {
        TrialUnit unit = unit(new Owner(true, 2L, RECIPE), TrialState.DISPATCHED, 2);
        List.of(claim(1, 'A'), claim(1, 'A'), claim(2, 'A')).forEach(unit::hear);

        assertThat(unit.lives()).allMatch(life -> life.trial().state() == TrialState.RUNNING);
    }

    @Test
    void each_message_finds_what_those_before_it_left() {
        TrialUnit unit = unit(new Owner(true, null, RECIPE), TrialState.DISPATCHED, 1);
        unit.hear(claim(1, 'A'));
        unit.hear(claim(1, 'B'));
        unit.hear(trained(1, 'A', 0.7));
        unit.hear(trained(1, 'B', 0.6));

        assertThat(unit.lives()).singleElement().satisfies(life -> {
            assertThat(life.trial().standing())
                    .isInstanceOfSatisfying(
                            Trial.Standing.Trained.class,
                            trained -> assertThat(trained.accuracy()).isEqualTo(0.7));
            assertThat(life.attempts())
                    .extracting(attempt -> Objects.requireNonNull(attempt.end()).outcome())
                    .containsExactly(AttemptOutcome.EXPIRED, AttemptOutcome.TRAINED, AttemptOutcome.DUPLICATE);
        });
        assertThat(unit.all(TrialEffects::events))
                .extracting(NewEvent::type)
                .containsExactly("trial.running", "trial.running", "trial.trained");
        assertThat(unit.touchedStages()).containsExactly(new TrialUnit.StageKey(EXPERIMENT, 3));
        assertThat(unit.roomToDispatch()).isTrue();
    }

    @Test
    void what_is_said_of_an_unknown_trial_is_not_heard() {
        TrialUnit unit = unit(new Owner(true, null, RECIPE), TrialState.DISPATCHED, 1);
        unit.hear(claim(9, 'A'));
        unit.obey(trialId(9), new TrialOrder.Cancel("no reason"));

        assertThat(unit.effects()).isEmpty();
        assertThat(unit.roomToDispatch()).isFalse();
        assertThat(unit.touchedStages()).isEmpty();
    }

    @Test
    void an_experiment_that_does_not_go_on_takes_no_result_of_another_one() {
        TrialOrder reuse = new TrialOrder.Reuse(Lives.in(TrialState.TRAINED).trial());
        TrialUnit paused = unit(new Owner(false, null, RECIPE), TrialState.QUEUED, 1);
        paused.obey(reuse);
        assertThat(paused.effects()).isEmpty();

        TrialUnit running = unit(new Owner(true, null, RECIPE), TrialState.QUEUED, 1);
        running.obey(reuse);
        assertThat(running.touchedStages()).hasSize(1);
    }

    @Test
    void an_order_to_all_reaches_those_whom_it_concerns() {
        TrialUnit unit = new TrialUnit(
                TERMS,
                NOW,
                Map.of(),
                List.of(
                        Lives.of(1, TrialState.RUNNING),
                        Lives.of(2, TrialState.TRAINED),
                        Lives.of(3, TrialState.QUEUED)));
        unit.obey(new TrialOrder.Cancel("the experiment was cancelled"));

        assertThat(unit.lives())
                .extracting(life -> life.trial().state())
                .containsExactly(TrialState.CANCELLED, TrialState.TRAINED, TrialState.CANCELLED);
        assertThat(unit.touchedStages()).isEmpty();
    }

    private static TrialUnit unit(Owner owner, TrialState state, int trials) {
        return new TrialUnit(
                TERMS,
                NOW,
                Map.of(EXPERIMENT, owner),
                IntStream.rangeClosed(1, trials)
                        .mapToObj(trial -> Lives.of(trial, state))
                        .toList());
    }

    private static TrainingProgress claim(int trial, char letter) {
        return new Claimed(1, delivery(trialId(trial), letter, 2));
    }

    private static TrainingProgress trained(int trial, char letter, double accuracy) {
        return new Ended(
                1,
                delivery(trialId(trial), letter, 2),
                new Outcome.Trained(accuracy, Lives.MACHINE, /* replayed= */ false),
                20);
    }
}
