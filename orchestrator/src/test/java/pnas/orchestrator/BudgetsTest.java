package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.failure.PnasException;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.StageView;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Extension;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;

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
        trainer = new Trainer("trainer-budget");
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

    /** Three trainings in one stage. */
    private Search search(String budget) {
        return new Search(
                experiments,
                trials,
                "{'engine':'replay','operations':['identity'],'blocks':1,'budget':{" + budget + "}}");
    }

    private static Extension budget(int trainings) {
        return new Extension(null, null, null, new Budget.BudgetDraft(trainings, null, null));
    }
}
