package pnas.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import pnas.process.Program;

/**
 * A program that runs as a process of its own.
 *
 * <p>It gets a session of its own ({@code setsid}), so that Ctrl-C in the terminal reaches the platform only, which then stops its
 * parts in order. It does not outlive this process, however that ends: a guard then asks it to end, and ends it and all that it
 * started by force where it takes too long.
 */
final class ServiceProcess implements Part {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int LAST_LINES = 3;

    /** Waits for the end of its input, that is, of this process. Its words are a signal, a process, and tenths of seconds. */
    private static final String GUARD = """
            while read -r _; do :; done
            kill -"$1" "$2" || exit 0
            while kill -0 "$2" && [ "$3" -gt 0 ]; do sleep 0.1; set -- "$1" "$2" "$(($3 - 1))"; done
            kill -KILL -- "-$2"
            """;

    private final String name;
    private final List<String> command;
    private final Path directory;
    private final Map<String, String> environment;
    private final LogFile log;
    private final Duration patience;
    private final String ending;
    private @Nullable Process process;

    /**
     * @param environment variables added to those that this process hands on
     * @param patience how long the process may take to end when it is asked to
     */
    ServiceProcess(String name, List<String> command, Map<String, String> environment, Path log, Duration patience) {
        this(name, command, Path.of(""), environment, log, patience, "TERM");
    }

    /**
     * @param directory where it runs, for a program that cannot take every path
     * @param environment variables added to those of this process
     * @param patience how long the process may take to end when it is asked to
     * @param ending the signal by which its guard asks it to
     */
    ServiceProcess(
            String name,
            List<String> command,
            Path directory,
            Map<String, String> environment,
            Path log,
            Duration patience,
            String ending) {
        this.name = name;
        this.command = List.copyOf(command);
        this.directory = directory.toAbsolutePath();
        this.environment = Map.copyOf(environment);
        this.log = new LogFile(log);
        this.patience = patience;
        this.ending = ending;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Path log() {
        return log.path();
    }

    @Override
    public ProcessHandle start() throws IOException {
        log.rotate();
        Process started = Program.of(command)
                .in(directory)
                .inOwnSession()
                .with(environment)
                .start(new Program.Errors.WithOutput());
        log.follow(started);
        process = started;
        guard(started);
        return started.toHandle();
    }

    private void guard(Process started) throws IOException {
        Process guard = Program.of(
                        "sh",
                        "-c",
                        GUARD,
                        "guard of " + name,
                        ending,
                        String.valueOf(started.pid()),
                        String.valueOf(patience.toMillis() / 100))
                .inOwnSession()
                .start(new Program.Errors.Discarded());
        // Its number may be another process's afterwards.
        var _ = started.onExit().thenRun(guard::destroyForcibly);
    }

    /**
     * Waits until a process that was just started does what is expected of it.
     *
     * @param what the words after "did not" in the message of the failure
     * @throws IOException when the process ended or the time is over; the process is gone then
     */
    void await(ProcessHandle started, String what, BooleanSupplier done, Duration limit)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!done.getAsBoolean()) {
            if (!started.isAlive()) {
                throw new IOException(name + " ended while it started: " + lastWords());
            }
            if (System.nanoTime() > end) {
                kill();
                throw new IOException(
                        name + " did not " + what + " within " + limit.toSeconds() + " s: " + lastWords());
            }
            Thread.sleep(PAUSE);
        }
    }

    @Override
    public void stop() throws InterruptedException {
        if (process == null) {
            return;
        }
        // Not Process.destroy(), which would close the pipe that takes the last words.
        process.toHandle().destroy();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
    }

    /** Ends the process and all that it started at once, as a crash would, and returns when it is gone. */
    void kill() throws InterruptedException {
        if (process == null) {
            return;
        }
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly().waitFor();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private String lastWords() {
        return String.join(" / ", log.tail(LAST_LINES)) + " (see " + log.path() + ")";
    }
}
