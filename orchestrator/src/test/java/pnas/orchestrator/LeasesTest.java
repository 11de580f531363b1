package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.failure.ErrorCode;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.experiment.ExperimentView;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.live.Event;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.trial.TrialDetail;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;
import pnas.testing.TestKafka;

/** What must follow when a trainer dies, freezes, comes back, gives back or is told to stop. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class LeasesTest {
    /** Three trainings in one stage, of which one is out at a time. */
    private static final String ONE_AT_A_TIME =
            "{'engine':'replay','operations':['identity'],'blocks':1,'maxParallelTrainings':1}";

    @Inject
    Experiments experiments;

    @Inject
    Trials trials;

    @Inject
    DataSource database;

    @AfterEach
    void the_counts_are_those_of_the_trials() throws SQLException {
        Recount.assertThatItAgrees(database);
    }

    @Inject
    Events events;

    private Trainer trainer;
    private Search search;

    @BeforeEach
    void begin() {
        trainer = new Trainer("trainer-a", TestKafka.bootstrapServers());
        search = new Search(experiments, trials, ONE_AT_A_TIME);
    }

    @AfterEach
    void end() {
        if (!search.view().state().isTerminal()) {
            experiments.cancel(search.id());
        }
        trainer.close();
    }

    @Test
    void a_silent_trainer_loses_the_lease_and_its_late_result_counts_all_the_same() {
        TrainingJob first = trainer.take(search.id());
        AttemptRef frozen = trainer.claim(first);

        TrainingJob second = trainer.take(search.id());
        assertThat(second.trialId()).isEqualTo(first.trialId());
        assertThat(second.attempt()).isEqualTo(2);
        AttemptRef other = trainer.claim(second);
        search.awaitTrial(first.trialId(), trial -> trial.summary().state() == TrialState.RUNNING);

        trainer.end(frozen, Trainer.trained(0.7));
        TrialDetail trained = search.awaitTrial(first.trialId(), LeasesTest::isOver);
        assertThat(trained.summary().accuracy()).isEqualTo(0.7);
        assertThat(trained.summary().state()).isEqualTo(TrialState.TRAINED);

        trainer.beat(other, 5);
        awaitStop(other, "TRAINED");
        trainer.end(other, Trainer.trained(0.6));
        TrialDetail both =
                search.awaitTrial(first.trialId(), trial -> outcomes(trial).contains("duplicate"));
        assertThat(outcomes(both)).containsExactly("replayed", "duplicate");
        assertThat(both.attempts()).extracting(TrialDetail.Attempt::accuracy).containsExactly(0.7, 0.6);
        assertThat(both.summary().accuracy()).isEqualTo(0.7);
    }

    @Test
    void memory_that_runs_out_is_tried_once_more_with_half_the_batch() {
        TrainingJob job = trainer.take(search.id());
        trainer.end(trainer.claim(job), new Outcome.OutOfMemory("8 GiB"));
        TrainingJob half = trainer.take(search.id());
        assertThat(half.halfBatch()).isTrue();
        trainer.end(trainer.claim(half), Trainer.trained(0.5));

        TrialDetail trained = search.awaitTrial(job.trialId(), LeasesTest::isOver);
        assertThat(trained.attempts())
                .extracting(TrialDetail.Attempt::halfBatch)
                .containsExactly(false, true);
        assertThat(trained.identity())
                .satisfies(identity -> assertThat(identity.settings().batchSize())
                        .isEqualTo(job.settings().batchSize() / 2));

        TrainingJob other = trainer.take(search.id());
        trainer.end(trainer.claim(other), new Outcome.OutOfMemory("8 GiB"));
        trainer.end(trainer.claim(trainer.take(search.id())), new Outcome.OutOfMemory("8 GiB"));
        assertThat(search.awaitTrial(other.trialId(), LeasesTest::isOver)
                        .summary()
                        .cause())
                .isEqualTo("out of memory, with half the batch too: 8 GiB");
    }

    @Test
    void an_experiment_without_any_accuracy_fails_with_the_first_cause() {
        trainer.end(
                trainer.claim(trainer.take(search.id())), new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "no such cell"));
        trainer.end(trainer.claim(trainer.take(search.id())), new Outcome.Diverged(3, Trainer.MACHINE));
        trainer.end(
                trainer.claim(trainer.take(search.id())), new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "no such cell"));

        ExperimentView failed = search.await(experiment -> experiment.state().isTerminal());
        assertThat(failed.state()).isEqualTo(ExperimentState.FAILED);
        assertThat(failed.cause())
                .startsWith("nothing could be trained: 2 failed, 1 diverged of the 3 trials of stage 1; the first: ");
        assertThat(failed.progress().counts().failed()).isEqualTo(2);
        assertThat(failed.progress().counts().diverged()).isEqualTo(1);
        assertThat(failed.progress().counts().measured()).isZero();
        assertThat(failed.stages()).singleElement().satisfies(stage -> {
            assertThat(stage.state()).isEqualTo(StageState.CLOSED);
            assertThat(stage.counts()).isEqualTo(failed.progress().counts());
        });
    }

    @Test
    void a_pause_lets_the_running_training_end_and_takes_back_what_was_only_sent() {
        Search wide = new Search(experiments, trials, "{'engine':'replay','operations':['identity'],'blocks':1}");
        TrainingJob running = trainer.take(wide.id());
        AttemptRef attempt = trainer.claim(running);
        wide.awaitTrial(running.trialId(), trial -> trial.summary().state() == TrialState.RUNNING);
        TrainingJob sent = trainer.take(wide.id());

        experiments.pause(wide.id());
        AttemptRef refused = trainer.claim(sent);
        awaitStop(refused, "paused");
        TrialDetail waiting = wide.trial(sent.trialId());
        assertThat(waiting.summary().state()).isEqualTo(TrialState.QUEUED);
        trainer.end(refused, new Outcome.Cancelled());
        trainer.end(attempt, Trainer.trained(0.4));
        wide.awaitTrial(running.trialId(), LeasesTest::isOver);
        assertThat(wide.view().state()).isEqualTo(ExperimentState.PAUSED);

        experiments.resume(wide.id());
        List<TrainingJob> left = List.of(trainer.take(wide.id()), trainer.take(wide.id()));
        assertThat(left)
                .filteredOn(job -> job.trialId().equals(sent.trialId()))
                .singleElement()
                .satisfies(job -> assertThat(job.attempt()).isEqualTo(2));
        left.forEach(job -> trainer.end(trainer.claim(job), Trainer.trained(0.3)));
        assertThat(wide.await(experiment -> experiment.state().isTerminal()).state())
                .isEqualTo(ExperimentState.COMPLETED);
    }

    @Test
    void a_cancelled_experiment_stops_its_trainers_and_ignores_what_they_bring() {
        TrainingJob job = trainer.take(search.id());
        AttemptRef attempt = trainer.claim(job);
        search.awaitTrial(job.trialId(), trial -> trial.summary().state() == TrialState.RUNNING);

        ExperimentView cancelled = experiments.cancel(search.id());
        assertThat(cancelled.state()).isEqualTo(ExperimentState.CANCELLED);
        assertThat(search.trials()).allMatch(trial -> trial.state() == TrialState.CANCELLED);
        trainer.beat(attempt, 3);
        awaitStop(attempt, "CANCELLED");

        trainer.end(attempt, Trainer.trained(0.9));
        TrialDetail late = search.awaitTrial(
                job.trialId(), trial -> trial.attempts().getFirst().accuracy() != null);
        assertThat(late.summary().state()).isEqualTo(TrialState.CANCELLED);
        assertThat(late.summary().accuracy()).isNull();
        assertThat(late.attempts().getFirst().message()).isEqualTo("too late: the trial is CANCELLED");
    }

    @Test
    void the_last_job_of_all_is_sent_again_where_nobody_has_it() {
        TrainingJob lost = trainer.take(search.id());

        assertThat(trainer.take(search.id())).isEqualTo(lost);
    }

    @Test
    void a_job_that_nobody_has_is_sent_again_as_the_same_attempt_though_others_wait() {
        Search wide = new Search(experiments, trials, "{'engine':'replay','operations':['identity'],'blocks':1}");
        TrainingJob lost = trainer.take(wide.id());
        TrialDetail queued = wide.awaitTrial(lost.trialId(), trial -> {
            // Another job that waits before it, of a test before this one, would keep the group where it is.
            trainer.drop();
            return trial.summary().cause() != null;
        });
        assertThat(queued.summary().cause()).isEqualTo("its job was lost on the way to the trainers");

        assertThat(Stream.generate(() -> trainer.take(wide.id()))
                        .filter(job -> job.trialId().equals(lost.trialId()))
                        .findFirst())
                .hasValue(lost);
        experiments.cancel(wide.id());
    }

    @Test
    void a_replay_of_what_was_read_changes_nothing() {
        TrainingJob job = trainer.take(search.id());
        AttemptRef attempt = trainer.claim(job);
        List<TrainingProgress> all = List.of(
                new TrainingProgress.Claimed(1, attempt),
                new TrainingProgress.EpochFinished(1, attempt, 1, 0.5, 0.6, 0.1),
                new TrainingProgress.Ended(1, attempt, Trainer.trained(0.6), 0.25));
        all.forEach(trainer::tell);
        TrialDetail before = search.awaitTrial(job.trialId(), LeasesTest::isOver);
        List<Event> eventsBefore = eventsOf(job.trialId());

        all.forEach(trainer::tell);
        // The next trial's end comes after the replay, in the same partition or another one: both are waited for.
        trainer.beat(attempt, 1);
        awaitStop(attempt, "TRAINED");
        TrialDetail after = search.trial(job.trialId());
        assertThat(after.summary()).isEqualTo(before.summary());
        assertThat(outcomes(after)).containsExactly("replayed");
        assertThat(after.epochs()).hasSize(1);
        assertThat(eventsOf(job.trialId())).isEqualTo(eventsBefore);
    }

    private List<Event> eventsOf(String trialId) {
        return events.after(search.id(), 0, 1000).stream()
                .filter(event -> trialId.equals(event.trial()))
                .toList();
    }

    private void awaitStop(AttemptRef attempt, String reason) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> trainer.stops().stream()
                        .anyMatch(stop ->
                                stop.attempt().equals(attempt) && stop.reason().contains(reason)));
    }

    private static boolean isOver(TrialDetail trial) {
        return trial.summary().state().isTerminal();
    }

    private static List<String> outcomes(TrialDetail trial) {
        return trial.attempts().stream()
                .map(attempt -> String.valueOf(attempt.outcome()))
                .toList();
    }
}
