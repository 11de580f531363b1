package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import pnas.process.JavaCommand;

/**
 * The platform of this JVM's tests: two orchestrators, a predictor and two trainers on a broker and a database of their own, started once and
 * stopped when the JVM ends. The lease is 3 s, so that a killed trainer is missed soon. It logs JSON and sends its traces to the tests.
 */
final class RunningPlatform implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final Path INSTALL = Path.of(Objects.requireNonNull(System.getProperty("pnas.install"), "pnas.install"));
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static @Nullable RunningPlatform shared;

    private final Path home;
    private final Path temporary;
    private final Process supervisor;
    private final Rest rest;
    private final List<Process> joined = new ArrayList<>();
    private final TraceReceiver traces;

    private RunningPlatform(Path home, Path temporary, Process supervisor, Rest rest, TraceReceiver traces) {
        this.home = home;
        this.temporary = temporary;
        this.traces = traces;
        this.supervisor = supervisor;
        this.rest = rest;
    }

    static synchronized RunningPlatform shared() throws IOException {
        if (shared == null) {
            RunningPlatform started = start(
                    inLanguage("tr", "TR"),
                    "--orchestrators 2 --trainers 0 --vector-trainers 2 --replay-trainers 1".split(" "));
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            shared = started;
        }
        return shared;
    }

    /**
     * What a user in another country has, and neither the supervisor nor its services must see: neither Turkish casing nor digits other than 0 to 9. Java
     * believes it also where the system has no such language. With it comes what the user has set for the clients of another broker and another database.
     */
    static Map<String, String> inLanguage(String language, String country) {
        return Map.of(
                "LC_ALL", language + "_" + country + ".UTF-8",
                "JAVA_TOOL_OPTIONS", "-Duser.language=%s -Duser.country=%s".formatted(language, country),
                "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "KAFKA_SASL_MECHANISM", "PLAIN",
                "PGOPTIONS", "-c search_path=of_the_user",
                "QUARKUS_DATASOURCE_JDBC_DRIVER", "of.the.user");
    }

    /**
     * Another platform; the test that starts it closes it.
     *
     * @param environment for all of its services
     * @param flags that say how many of each service
     */
    static RunningPlatform start(Map<String, String> environment, String... flags) throws IOException {
        // Each of these means something to one of the programs below.
        Path home = Files.createTempDirectory("pnas, \"system\" 100% $HOME ${user.home} \\");
        Path temporary = Files.createTempDirectory("pnas-temporary");
        int port = freePort();
        Path local = INSTALL.resolve("local-platform/target");
        TraceReceiver traces = new TraceReceiver();
        // As the command line starts it.
        List<String> command = new ArrayList<>(JavaCommand.of(
                List.of("-Xmx128m", "-XX:+UseSerialGC"),
                List.of(
                        "-cp",
                        local.resolve("lib") + "/*:" + local.resolve("pnas-local-platform-0.1.0.jar"),
                        "pnas.local.PlatformMain",
                        "--install",
                        INSTALL.toString(),
                        "--home",
                        home.toString(),
                        "--port",
                        Integer.toString(port),
                        "--lease",
                        "PT3S",
                        "--attached")));
        command.addAll(List.of(flags));
        ProcessBuilder platform = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        platform.environment()
                .putAll(Map.of(
                        "PNAS_LOG_JSON", "true",
                        "QUARKUS_OTEL_SDK_DISABLED", "false",
                        "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", traces.url(),
                        "QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                        "QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "500MS"));
        platform.environment().put("TMPDIR", temporary.toString());
        platform.environment().putAll(environment);
        Process supervisor = platform.start();
        BufferedReader reports = supervisor.inputReader(StandardCharsets.UTF_8);
        for (String line = reports.readLine(); line != null; line = reports.readLine()) {
            JsonNode report = JSON.readTree(line);
            switch (report.path("state").asText()) {
                case "ready" -> {
                    return new RunningPlatform(
                            home, temporary, supervisor, new Rest("http://localhost:" + port), traces);
                }
                case "failed" -> throw new IllegalStateException(report.toString());
                default -> {}
            }
        }
        throw new IllegalStateException("the platform ended before it was ready, see " + home.resolve("logs"));
    }

    /** Starts another trainer as any other machine would: told by its environment alone where the broker is. */
    void joinTrainer(String worker) throws IOException {
        ProcessBuilder trainer = new ProcessBuilder(
                        JAVA,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-jar",
                        INSTALL.resolve("trainer-service/vector/target/quarkus-app/quarkus-run.jar")
                                .toString())
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(home.resolve("logs"), worker, ".log")
                        .toFile());
        broker().forEach((name, value) ->
                trainer.environment().put("KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value));
        trainer.environment()
                .putAll(Map.of(
                        "QUARKUS_HTTP_PORT",
                        "0",
                        "PNAS_TRAINER_WORKER",
                        worker,
                        "PNAS_TRAINER_CHECKPOINTS",
                        home.resolve("checkpoints").toString().replace("$", "$$"),
                        "PNAS_LEASE_DURATION",
                        "PT3S"));
        joined.add(trainer.start());
    }

    Rest rest() {
        return rest;
    }

    /** Where its services send their traces. */
    TraceReceiver traces() {
        return traces;
    }

    Path home() {
        return home;
    }

    /** Where its services put temporary files. */
    Path temporary() {
        return temporary;
    }

    /** What the second orchestrator serves. */
    Rest restOfSecondOrchestrator() {
        return rest.onPort(rest.port() + 1);
    }

    /** How a client of the embedded broker gets in: at the first of the ports that it remembers, with the password that it keeps. */
    Map<String, String> broker() throws IOException {
        return Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + Files.readAllLines(home.resolve("kafka/ports")).getFirst(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"pnas\" password=\"%s\";"
                        .formatted(
                                Files.readString(home.resolve("kafka/password")).strip()));
    }

    /** Process id of a service, by its name in the state file. */
    long pid(String name) throws IOException {
        for (JsonNode process : state().path("processes")) {
            if (process.path("name").asText().equals(name)) {
                return process.path("pid").asLong();
            }
        }
        throw new AssertionError("no process " + name + " in " + state());
    }

    /** Sends a signal and, where it is KILL, waits until the process is gone. */
    void signal(long pid, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).as("kill -%s %s", signal, pid).isZero();
        if (signal.equals("KILL")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    /** Waits until the supervisor has started a service again, as another process than the given one, and gives that one's id. */
    long awaitRestart(String name, long formerPid) {
        return await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> pid(name), pid -> pid != formerPid);
    }

    private JsonNode state() throws IOException {
        return JSON.readTree(Files.readString(home.resolve("platform.json")));
    }

    @Override
    public void close() {
        joined.forEach(Process::destroy);
        try (traces) {
            supervisor.getOutputStream().close();
            if (!supervisor.waitFor(90, TimeUnit.SECONDS)) {
                supervisor.destroyForcibly();
            }
        } catch (IOException e) {
            supervisor.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A port that is free now, and whose neighbour is too. */
    static int freePort() throws IOException {
        for (int tries = 0; ; tries++) {
            try (ServerSocket first = new ServerSocket(0);
                    ServerSocket second = new ServerSocket(first.getLocalPort() + 1)) {
                return Math.min(first.getLocalPort(), second.getLocalPort());
            } catch (IOException e) {
                if (tries == 20) {
                    throw e;
                }
            }
        }
    }
}
