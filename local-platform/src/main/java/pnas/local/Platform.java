package pnas.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import pnas.failure.FullDisks;
import pnas.local.PlatformState.Progress;
import pnas.process.Program;

/**
 * The supervisor: starts the broker, the database and the services of one home directory, keeps them alive, and stops them in the
 * opposite order, in which each still finds what it needs to end properly.
 *
 * <p>{@link #run} belongs to one thread; {@link #requestStop} may be called by any.
 */
final class Platform implements Keeper.Listener {
    private static final int JAVA = 25;
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(2);

    private final PlatformOptions options;
    private final Home home;
    private final Leftovers leftovers;
    private final Clock clock;
    private final RandomGenerator random;
    private final Consumer<Report> reports;
    private final String url;

    /** Completes when the platform is to stop: normally when it was asked to, and with the reason when it cannot go on. */
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /** Groups of parts that start and stop together, in the order of their start. */
    private final List<List<Keeper>> groups = new ArrayList<>();

    private final Map<String, ProcessIdentity> processes = new LinkedHashMap<>();

    /** What goes wrong while the platform goes on: sentences by what they are about. */
    private final Map<String, String> troubles = new LinkedHashMap<>();

    private Progress progress = Progress.STARTING;
    private String message = "";
    private boolean isWritten = true;

    Platform(PlatformOptions options, Clock clock, RandomGenerator random, Consumer<Report> reports) {
        this.options = options;
        this.home = new Home(options.home());
        this.leftovers = new Leftovers(home, random);
        this.clock = clock;
        this.random = random;
        this.reports = reports;
        this.url = "http://localhost:" + options.port();
    }

    /**
     * Runs the platform until it is asked to stop. Nothing runs any more when this returns.
     *
     * @throws PlatformException when it could not start or go on
     */
    void run() throws PlatformException, InterruptedException {
        requireJava();
        home.prepare(Home.REQUIRED_BYTES);
        try (FileChannel _ = lockHome()) {
            leftovers.end();
            home.closeToOthers();
            requireFreePorts();
            if (options.build()) {
                build(Services.seldom(options));
            }
            if (end.isDone()) {
                return;
            }
            Services.requireBuilt(options);
            runAlone();
        } catch (IOException e) {
            throw new PlatformException("The platform of %s could not go on: %s".formatted(home.directory(), e), e);
        }
    }

    /** Has the launcher build modules, which takes no time where they are built. What it says is told. */
    private void build(List<String> modules) throws PlatformException, InterruptedException {
        if (modules.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(
                List.of("bash", options.install().resolve("pnas").toString(), "build"));
        command.addAll(modules);
        String last = "";
        try {
            Process launcher = Program.of(command).start(new Program.Errors.WithOutput());
            CompletableFuture<Void> _ = end.whenComplete((_, _) -> launcher.destroy());
            launcher.getOutputStream().close();
            BufferedReader lines = launcher.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reports.accept(Report.remark(line));
                last = line;
            }
            if (launcher.waitFor() == 0 || end.isDone()) {
                return;
            }
        } catch (IOException e) {
            last = String.valueOf(e.getMessage());
        }
        throw new PlatformException("Trainers could not be built (%s): %s".formatted(String.join(", ", modules), last));
    }

    /** Makes {@link #run} stop everything and return. */
    void requestStop() {
        end.complete(null);
    }

    private void runAlone() throws PlatformException, IOException, InterruptedException {
        try {
            try {
                advance(Progress.STARTING);
                start();
                Thread.ofPlatform().daemon().name("disks").start(this::watch);
                await(end);
            } finally {
                stop();
            }
            home.deleteState();
        } catch (PlatformException e) {
            message = e.sentence();
            advance(Progress.FAILED);
            throw e;
        }
    }

    private void start() throws PlatformException, IOException, InterruptedException {
        EmbeddedKafka kafka = new EmbeddedKafka(home.kafka(), home.log("kafka"), Map.of(), random);
        EmbeddedDatabase database = new EmbeddedDatabase(
                home.database(), home.databaseBinaries(System.getenv()), home.log("database"), random);
        start("broker and database", () -> List.of(kafka, database));
        List<Integer> managementPorts = RememberedPorts.in(
                home.managementPorts(), Services.orchestratorPorts(options).size(), random);
        Services services = new Services(options, home, kafka, database, managementPorts, home.adminKey());
        start("orchestrator", services::orchestrators);
        // They find all topics once an orchestrator is ready.
        start("predictor and trainers", services::predictorAndTrainers);
        if (!end.isDone()) {
            advance(Progress.READY);
            reports.accept(Report.ready(url));
        }
    }

    /**
     * Starts the parts at the same time and returns when all have started. Does nothing once the platform is to stop: then the addresses
     * that the next parts need may be missing.
     */
    private void start(String step, Supplier<List<Part>> parts) throws PlatformException, InterruptedException {
        if (end.isDone()) {
            return;
        }
        reports.accept(Report.starting(step));
        List<Keeper> group = parts.get().stream()
                .map(part -> new Keeper(part, RestartPolicy.DEFAULT, clock, this))
                .toList();
        groups.add(group);
        for (Keeper keeper : group) {
            await(CompletableFuture.anyOf(keeper.started(), end));
        }
    }

    private static void await(CompletableFuture<?> event) throws PlatformException, InterruptedException {
        try {
            event.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PlatformException known
                    ? known
                    : new PlatformException("The platform cannot go on: " + e, e);
        }
    }

    private void stop() throws InterruptedException {
        reports.accept(Report.stopping());
        advance(Progress.STOPPING);
        for (List<Keeper> group : groups.reversed()) {
            group.forEach(Keeper::requestStop);
            for (Keeper keeper : group) {
                keeper.awaitStopped();
            }
        }
        synchronized (this) {
            processes.clear();
        }
    }

    @Override
    public synchronized void running(Part part, ProcessHandle process) {
        processes.put(part.name(), ProcessIdentity.of(part.name(), process));
        writeState();
    }

    @Override
    public void endsOften(Part part, String sentence) {
        tell(part.name(), sentence);
    }

    @Override
    public void lives(Part part) {
        tell(part.name(), "");
    }

    /** Keeps what goes wrong with something, and forgets it where the sentence is empty. */
    private synchronized void tell(String about, String sentence) {
        String before = sentence.isEmpty()
                ? Objects.requireNonNullElse(troubles.remove(about), "")
                : Objects.requireNonNullElse(troubles.put(about, sentence), "");
        if (!before.equals(sentence)) {
            // First: who hears of it may look into the file.
            writeState();
            reports.accept(Report.remark(sentence.isEmpty() ? "This is over: " + before : sentence));
        }
    }

    private synchronized void advance(Progress next) {
        progress = next;
        writeState();
    }

    /**
     * Writes the state file, which leads to the processes of a killed supervisor. Where that fails the platform goes on, and {@link #watch}
     * writes it once there is room: its guards end those processes without it.
     */
    private synchronized void writeState() {
        ProcessIdentity own = ProcessIdentity.of("platform", ProcessHandle.current());
        try {
            home.writeState(new PlatformState(
                    own.pid(),
                    own.startTime(),
                    url,
                    progress,
                    message,
                    List.copyOf(troubles.values()),
                    List.copyOf(processes.values())));
            isWritten = true;
        } catch (IOException e) {
            if (isWritten) {
                reports.accept(Report.remark("The state file of %s could not be written, which is tried again: %s"
                        .formatted(home.directory(), e)));
            }
            isWritten = false;
        }
    }

    /** Looks after the disks until the platform ends. */
    private void watch() {
        while (true) {
            try {
                end.get(WATCH_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                tell(
                        "disk",
                        FullDisks.complaint(FullDisks.spaces(home.written()))
                                .map("New trainings wait, since %s: make room there."::formatted)
                                .orElse(""));
                synchronized (this) {
                    if (!isWritten) {
                        writeState();
                    }
                }
            } catch (ExecutionException | InterruptedException e) {
                return;
            }
        }
    }

    private static void requireJava() throws PlatformException {
        int version = Runtime.version().feature();
        if (version != JAVA) {
            throw new PlatformException(String.format(
                    Locale.ROOT,
                    "The platform needs Java %d and runs on Java %d: set JAVA_HOME to a JDK %d.",
                    JAVA,
                    version,
                    JAVA));
        }
    }

    private FileChannel lockHome() throws IOException, PlatformException {
        Optional<FileChannel> lock = home.lock();
        if (lock.isEmpty()) {
            String which = home.readState()
                    .map(state -> String.format(Locale.ROOT, " (process %d, %s)", state.pid(), state.url()))
                    .orElse("");
            throw new PlatformException(
                    "A platform already runs in %s%s: stop it with ./pnas down, or choose another place with --home."
                            .formatted(home.directory(), which));
        }
        return lock.get();
    }

    private void requireFreePorts() throws PlatformException {
        for (int port : Services.orchestratorPorts(options)) {
            if (!FreePorts.isFree(port)) {
                throw new PlatformException(String.format(
                        Locale.ROOT,
                        "Port %d is taken by another program: stop that program, or choose another port, for instance with --url http://localhost:8081.",
                        port));
            }
        }
    }
}
