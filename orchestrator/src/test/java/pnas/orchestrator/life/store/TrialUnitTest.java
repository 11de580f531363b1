package pnas.orchestrator.life.store;

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
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.AttemptOutcome;
import pnas.orchestrator.life.Lives;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialState;

/** What one transaction does to several trials. */
class TrialUnitTest {
    @Test
    void the_last_training_of_a_budget_is_granted_once() {
        TrialUnit unit = unit(Lives.owner(1L), TrialState.DISPATCHED, 3);
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
        TrialUnit unit = unit(Lives.owner(3L), TrialState.DISPATCHED, 3);
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
        TrialUnit unit = unit(Lives.owner(6L), TrialState.DISPATCHED, 3);
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
        TrialUnit unit = unit(Lives.owner(2L), TrialState.DISPATCHED, 2);
        List.of(claim(1, 'A'), claim(1, 'A'), claim(2, 'A')).forEach(unit::hear);

        assertThat(unit.lives()).allMatch(life -> life.trial().state() == TrialState.RUNNING);
    }

    @Test
    void each_message_finds_what_those_before_it_left() {
        TrialUnit unit = unit(Lives.owner(null), TrialState.DISPATCHED, 1);
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
        assertThat(unit.touchedStages()).containsExactly(new StageKey(EXPERIMENT, 3));
        assertThat(unit.roomToDispatch()).isTrue();
    }

    @Test
    void what_is_said_of_an_unknown_trial_is_not_heard() {
        TrialUnit unit = unit(Lives.owner(null), TrialState.DISPATCHED, 1);
        unit.hear(claim(9, 'A'));
        unit.obey(trialId(9), new TrialOrder.Cancel("no reason"));

        assertThat(unit.effects()).isEmpty();
        assertThat(unit.roomToDispatch()).isFalse();
        assertThat(unit.touchedStages()).isEmpty();
    }

    @Test
    void an_experiment_that_does_not_go_on_takes_no_result_of_another_one() {
        TrialOrder reuse = new TrialOrder.Reuse(Lives.in(TrialState.TRAINED).trial());
        TrialUnit paused = unit(new Owner(false, /* reuse= */ true, null, RECIPE), TrialState.QUEUED, 1);
        paused.obey(reuse);
        assertThat(paused.effects()).isEmpty();

        TrialUnit running = unit(Lives.owner(null), TrialState.QUEUED, 1);
        running.obey(reuse);
        assertThat(running.touchedStages()).hasSize(1);
    }

    /** Its job was sent, the note of it was lost, a pause let the twin go out, and the experiment goes on. */
    @Test
    void a_claim_whose_twin_is_out_is_refused() {
        for (TrialState out : List.of(TrialState.DISPATCHED, TrialState.RUNNING)) {
            TrialUnit unit = beside(Lives.twin(1, out), Lives.owner(null));
            unit.hear(claim(1, 'A'));

            assertThat(unit.lives()).singleElement().satisfies(life -> {
                assertThat(life.trial().state()).isEqualTo(TrialState.QUEUED);
                assertThat(life.trial().cause()).isEqualTo("trial bbbbbbbb-0000000000000001 trains the same");
            });
            assertThat(unit.all(TrialEffects::stops)).hasSize(1);
        }
    }

    @Test
    void a_twin_that_is_not_out_or_trains_otherwise_is_in_nobodys_way() {
        for (TrialLife other : List.of(
                Lives.twin(1, TrialState.QUEUED),
                Lives.twin(1, TrialState.TRAINED),
                Lives.twin(2, TrialState.RUNNING))) {
            TrialUnit unit = beside(other, Lives.owner(null));
            unit.hear(claim(1, 'A'));
            assertThat(unit.lives()).allMatch(life -> life.trial().state() == TrialState.RUNNING);
        }
        TrialUnit alone = beside(Lives.twin(1, TrialState.RUNNING), new Owner(true, /* reuse= */ false, null, RECIPE));
        alone.hear(claim(1, 'A'));
        assertThat(alone.lives()).allMatch(life -> life.trial().state() == TrialState.RUNNING);
    }

    @Test
    void of_two_twins_that_are_claimed_at_once_one_is_granted() {
        TrialLife one = Lives.of(1, TrialState.QUEUED);
        TrialLife other = Lives.twin(1, TrialState.QUEUED);
        String experiment = other.trial().subject().experimentId();
        TrialUnit unit = new TrialUnit(
                TERMS,
                NOW,
                Map.of(EXPERIMENT, Lives.owner(null), experiment, Lives.owner(null)),
                List.of(one, other),
                List.of());
        unit.hear(claim(1, 'A'));
        unit.hear(new Claimed(1, delivery(other.trial().id(), 'A', 2)));

        assertThat(unit.lives())
                .extracting(life -> life.trial().state())
                .containsExactly(TrialState.RUNNING, TrialState.QUEUED);
    }

    private static TrialUnit beside(TrialLife other, Owner owner) {
        return new TrialUnit(
                TERMS, NOW, Map.of(EXPERIMENT, owner), List.of(Lives.of(1, TrialState.QUEUED)), List.of(other.trial()));
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
                        Lives.of(3, TrialState.QUEUED)),
                List.of());
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
                        .toList(),
                List.of());
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
