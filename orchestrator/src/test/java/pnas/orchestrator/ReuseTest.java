package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.peer.Wait.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.trainer.TrainerState;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;

/** What one experiment has trained, another one does not train again, unless it would train it otherwise. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class ReuseTest {
    private static final Machine MACHINE = new Machine("torch", "1", "a processor");

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
    Trainers trainers;

    private Trainer trainer;

    @BeforeEach
    void begin() {
        trainer = trainer(MACHINE);
    }

    @AfterEach
    void leave() {
        trainer.leave();
        await().until(() -> trainers.list().stream()
                .noneMatch(worker -> worker.id().equals("trainer-reuse") && worker.state() == TrainerState.ALIVE));
        trainer.close();
    }

    @Test
    void a_result_answers_the_same_training_of_another_experiment() {
        Search first = search("'seed':71001");
        announce();
        train(first, 3);
        ExperimentView trained = awaitEnd(first);
        assertThat(trained.progress().counts().reused()).isZero();

        Search second = search("'seed':71001");
        ExperimentView reused = awaitEnd(second);
        assertThat(reused.state()).isEqualTo(ExperimentState.COMPLETED);
        // One of the three diverged, and what is reused of it is that it did.
        assertThat(reused.progress().counts())
                .isEqualTo(TrialKind.tally(Map.of(TrialKind.REUSED, 2L, TrialKind.DIVERGED, 1L)));
        assertThat(reused.spent().trainings()).isZero();
        assertThat(second.trials()).allSatisfy(trial -> {
            assertThat(trial.reusedFrom()).isEqualTo(first.id() + "-" + trial.cellId());
            assertThat(trial.state())
                    .isEqualTo(first.trial(first.id() + "-" + trial.cellId())
                            .summary()
                            .state());
            assertThat(second.trial(trial.id()).identity())
                    .isEqualTo(first.trial(first.id() + "-" + trial.cellId()).identity());
        });
    }

    private Search search(String settings) {
        return new Search(
                experiments, trials, "{'operations':['identity'],'blocks':1,'training':{'epochs':3}," + settings + "}");
    }

    private static Trainer trainer(Machine machine) {
        return new Trainer("trainer-reuse", machine);
    }

    /** The trainer stays alive meanwhile: only what a live one would compute is reused. */
    private ExperimentView awaitEnd(Search search) {
        return search.await(experiment -> {
            trainer.announce(1);
            return experiment.state().isTerminal();
        });
    }

    private void announce() {
        trainer.announce(1);
        await().until(() -> !trainers.liveMachines("torch").isEmpty());
    }

    /** The first training diverges, the others have an accuracy. */
    private void train(Search search, int trainings) {
        trainer.end(trainer.claim(trainer.takeAlive(search.id())), new Outcome.Diverged(1, MACHINE));
        for (int training = 1; training < trainings; training++) {
            trainer.end(trainer.claim(trainer.takeAlive(search.id())), trained());
        }
    }

    private static Outcome trained() {
        return new Outcome.Trained(0.5, MACHINE, false);
    }
}
