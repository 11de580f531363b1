package pnas.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import pnas.process.JavaCommand;

/**
 * A Kafka broker without a container: a process of its own that keeps its data in a directory and answers on the same port of the
 * loopback address after each start. Topics are not created by themselves. The process ends with this one.
 *
 * <p>Not thread-safe.
 */
public final class EmbeddedKafka implements Part, AutoCloseable {
    static final int NODE = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    /**
     * What a single broker needs to serve share groups, and what keeps it small. A broker that was killed registers again only when its
     * last session has ended, so the session is short.
     */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.share.max.size", "1000"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("broker.session.timeout.ms", "2000"),
            Map.entry("log.cleaner.dedupe.buffer.size", "8388608"));

    private final Path directory;
    private final Map<String, String> extraSettings;
    private final RandomGenerator random;
    private final ServiceProcess process;
    private String bootstrapServers = "";

    /**
     * A broker that is not started yet.
     *
     * @param directory where data, settings and ports are kept
     * @param log the file that gets what the broker prints
     * @param extraSettings broker properties that are added to the built-in ones or replace them
     * @param random chooses the ports at the first start
     */
    public EmbeddedKafka(Path directory, Path log, Map<String, String> extraSettings, RandomGenerator random) {
        this.directory = directory.toAbsolutePath();
        this.extraSettings = Map.copyOf(extraSettings);
        this.random = random;
        // The same class path as here: a jar that only names others in its manifest, as test runners make it, works as
        // well.
        List<String> command = JavaCommand.of(
                List.of(
                        "-Xmx400m",
                        "-XX:+UseSerialGC",
                        // Halves the processor time of a start (8.5 to 4 s of one core).
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
                        // Says otherwise that it lacks the part that the module leaves out.
                        "-Dlog4j2.StatusLogger.level=OFF"),
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        KafkaServerMain.class.getName(),
                        settingsFile().toString()));
        this.process = new ServiceProcess("kafka", command, Map.of(), log, STOP_PATIENCE);
    }

    @Override
    public String name() {
        return process.name();
    }

    @Override
    public Path log() {
        return process.log();
    }

    /** Where clients connect, for instance {@code localhost:19092}; known from the first start on. */
    public String bootstrapServers() {
        if (bootstrapServers.isEmpty()) {
            throw new IllegalStateException("the broker was not started yet");
        }
        return bootstrapServers;
    }

    /** Starts the broker and returns when it answers. */
    @Override
    public ProcessHandle start() throws IOException, InterruptedException {
        List<Integer> ports = RememberedPorts.in(directory.resolve("ports"), 2, random);
        bootstrapServers = "localhost:" + ports.getFirst();
        writeSettings(ports.getFirst(), ports.getLast());
        ProcessHandle started = process.start();
        awaitAnswer(started, ports.getFirst());
        return started;
    }

    /** Stops the broker; its data stays. */
    @Override
    public void stop() throws InterruptedException {
        process.stop();
    }

    /** Ends the broker as a crash would. */
    public void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path settingsFile() {
        return directory.resolve("server.properties");
    }

    private void writeSettings(int port, int controllerPort) throws IOException {
        Properties settings = new Properties();
        settings.putAll(SETTINGS);
        settings.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(NODE),
                "controller.quorum.voters",
                NODE + "@localhost:" + controllerPort,
                "listeners",
                "PLAINTEXT://localhost:" + port + "," + CONTROLLER_LISTENER + "://localhost:" + controllerPort,
                "advertised.listeners",
                "PLAINTEXT://localhost:" + port,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT",
                "log.dirs",
                directory.resolve("data").toString()));
        settings.putAll(extraSettings);
        try (OutputStream file = Files.newOutputStream(settingsFile())) {
            settings.store(file, "Written at each start of the embedded broker.");
        }
    }

    private void awaitAnswer(ProcessHandle started, int port) throws IOException, InterruptedException {
        // A client is not asked before the port is open, as it would log each refusal.
        process.await(started, "open its port", () -> FreePorts.isOpen(port), START_LIMIT);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.describeCluster().nodes().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.kill();
            throw new IOException(
                    "kafka did not answer within " + START_LIMIT.toSeconds() + " s (see " + log() + ")", e);
        }
    }
}
