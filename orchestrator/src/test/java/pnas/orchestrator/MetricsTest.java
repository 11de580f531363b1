package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static pnas.orchestrator.peer.Wait.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pnas.engine.Engine;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.peer.Management;
import pnas.orchestrator.peer.Predictor;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.report.Idleness;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;
import pnas.testing.Metrics;

/** What can be measured, as Prometheus reads it. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class MetricsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Experiments experiments;

    @Inject
    Trials trials;

    @Test
    void every_series_is_there_before_anything_happens() {
        String metrics = metrics();
        for (TrialKind state : TrialKind.values()) {
            assertThat(metrics).contains("\npnas_trials{state=\"" + state + "\"} ");
        }
        for (String engine : Engine.texts()) {
            assertThat(metrics)
                    .contains(
                            "\npnas_trainers{engine=\"" + engine + "\",state=\"actual\"} ",
                            "\npnas_trainers{engine=\"" + engine + "\",state=\"desired\"} ");
        }
        for (int stage = 2; stage <= 5; stage++) {
            assertThat(metrics)
                    .contains(
                            "\npnas_predictor_spearman{split=\"nextStage\",stage=\"" + stage + "\"} ",
                            "\npnas_predictor_spearman{split=\"withinStage\",stage=\"" + stage + "\"} ",
                            "\npnas_training_seconds_count{stage=\"" + stage + "\"} ");
        }
        for (String outcome : List.of("trained", "replayed", "duplicate", "expired", "crashed")) {
            assertThat(metrics).contains("\npnas_attempts_total{outcome=\"" + outcome + "\"} ");
        }
        assertThat(metrics)
                .contains(
                        "\npnas_dispatch_seconds_count ",
                        "\npnas_lease_expired_total ",
                        "\npnas_duplicate_results_total ",
                        "\npnas_stage_barrier_idle_seconds_total ",
                        "\npnas_event_streams ",
                        "\npnas_event_streams_refused_total ",
                        "\npnas_event_streams_dropped_total ",
                        "\npnas_event_reads_total ",
                        "\npnas_outbox_oldest_seconds ");
    }

    @Test
    void counts_how_long_trainers_stand_idle_before_a_stage_ends() {
        Search search = new Search(experiments, trials, "{'engine':'replay','operations':['identity'],'blocks':1}");
        double before = value("pnas_stage_barrier_idle_seconds_total");
        try (Trainer trainer = new Trainer("metrics-trainer")) {
            // Again and again: who says nothing for a lease counts as gone, and the gauge is read less often than that.
            await().atMost(PATIENCE).until(() -> {
                trainer.announce(3);
                return value("pnas_trainers{engine=\"replay\",state=\"actual\"}") >= 1;
            });
            List<TrainingJob> jobs =
                    List.of(trainer.take(search.id()), trainer.take(search.id()), trainer.take(search.id()));
            List<AttemptRef> attempts = jobs.stream().map(trainer::claim).toList();
            trainer.end(attempts.get(0), measured(0.5));
            trainer.end(attempts.get(1), measured(0.6));
            search.await(experiment -> experiment.progress().counts().trained() == 2);
            // Two slots stand idle from here on, for at least this long.
            long idleSince = System.nanoTime();
            trainer.beat(attempts.get(2), 1);
            search.awaitTrial(
                    jobs.get(2).trialId(), trial -> trial.attempts().getFirst().step() == 1);
            double idle = 2 * (System.nanoTime() - idleSince) / 1e9;
            trainer.end(attempts.get(2), measured(0.7));
            search.await(experiment -> experiment.state().isTerminal());

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(value("pnas_stage_barrier_idle_seconds_total") - before)
                            .isGreaterThan(idle));
            Idleness measured = search.view().stages().getFirst().idle();
            assertThat(measured.seconds()).isGreaterThan(idle);
            assertThat(measured.share()).isStrictlyBetween(0.0, 1.0);
            trainer.leave();
        }
    }

    /** The result of a training: how idle slots were says nothing where results are replayed. */
    private static Outcome measured(double accuracy) {
        return new Outcome.Trained(accuracy, Trainer.MACHINE, false);
    }

    @Test
    void tells_how_many_trainers_could_train_what_is_open() {
        String desired = "pnas_trainers{engine=\"torch\",state=\"desired\"}";
        Search search = new Search(
                experiments, trials, "{'operations':['identity','sep3x3'],'blocks':1,'maxParallelTrainings':4}");

        await().atMost(PATIENCE).until(() -> value(desired) == 4);
        experiments.cancel(search.id());
    }

    @Test
    void tells_how_well_the_latest_stage_was_predicted() {
        Search search =
                new Search(experiments, trials, "{'engine':'replay','operations':['identity'],'blocks':2,'beam':3}");
        search.run(Predictor.rankingBy(Search::accuracy));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(value("pnas_predictor_spearman{split=\"nextStage\",stage=\"2\"}"))
                        .isCloseTo(1, within(1e-9)));
    }

    @Test
    void the_dashboard_queries_nothing_that_is_not_there() throws IOException {
        Set<String> ours = Metrics.queriedByTheDashboard();
        // The trainer and the predictor check what begins with their names.
        ours.removeIf(name -> name.startsWith("pnas_trainer_") || name.startsWith("pnas_ranking_"));

        assertThat(ours).hasSizeGreaterThan(8);
        assertThat(Metrics.namesIn(metrics())).containsAll(ours);
    }

    private static double value(String series) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static String metrics() {
        return "\n" + Management.get("/q/metrics");
    }
}
