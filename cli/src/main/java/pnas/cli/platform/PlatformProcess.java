package pnas.cli.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import pnas.process.Program;

/**
 * The child process that is the platform. It tells its state on its standard output, one JSON object a line. A signal that ends this
 * process ends the child first, so that nothing is left running; where this one is killed, an attached platform notices that its standard
 * input closed.
 */
public final class PlatformProcess implements AutoCloseable {
    /** Services get their time to give their work back; what does not end within it is killed. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final BufferedReader output;
    private final PrintWriter narration;
    private final Path log;
    private volatile String lastWords = "";
    private volatile boolean closing;
    private volatile boolean released;
    private volatile boolean held;

    private PlatformProcess(Process process, PrintWriter narration, Path log) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.narration = narration;
        this.log = log;
    }

    /**
     * Starts the child.
     *
     * @param narration where its steps are told
     * @param log the file that takes its standard error
     */
    static PlatformProcess launch(List<String> command, PrintWriter narration, Path log) {
        Process process;
        try {
            process = Program.of(command).inOwnSession().start(new Program.Errors.AppendedTo(log));
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot start the platform: " + Failures.reason(e));
        }
        PlatformProcess platform = new PlatformProcess(process, narration, log);
        Runtime.getRuntime().addShutdownHook(new Thread(platform::endBySignal));
        return platform;
    }

    /** Returns when the platform is ready; fails with its own words when it ends before that. */
    void awaitReady() {
        for (JsonNode line = nextLine(); line != null; line = nextLine()) {
            switch (line.path("state").asText()) {
                case "ready" -> {
                    Thread.ofPlatform().daemon().name("platform output").start(this::drain);
                    return;
                }
                case "starting", "remark" -> tell("  " + line.path("step").asText());
                default -> {
                    // It ends, and its last words are told then.
                }
            }
        }
        throw ended();
    }

    /** Returns the last words of the child, which stops a platform; fails with them when it could not. */
    String awaitEnd() {
        drain();
        if (awaitExit() != 0) {
            throw ended();
        }
        return lastWords;
    }

    /** Lets the child live on when this process ends. */
    public void release() {
        released = true;
    }

    /** Fails if the child has ended by itself. */
    public void requireRunning() {
        if (!closing && !process.isAlive()) {
            throw ended();
        }
    }

    /** Waits until someone stops the platform. A signal to this process then stops it and is a success: it is how one leaves. */
    public void hold() {
        held = true;
        int status = awaitExit();
        if (!closing) {
            held = false;
            if (status != 0) {
                throw ended();
            }
        }
    }

    /** Asks the child to end and waits until it, and with it all of the platform, is gone. */
    @Override
    public void close() {
        closing = true;
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endBySignal() {
        boolean leaving = held;
        if (released || !process.isAlive()) {
            return;
        }
        tell("Stopping the platform");
        close();
        if (leaving) {
            Runtime.getRuntime().halt(ExitStatus.DONE);
        }
    }

    private int awaitExit() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailedException.failed("interrupted");
        }
    }

    /** The next line of the child that is JSON; null at its end. */
    private @Nullable JsonNode nextLine() {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                try {
                    JsonNode report = Json.parse(line);
                    lastWords = report.path("message").asText(lastWords);
                    return report;
                } catch (JsonProcessingException e) {
                    tell(line);
                }
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    /** A child that nobody reads would stand still when the pipe is full. */
    private void drain() {
        for (JsonNode line = nextLine(); line != null; line = nextLine()) {
            // Nothing is said about it.
        }
    }

    private void tell(String line) {
        narration.println(line);
        narration.flush();
    }

    private CommandFailedException ended() {
        int status = awaitExit();
        return CommandFailedException.failed(
                lastWords.isEmpty()
                        ? String.format(Locale.ROOT, "the platform ended with status %d: see %s", status, log)
                        : lastWords);
    }
}
