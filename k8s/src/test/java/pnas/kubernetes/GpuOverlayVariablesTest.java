package pnas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.local.EmbeddedDatabase;
import pnas.local.FreePorts;

/**
 * The services as processes with the variables that the overlay for GPUs gives them, addresses, folders and the kind of device aside, on a
 * broker with TLS, SASL and access rights.
 */
class GpuOverlayVariablesTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Path INSTALL =
            Path.of(Objects.requireNonNull(System.getProperty("pnas.install"), "pnas.install"));

    private final Rendering rendering = Rendering.of("gpu");
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    /** A service that was started, and where it tells of its health. */
    private record Service(Process process, int port, int managementPort, Path log) {
        String logged() {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        boolean isReady() {
            assertThat(process.isAlive()).as(this::logged).isTrue();
            try {
                return get(managementPort, "/q/health/ready").statusCode() == 200;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void a_search_completes_on_a_secured_broker_and_wrong_credentials_leave_a_service_unready_with_the_cause()
            throws Exception {
        EmbeddedDatabase database = new EmbeddedDatabase(
                folder.resolve("postgres"), folder.resolve("binaries"), folder.resolve("postgres.log"), new Random());
        // The services end before what they talk to.
        try (database;
                SecuredKafka kafka = SecuredKafka.start(folder);
                AutoCloseable _ = this::stopServices) {
            database.start();
            Map<String, String> place = new HashMap<>(Map.of(
                    "KAFKA_BOOTSTRAP_SERVERS", kafka.server(),
                    "KAFKA_SSL_TRUSTSTORE_LOCATION", kafka.certificate().toString(),
                    "KAFKA_SASL_JAAS_CONFIG", SecuredKafka.login(),
                    "QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl(),
                    "QUARKUS_DATASOURCE_USERNAME", EmbeddedDatabase.USERNAME,
                    "QUARKUS_DATASOURCE_PASSWORD", EmbeddedDatabase.PASSWORD,
                    "POD_IP", "127.0.0.1",
                    "PNAS_DATA", folder.resolve("data").toString(),
                    "PNAS_TRAINER_CHECKPOINTS", folder.resolve("checkpoints").toString(),
                    "PNAS_TRAINER_DEVICE", "cpu"));
            place.putAll(Map.of(
                    "PNAS_MODELS",
                    folder.resolve("models").toString(),
                    "PNAS_TRAINER_WORKER",
                    "trainer-1",
                    "PNAS_CAPACITY_MODE",
                    "none",
                    "PNAS_ACCESS_ADMIN_KEY_HASH",
                    "0".repeat(64)));

            Map<String, String> unknown = new HashMap<>(place);
            unknown.put("KAFKA_SASL_JAAS_CONFIG", SecuredKafka.loginWith("another"));
            unknown.put("PNAS_TRAINER_WORKER", "trainer-2");
            Map<String, String> blind = new HashMap<>(place);
            blind.remove("PNAS_TRAINER_DEVICE");
            blind.put("PNAS_TRAINER_WORKER", "trainer-3");

            // As in a cluster, where everything starts at once: the database is not there yet.
            database.stop();
            Service orchestrator = start("Deployment", "pnas-orchestrator", "orchestrator", place);
            Service predictor = start("Deployment", "pnas-predictor", "predictor-service", place);
            Service trainer = start("Job", "pnas-trainer", "trainer-service/torch", place);
            List<Service> strangers = List.of(
                    start("Deployment", "pnas-orchestrator", "orchestrator", unknown),
                    start("Deployment", "pnas-predictor", "predictor-service", unknown),
                    start("Job", "pnas-trainer", "trainer-service/torch", unknown));
            Service trainerWithoutDriver = start("Job", "pnas-trainer", "trainer-service/torch", blind);
            awaitLogged(orchestrator, "Connection error");
            database.start();

            await().atMost(LIMIT).until(orchestrator::isReady);
            String experiment = submit(orchestrator);
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
                assertThat(trainer.process().isAlive()).as(trainer::logged).isTrue();
                assertThat(predictor.process().isAlive()).as(predictor::logged).isTrue();
                return !show(orchestrator, experiment).path("state").asText().equals("RUNNING");
            });
            assertThat(show(orchestrator, experiment).path("state").asText()).isEqualTo("COMPLETED");
            assertThat(folder.resolve("models"))
                    .isDirectoryContaining(file -> file.getFileName().toString().startsWith(experiment));
            assertThat(predictor.isReady()).isTrue();
            assertThat(orchestrator.logged()).doesNotContain("AuthorizationException");
            assertThat(predictor.logged()).doesNotContain("AuthorizationException");
            assertThat(trainer.logged()).doesNotContain("AuthorizationException");

            for (Service stranger : strangers) {
                awaitLogged(stranger, "SaslAuthenticationException");
                assertThat(stranger.isReady()).as(stranger::logged).isFalse();
            }

            // A node without a driver: the trainer stays, takes nothing, and says why.
            awaitLogged(trainerWithoutDriver, "the process that trains did not come up");
            assertThat(trainerWithoutDriver.isReady()).isFalse();
            assertThat(trainerWithoutDriver
                            .get(trainerWithoutDriver.managementPort(), "/q/health/ready")
                            .body())
                    .contains("there is no device cuda:0: libtorch finds 0 GPUs", "nvidia-smi");
        }
    }

    private static void awaitLogged(Service service, String text) {
        await().atMost(LIMIT).until(() -> {
            assertThat(service.process().isAlive()).as(service::logged).isTrue();
            return service.logged().contains(text);
        });
    }

    private void stopServices() {
        processes.forEach(Process::destroy);
        processes.forEach(process -> process.onExit().join());
    }

    /** Starts the program of a workload with the variables of its container, those of the place in their stead. */
    private Service start(String kind, String name, String module, Map<String, String> place) throws IOException {
        Workload workload = new Workload(rendering.get(kind, name));
        JsonNode container = workload.containers().getFirst();
        List<Integer> ports = FreePorts.choose(2, new Random());
        int port = ports.getFirst();
        int managementPort = module.equals("orchestrator") ? ports.getLast() : port;
        Path log = folder.resolve(name + "-" + processes.size() + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                INSTALL.resolve(module)
                        .resolve("target/quarkus-app/quarkus-run.jar")
                        .toString());
        for (Workload.Variable variable : workload.environment(container, rendering)) {
            String value = place.getOrDefault(variable.name(), variable.value());
            assertThat(value).as(variable.name()).isNotEmpty();
            builder.environment().put(variable.name(), value.replace("$(POD_IP)", "127.0.0.1"));
        }
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        processes.add(process);
        return new Service(process, port, managementPort, log);
    }

    private static String submit(Service orchestrator) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + orchestrator.port() + "/api/v1/experiments"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("""
                                {"dataset": "digits", "operations": ["max3x3", "identity"], "blocks": 2, "beam": 1,
                                 "layout": "cifar", "repetitions": 1, "filters": 2, "seed": 7, "trainImages": 200,
                                 "training": {"epochs": 1, "batchSize": 64}}"""))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).path("id").asText();
    }

    private static JsonNode show(Service orchestrator, String experiment) throws IOException, InterruptedException {
        return JSON.readTree(orchestrator
                .get(orchestrator.port(), "/api/v1/experiments/" + experiment)
                .body());
    }
}
