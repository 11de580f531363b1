package pnas.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import pnas.access.ApiKey;
import pnas.engine.Engine;
import pnas.process.JavaCommand;

/** The services of an installation: where they lie, and how each is started. */
final class Services {
    /** A trainer writes a checkpoint and gives its training back before it ends. */
    private static final Duration TRAINER_PATIENCE = Duration.ofSeconds(25);

    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    /** Maven compiles first. */
    private static final Duration START_LIMIT_FROM_SOURCES = Duration.ofMinutes(10);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String ORCHESTRATOR = "orchestrator";
    private static final String PREDICTOR = "predictor-service";

    private static final String ADMIN_KEY_HASH = "PNAS_ACCESS_ADMIN_KEY_HASH";
    private static final String MODELS = "PNAS_MODELS";
    private static final String CAPACITY_MODE = "PNAS_CAPACITY_MODE";
    private static final String LOCAL = "local";

    /** For services that wait for others most of the time: a quick start counts, compiled code hardly. */
    private static final List<String> QUICK_START = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final PlatformOptions options;
    private final Home home;
    private final EmbeddedKafka kafka;
    private final EmbeddedDatabase database;
    private final List<Integer> managementPorts;
    private final ApiKey adminKey;

    /**
     * The services.
     *
     * @param managementPorts where the orchestrators tell of their health, one for each
     * @param adminKey a key that lets people in beside the keys that the environment names
     */
    Services(
            PlatformOptions options,
            Home home,
            EmbeddedKafka kafka,
            EmbeddedDatabase database,
            List<Integer> managementPorts,
            ApiKey adminKey) {
        this.options = options;
        this.home = home;
        this.kafka = kafka;
        this.database = database;
        this.managementPorts = List.copyOf(managementPorts);
        this.adminKey = adminKey;
    }

    /** The trainers that the options ask for and that not every platform has, as folders of the installation. */
    static List<String> seldom(PlatformOptions options) {
        return engines(options).filter(Engine::isLarge).map(Engine::module).toList();
    }

    private static Stream<Engine> engines(PlatformOptions options) {
        return Arrays.stream(Engine.values()).filter(engine -> options.fleet().trainers(engine) > 0);
    }

    /** Fails when a service that the options ask for is not built. */
    static void requireBuilt(PlatformOptions options) throws PlatformException {
        List<String> needed = new ArrayList<>(List.of(ORCHESTRATOR, PREDICTOR));
        needed.addAll(engines(options).map(Engine::module).toList());
        for (String module : needed) {
            if (!Files.exists(jar(options.install(), module))) {
                throw new PlatformException("The service %s is not built (%s is missing): build it with ./pnas build."
                        .formatted(module, jar(options.install(), module)));
            }
        }
    }

    /** The ports of the orchestrators, the first one first. */
    static List<Integer> orchestratorPorts(PlatformOptions options) {
        return IntStream.range(0, options.fleet().orchestrators())
                .mapToObj(index -> options.port() + index)
                .toList();
    }

    List<Part> orchestrators() {
        List<Part> parts = new ArrayList<>();
        for (int port : orchestratorPorts(options)) {
            String name = parts.isEmpty() ? "orchestrator" : "orchestrator-" + (parts.size() + 1);
            Map<String, String> environment = environment(port);
            // In development mode the driver does not see the class that keeps the password; the database is this
            // machine's own.
            environment.put(
                    "QUARKUS_DATASOURCE_JDBC_URL",
                    options.maven().isPresent()
                            ? database.jdbcUrl().replaceFirst("\\?.*", "?authenticationPluginClassName=")
                            : database.jdbcUrl());
            DatabaseRoles roles = database.roles();
            environment.put("QUARKUS_DATASOURCE_USERNAME", roles.service().username());
            environment.put("QUARKUS_DATASOURCE_PASSWORD", roles.service().password());
            environment.put("QUARKUS_FLYWAY_USERNAME", roles.owner().username());
            environment.put("QUARKUS_FLYWAY_PASSWORD", roles.owner().password());
            int managementPort = managementPorts.get(parts.size());
            environment.put(
                    "PNAS_STORAGE_FOLDERS",
                    home.written().stream().map(Services::value).collect(Collectors.joining("\n")));
            environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(managementPort));
            environment.put(
                    ADMIN_KEY_HASH,
                    Stream.of(System.getenv().getOrDefault(ADMIN_KEY_HASH, ""), adminKey.hash())
                            .filter(hash -> !hash.isBlank())
                            .collect(Collectors.joining(",")));
            // Unless who starts the platform has somebody else start trainers.
            if (System.getenv().getOrDefault(CAPACITY_MODE, LOCAL).equals(LOCAL)) {
                environment.putAll(keptTrainers());
            }
            // People who look after it are on this machine, wherever REST and pages are served.
            environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
            ServiceProcess process = options.maven()
                    .map(maven -> new ServiceProcess(name, fromSources(maven), environment, home.log(name), PATIENCE))
                    .orElseGet(
                            () -> service(name, ORCHESTRATOR, options("-Xmx512m", QUICK_START), environment, PATIENCE));
            parts.add(new HttpService(
                    process, managementPort, options.maven().isPresent() ? START_LIMIT_FROM_SOURCES : START_LIMIT));
        }
        return parts;
    }

    /** Quarkus in its development mode: it looks for changed sources at each request, compiles them and starts anew. */
    private List<String> fromSources(Path maven) {
        return List.of(
                maven.toString(),
                "-B",
                "-ntp",
                "-f",
                options.install().resolve("pom.xml").toString(),
                "-pl",
                ORCHESTRATOR,
                "-am",
                "compile",
                "io.quarkus:quarkus-maven-plugin:dev",
                "-Dspotless.check.skip=true",
                "-Dmaven.test.skip=true",
                "-Djvm.args=-Xmx512m",
                "-Ddebug=false",
                "-Dquarkus.console.enabled=false",
                "-Dquarkus.test.continuous-testing=disabled",
                "-Dquarkus.analytics.disabled=true");
    }

    /** What the orchestrators are told of the trainers, which this platform starts and replaces. */
    private Map<String, String> keptTrainers() {
        Map<String, String> kept = new HashMap<>(Map.of(CAPACITY_MODE, LOCAL, "PNAS_CAPACITY_PERIOD", "2s"));
        for (Engine engine : Engine.values()) {
            kept.put(
                    "PNAS_CAPACITY_LOCAL_" + engine.name(),
                    String.valueOf(options.fleet().trainers(engine)));
        }
        return kept;
    }

    List<Part> predictorAndTrainers() {
        List<Part> parts = new ArrayList<>();
        parts.add(service(
                "predictor", PREDICTOR, options("-Xmx1536m", List.of("-XX:+UseSerialGC")), environment(0), PATIENCE));
        for (Engine engine : Engine.values()) {
            int number = 0;
            for (String device : options.fleet().devices(engine)) {
                number++;
                parts.add(trainer(engine, number, device));
            }
        }
        return parts;
    }

    private Part trainer(Engine engine, int number, String device) {
        Map<String, String> environment = environment(0);
        environment.put("PNAS_TRAINER_WORKER", "local-" + engine.text() + "-" + number);
        if (device.startsWith("cuda:")) {
            // Else as the environment of the platform says, which its services inherit.
            environment.put("PNAS_TRAINER_DEVICE", device);
        }
        environment.put("PNAS_TRAINER_CHECKPOINTS", value(home.checkpoints()));
        environment.put("PNAS_TRAINER_TABLES", value(home.tables()));
        String name = "trainer-" + engine.text() + "-" + number;
        return service(name, engine.module(), options("-Xmx256m", QUICK_START), environment, TRAINER_PATIENCE);
    }

    /** What every service is told. The port 0 stands for any free one. */
    private Map<String, String> environment(int port) {
        Map<String, String> environment = new HashMap<>();
        kafka.clientSettings()
                .forEach((name, value) ->
                        environment.put("KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value));
        environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
        environment.put("QUARKUS_HTTP_HOST", System.getenv().getOrDefault("QUARKUS_HTTP_HOST", "127.0.0.1"));
        environment.put("PNAS_DATA", value(home.data()));
        environment.put("PNAS_DATA_CACHE", value(home.dataCache()));
        environment.put(MODELS, System.getenv().getOrDefault(MODELS, value(home.models())));
        // The command line links what it is given.
        environment.put("PNAS_DATA_LINKS", "true");
        options.lease().ifPresent(lease -> environment.put("PNAS_LEASE_DURATION", lease.toString()));
        return environment;
    }

    /** A folder as the value of a setting, in which a dollar begins an expression unless there are two. */
    private static String value(Path folder) {
        return folder.toString().replace("$", "$$");
    }

    private ServiceProcess service(
            String name, String module, List<String> javaOptions, Map<String, String> environment, Duration patience) {
        List<String> command = JavaCommand.of(
                javaOptions, List.of("-jar", jar(options.install(), module).toString()));
        return new ServiceProcess(name, command, environment, home.log(name), patience);
    }

    private static List<String> options(String heap, List<String> others) {
        List<String> options = new ArrayList<>(others);
        options.add(heap);
        // A service without memory is started anew: half of one that goes on helps nobody.
        options.add("-XX:+ExitOnOutOfMemoryError");
        options.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        return options;
    }

    private static Path jar(Path install, String module) {
        return install.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    }
}
