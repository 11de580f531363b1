package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.failure.ErrorCode;
import pnas.message.DataSet;
import pnas.message.Replay;
import pnas.message.Topics;
import pnas.message.TrainerEvent;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Heartbeat;
import pnas.message.TrainingProgress.Outcome;
import pnas.network.ImageShape;
import pnas.testing.KafkaOnly;
import pnas.testing.Metrics;
import pnas.trainer.Jobs;

/** The whole trainer with a real broker and a real child process. The topics are made after it has started, as may happen. */
@QuarkusTest
@QuarkusTestResource(KafkaOnly.class)
@TestProfile(ShortLease.class)
class IntakeTest {
    private static OrchestratorSide orchestrator;

    private final MeterRegistry metrics;

    IntakeTest(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @BeforeAll
    static void prepareBroker() throws InterruptedException, ExecutionException, TimeoutException {
        OrchestratorSide.prepareBroker();
        orchestrator = new OrchestratorSide();
    }

    @AfterAll
    static void close() {
        orchestrator.close();
    }

    @Test
    void claims_a_job_trains_it_and_tells_the_outcome() {
        orchestrator.send(Jobs.oracle("trained", 0));
        List<TrainingProgress> events = orchestrator.progressUntil(Ended.class, "trained");
        AttemptRef attempt = events.getFirst().attempt();
        assertThat(events.getFirst()).isEqualTo(new Claimed(1, attempt));
        assertThat(attempt.number()).isEqualTo(1);
        assertThat(attempt.worker()).isEqualTo(ShortLease.WORKER);
        assertThat(events.getLast()).isInstanceOfSatisfying(Ended.class, ended -> {
            assertThat(ended.attempt()).isEqualTo(attempt);
            assertThat(ended.outcome()).isInstanceOf(Outcome.Trained.class);
        });
    }

    @Test
    void the_dashboard_queries_nothing_of_a_trainer_that_is_not_there() throws IOException {
        Set<String> ours = Metrics.queriedByTheDashboard();
        ours.removeIf(name -> !name.startsWith("pnas_trainer_"));

        assertThat(ours).isNotEmpty();
        URI served = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class) + "/q/metrics");
        try (InputStream body = served.toURL().openStream()) {
            assertThat(Metrics.namesIn(new String(body.readAllBytes(), StandardCharsets.UTF_8)))
                    .containsAll(ours);
        }
    }

    @ParameterizedTest
    @CsvSource({"rebound.example:8081, 421", "localhost, 200", "127.0.0.1:8081, 200", "10.1.2.3:8081, 200"})
    void health_and_metrics_are_told_to_who_names_this_server_or_an_address(String host, int status)
            throws IOException {
        URI server = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
        for (String path : List.of("/q/health/live", "/q/metrics")) {
            try (Socket socket = new Socket(server.getHost(), server.getPort())) {
                socket.getOutputStream()
                        .write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                                .formatted(path, host)
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 " + status + " ");
            }
        }
    }

    @Test
    void mints_a_token_for_each_delivery() {
        orchestrator.send(Jobs.oracle("twice", 0));
        AttemptRef first =
                orchestrator.progressUntil(Ended.class, "twice").getFirst().attempt();
        orchestrator.send(Jobs.oracle("twice", 0));
        orchestrator.send(Jobs.oracle("after-twice", 0));
        orchestrator.progressUntil(Ended.class, "after-twice");
        assertThat(orchestrator.progressOf("twice"))
                .filteredOn(Claimed.class::isInstance)
                .extracting(event -> event.attempt().token())
                .hasSize(2)
                .doesNotHaveDuplicates()
                .contains(first.token());
    }

    @Test
    void sends_heartbeats_until_it_is_told_to_stop() {
        orchestrator.send(Jobs.oracle("stopped", 3600));
        // The first heartbeats may come before the first step.
        AttemptRef attempt = orchestrator
                .progressUntil(event -> event instanceof Heartbeat heartbeat && heartbeat.step() > 0, "stopped")
                .getFirst()
                .attempt();
        orchestrator.stop(new AttemptRef(attempt.trialId(), attempt.number(), attempt.worker(), UUID.randomUUID()));
        orchestrator.send(Topics.CONTROL, "no command".getBytes(StandardCharsets.UTF_8));
        orchestrator.stop(attempt);
        List<TrainingProgress> events = orchestrator.progressUntil(Ended.class, "stopped");
        assertThat(((Ended) events.getLast()).outcome()).isEqualTo(new Outcome.Cancelled());
        assertThat(events)
                .filteredOn(Heartbeat.class::isInstance)
                .extracting(event -> ((Heartbeat) event).step())
                .isSorted();
        assertThat(metrics.counter("pnas_trainer_malformed_commands").count()).isPositive();
    }

    @Test
    void rejects_what_nobody_can_read_and_goes_on() {
        byte[] garbage = "{\"schemaVersion\":1,\"trialId\":".getBytes(StandardCharsets.UTF_8);
        orchestrator.send(Topics.jobs("replay"), garbage);
        orchestrator.send(Jobs.oracle("after-garbage", 0));
        orchestrator.progressUntil(Ended.class, "after-garbage");
        assertThat(orchestrator.deadJobsUntil(record -> Arrays.equals(record, garbage)))
                .isNotEmpty();
        assertThat(metrics.counter("pnas_trainer_rejected_jobs").count()).isPositive();
    }

    @Test
    void claims_a_job_that_cannot_be_done_and_tells_why() {
        orchestrator.send(Jobs.replay("impossible", new Replay(null, "missing.csv", null)));
        List<TrainingProgress> events = orchestrator.progressUntil(Ended.class, "impossible");
        assertThat(events.getFirst()).isInstanceOf(Claimed.class);
        assertThat(((Ended) events.getLast()).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_IN_TABLE));
    }

    @Test
    void looks_for_the_data_of_a_job_before_it_trains() throws IOException {
        Path data = Files.createDirectories(Path.of("target/data"));
        Files.writeString(data.resolve("elsewhere.source"), "url=ftp://example.org\nsha256=" + "0".repeat(64));
        DataSet dataSet = new DataSet("elsewhere", "0".repeat(64), new ImageShape(8, 8, 1), 10, 10, 10, 0, 0);
        orchestrator.send(Jobs.on(dataSet));
        List<TrainingProgress> events =
                orchestrator.progressUntil(Ended.class, Jobs.on(dataSet).trialId());
        assertThat(((Ended) events.getLast()).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.message()).startsWith("elsewhere.source: url must be https"));
    }

    @Test
    void announces_itself_and_tells_that_it_lives() {
        List<TrainerEvent> events = orchestrator.trainerUntil(TrainerEvent.Alive.class, ShortLease.WORKER);
        assertThat(events.getFirst()).isInstanceOfSatisfying(TrainerEvent.Announced.class, announced -> {
            assertThat(announced.machine().engine()).isEqualTo("replay");
            assertThat(announced.slots()).isEqualTo(1);
        });
    }

    @Test
    void has_every_metric_from_the_start() {
        assertThat(metrics.getMeters())
                .extracting(meter -> meter.getId().getName())
                .contains(
                        "pnas_trainer_training_seconds",
                        "pnas_trainer_running_trainings",
                        "pnas_trainer_rejected_jobs",
                        "pnas_trainer_malformed_commands");
    }
}
