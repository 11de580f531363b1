package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.failure.PnasException;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.experiment.ExperimentView;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.experiment.Extension;
import pnas.orchestrator.experiment.SpecificationDraft.Limits;
import pnas.orchestrator.experiment.StageView;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.peer.Predictor;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.trial.TrialDetail;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;
import pnas.testing.TestKafka;

/** Budgets stop an experiment with the best so far, and it goes on with more of them. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class BudgetsTest {
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

    @BeforeEach
    void begin() {
        trainer = new Trainer("trainer-budget", TestKafka.bootstrapServers());
    }

    @AfterEach
    void end() {
        trainer.close();
    }

    @Test
    void trainings_are_charged_per_attempt_and_the_last_one_counts() {
        Search search = search("'trainings':2");
        trainer.end(trainer.claim(trainer.take(search.id())), new Outcome.Crashed("signal 9"));
        AttemptRef last = trainer.claim(trainer.take(search.id()));
        search.await(experiment -> experiment.spent().trainings() == 2);
        assertThat(search.view().state()).isEqualTo(ExperimentState.RUNNING);
        trainer.end(last, Trainer.trained(0.7));

        ExperimentView stopped = search.await(experiment -> experiment.state().isTerminal());
        assertThat(stopped.state()).isEqualTo(ExperimentState.STOPPED);
        assertThat(stopped.cause()).isEqualTo("budget.trainings of 2 is spent");
        assertThat(stopped.best()).extracting(TrialSummary::accuracy).isEqualTo(0.7);
        assertThat(stopped.finishedAt()).isNotNull();
        assertThat(search.trials())
                .extracting(TrialSummary::state)
                .containsExactlyInAnyOrder(TrialState.TRAINED, TrialState.CANCELLED, TrialState.CANCELLED);

        assertThat(stopped.progress().counts())
                .isEqualTo(TrialKind.tally(Map.of(TrialKind.REPLAYED, 1L, TrialKind.CANCELLED, 2L)));
        assertThat(stopped.progress().planned()).isEqualTo(3);
        assertThat(stopped.stages()).singleElement().satisfies(stage -> {
            assertThat(stage.state()).isEqualTo(StageState.CLOSED);
            assertThat(stage.counts()).isEqualTo(stopped.progress().counts());
        });

        assertThatThrownBy(() -> experiments.extend(search.id(), budget(2)))
                .isInstanceOf(PnasException.class)
                .hasMessageContaining("budget.trainings");
        experiments.extend(search.id(), budget(9));
        trainer.end(trainer.claim(trainer.take(search.id())), Trainer.trained(0.5));
        trainer.end(trainer.claim(trainer.take(search.id())), Trainer.trained(0.9));
        ExperimentView completed = search.await(experiment -> experiment.state().isTerminal());
        assertThat(completed.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(completed.cause()).isNull();
        assertThat(completed.progress().counts()).isEqualTo(TrialKind.tally(Map.of(TrialKind.REPLAYED, 3L)));
        assertThat(completed.stages())
                .singleElement()
                .extracting(StageView::state)
                .isEqualTo(StageState.DONE);
        assertThat(completed.spent().trainings()).isEqualTo(4);
        assertThat(completed.best()).extracting(TrialSummary::accuracy).isEqualTo(0.9);
    }

    @Test
    void a_stage_that_waits_for_its_ranking_is_closed_and_asks_anew_when_the_search_goes_on()
            throws InterruptedException {
        Search search = new Search(
                experiments,
                trials,
                "{'engine':'replay','operations':['identity'],'blocks':2,'beam':2,'budget':{'trainings':3}}");
        for (double accuracy : new double[] {0.5, 0.7, 0.6}) {
            trainer.end(trainer.claim(trainer.take(search.id())), Trainer.trained(accuracy));
        }

        ExperimentView stopped = search.await(experiment -> experiment.state().isTerminal());
        assertThat(stopped.state()).isEqualTo(ExperimentState.STOPPED);
        assertThat(stopped.stages()).extracting(StageView::state).containsExactly(StageState.DONE, StageState.CLOSED);
        assertThat(stopped.progress().planned()).isEqualTo(5);
        assertThat(stopped.progress().rankings()).isZero();
        assertThat(stopped.best()).extracting(TrialSummary::stage).isEqualTo(1);

        ExperimentView going = experiments.extend(search.id(), budget(9));
        assertThat(going.stages()).extracting(StageView::state).containsExactly(StageState.DONE, StageState.EXPANDING);
        assertThat(going.progress().rankings()).isEqualTo(1);
        ExperimentView completed = search.run(Predictor.rankingBy(Search::accuracy));
        assertThat(completed.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(completed.progress().counts()).isEqualTo(TrialKind.tally(Map.of(TrialKind.REPLAYED, 5L)));
        assertThat(completed.best()).extracting(TrialSummary::stage).isEqualTo(2);
    }

    @Test
    void time_of_trainers_that_is_spent_stops_what_runs() {
        Search search = search("'trainerSeconds':1");
        TrainingJob job = trainer.take(search.id());
        AttemptRef running = trainer.claim(job);

        ExperimentView stopped = search.await(experiment -> experiment.state().isTerminal());
        assertThat(stopped.state()).isEqualTo(ExperimentState.STOPPED);
        assertThat(stopped.cause()).isEqualTo("budget.trainerSeconds of 1.0 is spent");
        assertThat(stopped.best()).isNull();
        trainer.beat(running, 3);
        awaitStop(running, "CANCELLED");
        trainer.end(running, Trainer.trained(0.9));
        TrialDetail late = search.awaitTrial(
                job.trialId(), trial -> trial.attempts().getFirst().accuracy() != null);
        assertThat(late.summary().state()).isEqualTo(TrialState.CANCELLED);
        assertThat(search.view().spent().trainerSeconds()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void a_pause_costs_no_time() {
        Search search = search("'wallClockSeconds':1");
        experiments.pause(search.id());
        double spent = search.view().spent().wallClockSeconds();
        assertThat(search.view().spent().wallClockSeconds()).isPositive().isEqualTo(spent);

        experiments.resume(search.id());
        ExperimentView stopped = search.await(experiment -> experiment.state().isTerminal());
        assertThat(stopped.state()).isEqualTo(ExperimentState.STOPPED);
        assertThat(stopped.spent().wallClockSeconds()).isGreaterThanOrEqualTo(1);
    }

    /** Three trainings in one stage. */
    private Search search(String budget) {
        return new Search(
                experiments,
                trials,
                "{'engine':'replay','operations':['identity'],'blocks':1,'budget':{" + budget + "}}");
    }

    private static Extension budget(int trainings) {
        return new Extension(null, null, null, new Limits(trainings, null, null));
    }

    private void awaitStop(AttemptRef attempt, String reason) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> trainer.stops().stream()
                        .anyMatch(stop ->
                                stop.attempt().equals(attempt) && stop.reason().contains(reason)));
    }
}
