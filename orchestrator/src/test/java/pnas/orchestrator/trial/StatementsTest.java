package pnas.orchestrator.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.peer.Wait.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.hibernate.SessionEventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.orchestrator.QuickTimes;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.life.store.TrialTransactions;
import pnas.orchestrator.life.store.Turns;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.specification.Drafts;
import pnas.testing.KafkaAndDatabase;

/** How often a transaction asks the database: a statement more in one of these is seen here. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class StatementsTest {
    @Inject
    Session database;

    @Inject
    TrialChanges changes;

    @Inject
    Store store;

    @Inject
    Turns turns;

    @Inject
    Trials trials;

    @Inject
    Experiments experiments;

    @Inject
    Reports reports;

    private String experiment = "";

    /** Three trainings in one stage. */
    private AttemptRef begin(String settings) {
        experiment = experiments
                .create(Drafts.draft("{'operations':['identity'],'blocks':1," + settings + "}"), null)
                .id();
        String trial = trials.rows(experiment, 0, 1).getFirst().trial().id();
        return new AttemptRef(trial, 1, "trainer-statements", UUID.randomUUID());
    }

    @AfterEach
    void end() {
        experiments.cancel(experiment);
    }

    @Test
    void a_claim_a_heartbeat_and_a_result_take_no_more_than_these() {
        AttemptRef attempt = begin("'engine':'replay'");
        assertThat(statements(new TrainingProgress.Claimed(1, attempt))).isEqualTo(6);
        assertThat(statements(new TrainingProgress.Heartbeat(1, attempt, 7, 0))).isEqualTo(4);
        assertThat(statements(new TrainingProgress.Ended(1, attempt, Trainer.trained(0.5), 0.25)))
                .isEqualTo(6);
    }

    @Test
    void a_claim_that_must_not_train_what_another_one_trains_takes_one_more() {
        AttemptRef attempt = begin("'engine':'torch','reuse':true,'seed':91001");
        assertThat(statements(new TrainingProgress.Claimed(1, attempt))).isEqualTo(7);
    }

    @Test
    void a_turn_of_dispatch_takes_no_more_than_these() {
        assertThat(statementsOfTurns("'reuse':false")).isEqualTo(List.of(4, 5, 1));
        assertThat(statementsOfTurns("'reuse':true")).isEqualTo(List.of(5, 6, 2));
    }

    @Test
    void to_know_that_an_experiment_is_there_takes_one() {
        AttemptRef _ = begin("'engine':'replay'");
        assertThat(statements(
                        () -> assertThat(experiments.head(experiment).name()).isEqualTo("unnamed")))
                .isEqualTo(1);
    }

    @Test
    void a_report_asks_for_what_it_shows() {
        AttemptRef _ = begin("'engine':'replay'");
        assertThat(statements(() -> reports.experiment(experiment))).isEqualTo(11);
        assertThat(statements(() -> reports.stages(experiment))).isEqualTo(2);
        assertThat(statements(() -> reports.best(experiment))).isEqualTo(2);
        assertThat(statements(() -> reports.outline(experiment))).isEqualTo(1);

        experiments.pause(experiment);
        assertThat(statements(() -> reports.experiment(experiment))).isEqualTo(8);

        String other = experiment;
        experiments.cancel(other);
        AttemptRef _ = begin("'engine':'replay'");
        experiments.cancel(experiment);
        assertThat(statements(() -> reports.experiments(List.of(other, experiment))))
                .isEqualTo(3);
    }

    /** Of what reads a turn that sends three jobs, of what notes them, and of what finds all of them out; to have the turn is no statement of these. */
    private List<Integer> statementsOfTurns(String settings) {
        // The dispatcher leaves to this turn what is created meanwhile.
        Turns.Held turn =
                await().until(() -> turns.take("vector"), Optional::isPresent).orElseThrow();
        try {
            AttemptRef _ = begin("'engine':'vector','seed':91002," + settings);
            TrialTransactions transactions = new TrialTransactions(store, new LeaseTerms(Duration.ofMinutes(1), 4));
            List<TrialTransactions.Turn> read = new ArrayList<>();
            int reading = statements(() -> read.add(transactions.turn("vector", 3)));
            Map<String, Long> offsets =
                    read.getFirst().jobs().stream().collect(Collectors.toMap(TrainingJob::trialId, _ -> 1L));
            assertThat(offsets).hasSize(3);
            int noting = statements(() -> transactions.sent(read.getFirst(), offsets));
            int idle = statements(() -> read.add(transactions.turn("vector", 3)));
            assertThat(read.getLast().jobs()).isEmpty();
            return List.of(reading, noting, idle);
        } finally {
            experiments.cancel(experiment);
            turn.close();
        }
    }

    private int statements(TrainingProgress message) {
        return statements(() -> changes.apply(List.of(message)));
    }

    /** Of a transaction that does nothing else. */
    private int statements(Runnable work) {
        return QuarkusTransaction.requiringNew().call(() -> {
            AtomicInteger prepared = count();
            work.run();
            return prepared.get();
        });
    }

    /** Counts the statements of the running transaction from now on. */
    private AtomicInteger count() {
        AtomicInteger prepared = new AtomicInteger();
        database.addEventListeners(new SessionEventListener() {
            @Override
            public void jdbcPrepareStatementEnd() {
                prepared.incrementAndGet();
            }
        });
        return prepared;
    }
}
