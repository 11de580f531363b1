package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.peer.Wait.await;

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
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.api.Sql;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.trial.TrialDetail;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;

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

    private Trainer trainer;
    private Search search;

    @BeforeEach
    void begin() {
        trainer = new Trainer("trainer-a");
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
    void a_silent_trainer_loses_the_lease_and_its_late_result_counts_all_the_same() throws SQLException {
        TrainingJob first = trainer.take(search.id());
        AttemptRef frozen = trainer.claim(first);
        search.awaitTrial(first.trialId(), trial -> trial.summary().state() == TrialState.RUNNING);
        Sql.execute(
                database,
                "update trial set lease_until = lease_until - interval '1 hour' where id = ?",
                first.trialId());

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
    void the_last_job_of_all_is_sent_again_where_nobody_has_it() {
        TrainingJob lost = trainer.take(search.id());
        wasSentLongAgo(lost);

        assertThat(trainer.take(search.id())).isEqualTo(lost);
    }

    @Test
    void a_job_that_nobody_has_is_sent_again_as_the_same_attempt_though_others_wait() {
        Search wide = new Search(experiments, trials, "{'engine':'replay','operations':['identity'],'blocks':1}");
        TrainingJob lost = trainer.take(wide.id());
        wasSentLongAgo(lost);
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

    /** As if it had been sent an hour ago; that it was sent is noted after a trainer may have it. */
    private void wasSentLongAgo(TrainingJob job) {
        await().until(() -> Sql.execute(
                        database,
                        "update trial set dispatched_at = dispatched_at - interval '1 hour'"
                                + " where id = ? and state = 'DISPATCHED'",
                        job.trialId())
                == 1);
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
