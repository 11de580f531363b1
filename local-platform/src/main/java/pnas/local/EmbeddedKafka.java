package pnas.local;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import pnas.process.JavaCommand;

/**
 * A Kafka broker without a container: a process of its own that keeps its data in a directory and answers on the same port of the
 * loopback address after each start. It lets in who has its password, which is in a file for this account alone. Topics are not created by
 * themselves. The process ends with this one.
 *
 * <p>Not thread-safe.
 */
public final class EmbeddedKafka implements Part, AutoCloseable {
    static final int NODE = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** As whom the broker knows all who have its password. */
    static final String USER = "pnas";

    private static final String LISTENER = "LOCAL";
    private static final String ADDRESS = "127.0.0.1";

    /** Proves to both sides that the other one has the password, and shows it to neither: not to a stranger that listens on the port either. */
    private static final String MECHANISM = "SCRAM-SHA-512";

    private static final String JAAS = "scram-sha-512.sasl.jaas.config";
    private static final String CALLBACKS = "scram-sha-512.sasl.server.callback.handler.class";

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
            // A trainer that joins is given its partitions with its second heartbeat: after 5 s without these.
            Map.entry("group.share.heartbeat.interval.ms", "500"),
            Map.entry("group.share.min.heartbeat.interval.ms", "500"),
            Map.entry("group.share.assignment.interval.ms", "0"),
            Map.entry("group.share.min.assignment.interval.ms", "0"),
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
    private String password = "";

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
                        absolute(System.getProperty("java.class.path")),
                        KafkaServerMain.class.getName(),
                        settingsFile().getFileName().toString()));
        this.process = new ServiceProcess("kafka", command, this.directory, Map.of(), log, STOP_PATIENCE, "TERM");
    }

    @Override
    public String name() {
        return process.name();
    }

    @Override
    public Path log() {
        return process.log();
    }

    /** It runs in its directory, as it takes a comma in the name of a folder for the end of that name. */
    private static String absolute(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** What a client of the broker must be set to, its address and a password among it; known from the first start on. */
    public Map<String, String> clientSettings() {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                MECHANISM,
                "sasl.jaas.config",
                login(password));
    }

    private static String login(String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(USER, password);
    }

    /** Where clients connect, for instance {@code 127.0.0.1:19092}; known from the first start on. */
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
        OwnerOnly.createFolders(directory);
        password = OwnerOnly.secret(directory.resolve("password"));
        bootstrapServers = ADDRESS + ":" + ports.getFirst();
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
        settings.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", String.valueOf(NODE)),
                Map.entry("controller.quorum.voters", NODE + "@" + ADDRESS + ":" + controllerPort),
                Map.entry(
                        "listeners",
                        String.format(
                                Locale.ROOT,
                                "%s://%s:%d,%s://%s:%d",
                                LISTENER,
                                ADDRESS,
                                port,
                                CONTROLLER_LISTENER,
                                ADDRESS,
                                controllerPort)),
                Map.entry("advertised.listeners", String.format(Locale.ROOT, "%s://%s:%d", LISTENER, ADDRESS, port)),
                Map.entry("controller.listener.names", CONTROLLER_LISTENER),
                Map.entry("inter.broker.listener.name", LISTENER),
                Map.entry(
                        "listener.security.protocol.map",
                        LISTENER + ":SASL_PLAINTEXT," + CONTROLLER_LISTENER + ":SASL_PLAINTEXT"),
                Map.entry("sasl.mechanism.inter.broker.protocol", MECHANISM),
                Map.entry("sasl.mechanism.controller.protocol", MECHANISM),
                Map.entry(setting(LISTENER, "sasl.enabled.mechanisms"), MECHANISM),
                Map.entry(setting(LISTENER, JAAS), login(password)),
                Map.entry(setting(LISTENER, CALLBACKS), KafkaPassword.class.getName()),
                Map.entry(setting(CONTROLLER_LISTENER, "sasl.enabled.mechanisms"), MECHANISM),
                Map.entry(setting(CONTROLLER_LISTENER, JAAS), login(password)),
                Map.entry(setting(CONTROLLER_LISTENER, CALLBACKS), KafkaPassword.class.getName()),
                Map.entry("log.dirs", "data")));
        settings.putAll(extraSettings);
        StringWriter text = new StringWriter();
        settings.store(text, "Written at each start of the embedded broker.");
        OwnerOnly.write(settingsFile(), text.toString());
    }

    private static String setting(String listener, String name) {
        return "listener.name." + listener.toLowerCase(Locale.ROOT) + "." + name;
    }

    private void awaitAnswer(ProcessHandle started, int port) throws IOException, InterruptedException {
        // A client is not asked before the port is open, as it would log each refusal.
        process.await(started, "open its port", () -> FreePorts.isOpen(port), START_LIMIT);
        try (Admin admin = Admin.create(Map.copyOf(clientSettings()))) {
            admin.describeCluster().nodes().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.kill();
            throw new IOException(
                    "kafka did not answer within " + START_LIMIT.toSeconds() + " s (see " + log() + ")", e);
        }
    }
}
