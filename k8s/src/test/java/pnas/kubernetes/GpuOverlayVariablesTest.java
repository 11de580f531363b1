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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.local.EmbeddedDatabase;
import pnas.local.FreePorts;

/**
 * The services as processes with the variables that the overlay for GPUs gives them, addresses, folders and the kind of device aside, on a
 * broker with TLS, SASL and access rights, as one installation of several: the broker lets them touch their own names only.
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

    /**
     * A service that was started.
     *
     * @param managementPort where it tells of its health
     * @param terminationLog where it leaves what Kubernetes is to show of its end
     */
    private record Service(Process process, int port, int managementPort, Path log, Path terminationLog) {
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
    void a_search_completes_on_a_secured_broker_and_services_that_cannot_take_part_say_why() throws Exception {
        EmbeddedDatabase database = new EmbeddedDatabase(
                folder.resolve("postgres"), folder.resolve("binaries"), folder.resolve("postgres.log"), new Random());
        // The services end before what they talk to.
        try (database;
                SecuredKafka kafka = SecuredKafka.start(folder);
                AutoCloseable _ = this::stopServices) {
            database.start();
            Map<String, String> place = place(kafka, database);
            Map<String, String> unknown = new HashMap<>(place);
            unknown.put("KAFKA_SASL_JAAS_CONFIG", SecuredKafka.login("orchestrator", "another"));
            unknown.put("PNAS_TRAINER_WORKER", "trainer-2");
            Map<String, String> withoutDriver = new HashMap<>(place);
            withoutDriver.remove("PNAS_TRAINER_DEVICE");
            withoutDriver.put("PNAS_TRAINER_WORKER", "trainer-3");

            // As in a cluster, where everything starts at once: the database is not there yet.
            database.stop();
            Service orchestrator = start("Deployment", "pnas-orchestrator", "orchestrator", place);
            Service predictor = start("Deployment", "pnas-predictor", "predictor-service", place);
            Service strangeOrchestrator = start("Deployment", "pnas-orchestrator", "orchestrator", unknown);
            Service strangePredictor = start("Deployment", "pnas-predictor", "predictor-service", unknown);
            Service strangeTrainer = start("Job", "pnas-trainer", "trainer-service/torch", unknown);

            awaitRefused(strangeTrainer);
            awaitLogged(orchestrator, "Connection error");
            database.start();
            await().atMost(LIMIT).until(orchestrator::isReady);
            // Now that the orchestrator has made the topics: without them nothing that a trainer tells can arrive.
            Service trainer = start("Job", "pnas-trainer", "trainer-service/torch", place);
            Service blindTrainer = start("Job", "pnas-trainer", "trainer-service/torch", withoutDriver);
            String experiment = submit(orchestrator);
            awaitLogged(blindTrainer, "the process that trains did not come up");
            assertThat(blindTrainer.isReady()).isFalse();
            String[] noDriver = {"there is no device cuda:0: libtorch finds 0 GPUs", "nvidia-smi"};
            assertThat(blindTrainer
                            .get(blindTrainer.managementPort(), "/q/health/ready")
                            .body())
                    .contains(noDriver);
            String end = await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> {
                                assertThat(trainer.process().isAlive())
                                        .as(trainer::logged)
                                        .isTrue();
                                assertThat(predictor.process().isAlive())
                                        .as(predictor::logged)
                                        .isTrue();
                                return show(orchestrator, "experiments/" + experiment)
                                        .path("state")
                                        .asText();
                            },
                            state -> !state.equals("RUNNING"));
            assertThat(end).isEqualTo("COMPLETED");
            assertThat(folder.resolve("models"))
                    .isDirectoryContaining(file -> file.getFileName().toString().startsWith(experiment));
            await().atMost(LIMIT).until(predictor::isReady);

            awaitRefused(strangeOrchestrator);
            awaitRefused(strangePredictor);
            assertEnded(strangeTrainer, 1);
            assertThat(strangeTrainer.terminationLog())
                    .content()
                    .contains("no job can be taken from the broker: Authentication failed");
            assertEnded(blindTrainer, 1);
            assertThat(blindTrainer.terminationLog()).content().contains(noDriver);
            assertEnded(trainer, 0);
            assertThat(trainer.terminationLog()).isEmptyFile();
            // The one that trained, and the one without a driver, which had said that it cannot.
            await().atMost(LIMIT)
                    .until(
                            () -> show(orchestrator, "workers").findValuesAsText("state"),
                            List.of("LEFT", "LEFT")::equals);
            for (Service service : List.of(orchestrator, predictor, trainer)) {
                assertThat(service.logged()).doesNotContain("AuthorizationException");
            }
            assertThat(kafka.names())
                    .contains(SecuredKafka.PREFIX + "dlq.pnas.jobs.torch", SecuredKafka.PREFIX + "pnas.trainers.torch")
                    .allMatch(name -> name.startsWith(SecuredKafka.PREFIX) || name.startsWith("__"));

            kafka.revoke("orchestrator", SecuredKafka.PREFIX + "pnas.progress");
            kafka.revoke("predictor", SecuredKafka.PREFIX + "pnas.rankings");
            awaitUnready(orchestrator, "pnas.progress");
            awaitUnready(predictor, "pnas.rankings");

            orchestrator.process().destroy();
            orchestrator.process().onExit().join();
            assertThatItLeavesWorkToOthers(strangeOrchestrator, database);
        }
    }

    @Test
    void the_example_for_strimzi_has_the_rights_that_the_documentation_says() {
        List<AclBinding> example = SecuredKafka.rightsOfTheExample();
        assertThat(SecuredKafka.documentedRights())
                .hasSizeGreaterThan(20)
                .allMatch(needed -> example.stream().anyMatch(given -> covers(given, needed)));
    }

    private static boolean covers(AclBinding given, AclBinding needed) {
        return given.entry().operation() == needed.entry().operation()
                && given.pattern().resourceType() == needed.pattern().resourceType()
                && needed.pattern().name().startsWith(given.pattern().name());
    }

    /** What differs from the cluster. */
    private Map<String, String> place(SecuredKafka kafka, EmbeddedDatabase database) {
        return Map.ofEntries(
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", kafka.server()),
                Map.entry("KAFKA_SSL_TRUSTSTORE_LOCATION", kafka.certificate().toString()),
                Map.entry("QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl()),
                Map.entry(
                        "QUARKUS_DATASOURCE_USERNAME", database.roles().owner().username()),
                Map.entry(
                        "QUARKUS_DATASOURCE_PASSWORD", database.roles().owner().password()),
                Map.entry("POD_IP", "127.0.0.1"),
                Map.entry("POD_NAMESPACE", "pnas"),
                Map.entry("PNAS_CAPACITY_HOLDER", "orchestrator-1"),
                Map.entry("PNAS_DATA", folder.resolve("data").toString()),
                Map.entry("PNAS_MODELS", folder.resolve("models").toString()),
                Map.entry(
                        "PNAS_TRAINER_CHECKPOINTS",
                        folder.resolve("checkpoints").toString()),
                Map.entry("PNAS_TRAINER_DEVICE", "cpu"),
                Map.entry("PNAS_TRAINER_WORKER", "trainer-1"),
                // Longer than a broker's first answer takes on a busy machine.
                Map.entry("PNAS_TRAINER_IDLE_EXIT", "10s"),
                Map.entry("PNAS_LEASE_DURATION", "9s"),
                Map.entry("PNAS_CAPACITY_MODE", "none"),
                Map.entry("PNAS_ACCESS_ADMIN_KEY_HASH", "0".repeat(64)));
    }

    /** Waits until the broker has refused a service, which then is not ready and lives. */
    private static void awaitRefused(Service service) {
        awaitLogged(service, "SaslAuthenticationException");
        assertThat(service.isReady()).as(service::logged).isFalse();
    }

    /** Waits until a service that runs is not ready any more, for a cause that names a topic. */
    private static void awaitUnready(Service service, String topic) {
        await().atMost(LIMIT).untilAsserted(() -> {
            HttpResponse<String> answer = service.get(service.managementPort(), "/q/health/ready");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("the broker does not").contains(topic);
        });
    }

    /** An orchestrator that has the database and no broker holds neither the lock of those that send nor a stage to be ranked. */
    private static void assertThatItLeavesWorkToOthers(Service orchestrator, EmbeddedDatabase database)
            throws Exception {
        String queued = submit(orchestrator);
        String toBeRanked = submit(orchestrator);
        try (Connection connection = database.connectAsSuperuser("pnas");
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    update trial set state = 'TRAINED', accuracy = 0.5, finished_at = now(), identity = '{}' where experiment_id = '%1$s';
                    update stage set state = 'DONE', trained = trained + queued, queued = 0 where experiment_id = '%1$s';
                    insert into stage (experiment_id, number, state) values ('%1$s', 2, 'EXPANDING')""".formatted(toBeRanked));
            await().during(Duration.ofSeconds(2)).atMost(LIMIT).until(() -> {
                // Flyway's lock has one key, this one has two.
                try (ResultSet held = statement.executeQuery(
                        "select from pg_locks where locktype = 'advisory' and objsubid = 2 union all"
                                + " select from stage where working_until is not null")) {
                    return !held.next();
                }
            });
        }
        assertThat(show(orchestrator, "experiments/" + queued).path("waiting").asText())
                .startsWith("the broker has not answered since");
    }

    private static void assertEnded(Service trainer, int status) throws InterruptedException {
        assertThat(trainer.process().waitFor(LIMIT)).as(trainer::logged).isTrue();
        assertThat(trainer.process().exitValue()).as(trainer::logged).isEqualTo(status);
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
        Path terminationLog = Files.createFile(folder.resolve(name + "-" + processes.size() + ".cause"));
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
            String value = place.getOrDefault(
                    variable.name(),
                    variable.name().equals("KAFKA_SASL_JAAS_CONFIG")
                            ? SecuredKafka.login(container.path("name").asText())
                            : variable.value());
            assertThat(value).as(variable.name()).isNotEmpty();
            // A variable may name others, as in a cluster.
            for (Map.Entry<String, String> known : place.entrySet()) {
                value = value.replace("$(" + known.getKey() + ")", known.getValue());
            }
            builder.environment().put(variable.name(), value);
        }
        builder.environment().put("PNAS_TRAINER_TERMINATION_LOG", terminationLog.toString());
        builder.environment().put("PNAS_BROKER_PREFIX", SecuredKafka.PREFIX);
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        processes.add(process);
        return new Service(process, port, managementPort, log, terminationLog);
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

    private static JsonNode show(Service orchestrator, String resource) throws IOException, InterruptedException {
        return JSON.readTree(
                orchestrator.get(orchestrator.port(), "/api/v1/" + resource).body());
    }
}
