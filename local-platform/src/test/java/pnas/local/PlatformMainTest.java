package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.process.JavaCommand;

/** The supervisor as a process, with the real broker and database, and {@link TinyService} in the place of the services. */
class PlatformMainTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Meant for other programs, or for another language: the broker does not start in Turkish. */
    private static final Map<String, String> OF_THE_USER = Map.of(
            "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
            "QUARKUS_DATASOURCE_JDBC_DRIVER", "of.the.user",
            "PGOPTIONS", "-c search_path=of_the_user",
            "JAVA_TOOL_OPTIONS", "-Duser.language=tr -Duser.country=TR",
            "LC_ALL", "tr_TR.UTF-8",
            "OMP_NUM_THREADS", "3");

    /** PostgreSQL's programs, unpacked once for all tests. */
    @TempDir
    private static Path programs;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();
    private Path home = Path.of("");
    private Path install = Path.of("");
    private Path hosts = Path.of("");
    private int port;

    @BeforeEach
    void install() throws Exception {
        home = directory.resolve("Smith, J 100% $HOME 'home'");
        Files.createDirectories(home.resolve("postgres"));
        Files.createSymbolicLink(home.resolve("postgres/programs"), programs);
        hosts = Files.writeString(directory.resolve("hosts"), "::1 localhost\n");
        install = directory.resolve("install");
        port = RememberedPorts.in(directory.resolve("port"), 1, new Random()).getFirst();
        for (String module :
                List.of("orchestrator", "predictor-service", "trainer-service/torch", "trainer-service/vector")) {
            writeServiceJar(install.resolve(module).resolve("target/quarkus-app/quarkus-run.jar"));
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        run("--stop");
        Files.delete(home.resolve("postgres/programs"));
    }

    @Test
    void starts_everything_keeps_it_alive_and_leaves_nothing_running() throws Exception {
        Process platform = launch("--trainers", "0", "--torch-trainers", "2", "--lease", "3s");
        BufferedReader lines = platform.inputReader(StandardCharsets.UTF_8);
        assertThat(readUntil(lines, "ready").toString())
                .isEqualTo("{\"state\":\"ready\",\"url\":\"http://localhost:" + port + "\"}");
        PlatformState ready = state();
        assertThat(ready.processes())
                .extracting(ProcessIdentity::name)
                .containsExactlyInAnyOrder(
                        "kafka", "database", "orchestrator", "predictor", "trainer-torch-1", "trainer-torch-2");
        assertThat(ready.pid()).isEqualTo(platform.pid());

        assertThat(Files.readString(home.resolve("logs/orchestrator.log")))
                .contains("QUARKUS_HTTP_PORT=" + port, "QUARKUS_HTTP_HOST=127.0.0.1", "PNAS_LEASE_DURATION=PT3S")
                .contains("PNAS_ACCESS_ADMIN_KEY_HASH="
                        + new Home(home).adminKey().hash())
                .contains("PNAS_CAPACITY_MODE=local", "PNAS_CAPACITY_LOCAL_TORCH=2", "PNAS_CAPACITY_LOCAL_VECTOR=0")
                .containsPattern("KAFKA_BOOTSTRAP_SERVERS=127\\.0\\.0\\.1:\\d+")
                .containsPattern("QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127\\.0\\.0\\.1:\\d+/pnas")
                .contains("LC_ALL=C.UTF-8", "OMP_NUM_THREADS=3")
                .doesNotContain("SASL_SSL", "of.the.user", "JAVA_TOOL_OPTIONS");
        // Its log is there once it has printed something.
        await().atMost(LIMIT)
                .ignoreException(NoSuchFileException.class)
                .untilAsserted(() -> assertThat(Files.readString(home.resolve("logs/trainer-torch-2.log")))
                        .contains(
                                "PNAS_TRAINER_WORKER=local-torch-2", "QUARKUS_HTTP_PORT=0", "PNAS_LEASE_DURATION=PT3S")
                        .doesNotContain("DATASOURCE", "FLYWAY"));
        assertThat(openToOthers(home)).isEmpty();

        assertThat(Files.readString(home.resolve("logs/orchestrator.log")))
                .contains("PNAS_STORAGE_FOLDERS=" + home.toString().replace("$", "$$"));

        for (String name : List.of("orchestrator", "trainer-torch-1", "kafka", "database")) {
            ProcessIdentity killed = process(name);
            killed.find().orElseThrow().destroyForcibly();
            await().atMost(LIMIT)
                    .until(() -> process(name).pid() != killed.pid()
                            && process(name).find().isPresent());
        }

        String second = run();
        assertThat(second)
                .contains("\"state\":\"failed\"", "A platform already runs in " + home + " (process " + platform.pid());

        List<ProcessIdentity> running = state().processes();
        platform.toHandle().destroy();
        assertThat(platform.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        assertThat(platform.exitValue()).isZero();
        assertThat(lines.lines().toList().getLast()).contains("\"state\":\"stopped\"");
        assertThat(running).noneMatch(process -> process.find().isPresent());
        assertThat(home.resolve("platform.json")).doesNotExist();
    }

    @Test
    void what_a_killed_supervisor_started_ends_with_it_and_the_next_one_needs_no_stop() throws Exception {
        String[] flags = {"--trainers", "0", "--torch-trainers", "1", "--build"};
        Path built = install.resolve("trainer-service/torch/target");
        Files.move(built, install.resolve("to-be-built"));
        Files.writeString(install.resolve("pnas"), "echo no Maven >&2; exit 1");
        assertThat(run(flags))
                .isEqualTo(
                        "{\"state\":\"failed\",\"message\":\"Trainers could not be built (trainer-service/torch): no Maven\"}");
        Files.writeString(
                install.resolve("pnas"), "echo \"$*\"; mv '%s' '%s'".formatted(install.resolve("to-be-built"), built));

        Process platform = launch(flags);
        BufferedReader lines = platform.inputReader(StandardCharsets.UTF_8);
        assertThat(readUntil(lines, "remark").path("step").asText()).isEqualTo("build trainer-service/torch");
        readUntil(lines, "ready");
        List<ProcessIdentity> running = state().processes();
        platform.destroyForcibly().waitFor();

        Process next = launch("--trainers", "0", "--torch-trainers", "1");
        readUntil(next.inputReader(StandardCharsets.UTF_8), "ready");

        assertThat(running).noneMatch(process -> process.find().isPresent());
        List<ProcessIdentity> runningNext = state().processes();
        next.destroyForcibly().waitFor();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(runningNext)
                        .as("nobody but their guards ends them")
                        .noneMatch(process -> process.find().isPresent()));
        assertThat(run("--stop")).contains("No platform runs in " + home + ".");
    }

    @Test
    void an_attached_platform_ends_with_its_input_also_while_it_starts() throws Exception {
        Process platform = launch("--attached");
        BufferedReader lines = platform.inputReader(StandardCharsets.UTF_8);
        assertThat(readUntil(lines, "starting").path("step").asText()).isEqualTo("broker and database");
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> process("kafka").find().isPresent());
        ProcessIdentity kafka = process("kafka");

        platform.getOutputStream().close();

        assertThat(platform.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        assertThat(platform.exitValue()).isZero();
        assertThat(kafka.find()).isEmpty();
    }

    @Test
    void stop_ends_a_platform_that_is_still_starting() throws Exception {
        Process platform = launch();
        readUntil(platform.inputReader(StandardCharsets.UTF_8), "starting");

        assertThat(run("--stop")).contains("The platform of " + home + " was stopped.");

        assertThat(platform.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        assertThat(platform.exitValue()).isZero();
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(home.toString())))
                .isEmpty();
    }

    @Test
    void a_service_that_ends_again_and_again_is_told_and_stops_no_other() throws Exception {
        Path wish = home.resolve("checkpoints/trainers-end-at-once");
        Files.createDirectories(wish.getParent());
        Files.createFile(wish);
        Process platform = launch("--trainers", "0", "--torch-trainers", "1");
        BufferedReader lines = platform.inputReader(StandardCharsets.UTF_8);
        readUntil(lines, "ready");

        JsonNode told = readUntil(lines, "remark");

        String sentence =
                "trainer-torch-1 ended 5 times in a row, each within 60 s of its start, and is started again in 8 s; its log "
                        + home.resolve("logs/trainer-torch-1.log") + " says why.";
        assertThat(told.path("step").asText()).isEqualTo(sentence);
        assertThat(state().state()).isEqualTo(PlatformState.Progress.READY);
        assertThat(state().troubles()).containsExactly(sentence);
        assertThat(process("orchestrator").find()).isPresent();
        Files.delete(wish);
        // A log is missing for a moment when the next one takes its place.
        await().atMost(LIMIT)
                .ignoreException(NoSuchFileException.class)
                .until(() -> Files.readString(home.resolve("logs/trainer-torch-1.log"))
                        .contains("serving"));
    }

    @Test
    void a_taken_port_is_told_before_anything_is_started() throws Exception {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run())
                    .isEqualTo(
                            "{\"state\":\"failed\",\"message\":\"Port " + port
                                    + " is taken by another program: stop that program, or choose another port, for instance with --url http://localhost:8081.\"}");
        }
        assertThat(home.resolve("kafka")).doesNotExist();
    }

    @Test
    void a_service_that_is_not_built_is_told_with_how_to_build_it() throws Exception {
        Path jar = install.resolve("predictor-service/target/quarkus-app/quarkus-run.jar");
        Files.delete(jar);

        assertThat(run())
                .contains("The service predictor-service is not built (" + jar
                        + " is missing): build it with ./pnas build.");
    }

    @Test
    void wrong_flags_are_told_with_status_2() throws Exception {
        Process platform = launch("--trainers", "many");

        assertThat(platform.inputReader(StandardCharsets.UTF_8).readLine())
                .isEqualTo("{\"state\":\"failed\",\"message\":\"--trainers must be a whole number, got 'many'\"}");
        assertThat(platform.waitFor()).isEqualTo(2);
    }

    /** What another account may do anything with, links aside. Files may come and go meanwhile. */
    private static List<String> openToOthers(Path folder) throws IOException {
        return new ProcessBuilder("find", folder.toString(), "-ignore_readdir_race", "!", "-type", "l", "-perm", "/077")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .inputReader(StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private Process launch(String... flags) throws IOException {
        List<String> arguments = Stream.concat(
                        Stream.of("--home", home, "--install", install, "--port", port)
                                .map(String::valueOf),
                        Stream.of(flags))
                .toList();
        List<String> program = Stream.concat(
                        Stream.of("-cp", System.getProperty("java.class.path"), PlatformMain.class.getName()),
                        arguments.stream())
                .toList();
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.of(
                        List.of(
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                // As on a machine where localhost is ::1 alone.
                                "-Djdk.net.hosts.file=" + hosts),
                        program))
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().putAll(OF_THE_USER);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Runs the program to its end and returns the last line that it printed. */
    private String run(String... flags) throws Exception {
        Process process = launch(flags);
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        return lines.getLast();
    }

    private static JsonNode readUntil(BufferedReader lines, String state) throws IOException {
        List<String> read = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            read.add(line);
            JsonNode report = JSON.readTree(line);
            if (report.path("state").asText().equals(state)) {
                return report;
            }
        }
        throw new AssertionError("the platform never said '" + state + "', but " + read);
    }

    private PlatformState state() {
        return new Home(home).readState().orElseThrow();
    }

    private ProcessIdentity process(String name) {
        return state().processes().stream()
                .filter(process -> process.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A jar that only names the tests' own class path, where {@link TinyService} lies. */
    private static void writeServiceJar(Path jar) throws Exception {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, TinyService.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                TinyService.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString());
        Files.createDirectories(jar.getParent());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }
}
