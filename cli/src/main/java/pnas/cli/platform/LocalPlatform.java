package pnas.cli.platform;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import pnas.engine.Engine;
import pnas.process.Inheritance;
import pnas.process.JavaCommand;

/**
 * The platform of this machine: broker, database and services, which one child process starts and watches over.
 *
 * @param install the folder of the project, with everything built
 * @param home where the platform keeps its state
 * @param url where its orchestrator is to answer
 */
public record LocalPlatform(Path install, Path home, URI url) {
    /**
     * How many trainers of each engine it starts.
     *
     * @param fitting of the engine that fits this machine: a number, or {@code auto} for one for each GPU or two cores
     * @param named of engines that are named
     */
    public record Trainers(String fitting, Map<Engine, Integer> named) {
        public Trainers {
            named = Map.copyOf(named);
        }

        /** Two trainers of one engine, which fits this machine where none is named. */
        public static Trainers of(String engine) {
            return Engine.find(engine)
                    .map(one -> new Trainers("0", Map.of(one, 2)))
                    .orElseGet(() -> new Trainers("2", Map.of()));
        }
    }

    /** Starts it and returns when it is ready. It lives on after this process. */
    public void startDetached(Trainers trainers, PrintWriter narration) {
        start(trainers, List.of(), narration).release();
    }

    /** Starts it and returns when it is ready. It ends with this process, however that ends. */
    public PlatformProcess startAttached(Trainers trainers, PrintWriter narration) {
        return start(trainers, List.of("--attached"), narration);
    }

    /** As {@link #startAttached}, with an orchestrator that Maven runs from its sources. */
    public PlatformProcess startFromSources(Path maven, Trainers trainers, PrintWriter narration) {
        return start(trainers, List.of("--attached", "--dev", maven.toString()), narration);
    }

    /** Stops the platform of this home, which anybody may have started, and returns a sentence about it; fails where none runs. */
    public String stop(PrintWriter narration) {
        if (!Files.isDirectory(home)) {
            throw CommandFailedException.failed("No platform runs in %s.".formatted(home.toAbsolutePath()));
        }
        return launch(List.of("--stop"), narration).awaitEnd();
    }

    /** Whether a platform of this home was started and not stopped. */
    public boolean isKnown() {
        return Files.exists(home.resolve("platform.json"));
    }

    /**
     * Whether its supervisor was killed, so that what still answers at its address is about to end. A supervisor that lives holds the lock of its
     * home, and one that is stopped removes its state file.
     */
    public boolean isOrphaned() {
        if (!Orchestrator.isHere(url) || !isKnown()) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(home.resolve("platform.lock"), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** What goes wrong with it while it goes on, a sentence each. */
    public List<String> troubles() {
        List<String> sentences = new ArrayList<>();
        try {
            Json.parse(Files.readString(home.resolve("platform.json")))
                    .path("troubles")
                    .forEach(sentence -> sentences.add(sentence.asText()));
        } catch (IOException e) {
            // It was never started here, or is being stopped.
        }
        return sentences;
    }

    public LocalData data() {
        return new LocalData(home.resolve("data"));
    }

    private PlatformProcess start(Trainers trainers, List<String> more, PrintWriter narration) {
        List<String> arguments = new ArrayList<>(List.of(
                "--install",
                install.toAbsolutePath().toString(),
                "--port",
                Integer.toString(port()),
                "--trainers",
                trainers.fitting(),
                "--build"));
        trainers.named().forEach((engine, count) -> {
            arguments.add("--" + engine.text() + "-trainers");
            arguments.add(Integer.toString(count));
        });
        arguments.addAll(more);
        Diagnosis.limits(Machine.limits()).stream()
                .filter(finding -> finding.result() == Finding.Result.FAIL)
                .findFirst()
                .ifPresent(finding -> {
                    throw CommandFailedException.failed("the platform does not run with so few %s (%s): %s"
                            .formatted(finding.check(), finding.found(), finding.advice()));
                });
        narration.println("Starting the platform at %s, its state is in %s:".formatted(url, home));
        List<String> dropped = Inheritance.dropped(System.getenv().keySet());
        if (!dropped.isEmpty()) {
            narration.println("  Variables that its services do not get, since they would not find each other by them: "
                    + String.join(", ", dropped));
        }
        narration.flush();
        PlatformProcess process = launch(arguments, narration);
        process.awaitReady();
        return process;
    }

    private int port() {
        if (!Orchestrator.isHere(url)) {
            throw CommandFailedException.notReachable(
                    "no platform answers at %s, and one can be started on this machine only".formatted(url));
        }
        return url.getPort() == -1 ? 80 : url.getPort();
    }

    private PlatformProcess launch(List<String> arguments, PrintWriter narration) {
        Path target = install.resolve("local-platform/target").toAbsolutePath();
        if (!Files.isDirectory(target)) {
            throw CommandFailedException.failed(
                    "the platform is not built in %s: run it by the launcher, ./pnas".formatted(target));
        }
        List<String> program = new ArrayList<>(List.of(
                "-cp",
                target.resolve("lib") + File.separator + "*" + File.pathSeparator + target + File.separator + "*",
                "pnas.local.PlatformMain",
                "--home",
                home.toAbsolutePath().toString()));
        program.addAll(arguments);
        // It waits for its parts and copies their output: little memory, and threads left to the trainings.
        List<String> command = JavaCommand.of(List.of("-Xmx128m", "-XX:+UseSerialGC"), program);
        return PlatformProcess.launch(command, narration, log());
    }

    /** The child checks more of its home; this much before anything is written there. */
    private void requireOwn() throws IOException {
        if (Files.exists(home)
                && !Files.getAttribute(home, "unix:uid")
                        .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            throw CommandFailedException.failed(
                    "the directory %s cannot be a home of the platform: it belongs to another account, %s; choose another place with --home"
                            .formatted(home.toAbsolutePath(), Files.getOwner(home)));
        }
    }

    /** Where the child's own complaints go. */
    private Path log() {
        try {
            requireOwn();
            return Files.createDirectories(home.resolve("logs")).resolve("platform-errors.log");
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot write to %s: %s; keep the state elsewhere with --home FOLDER"
                    .formatted(home.toAbsolutePath(), Failures.reason(e)));
        }
    }
}
