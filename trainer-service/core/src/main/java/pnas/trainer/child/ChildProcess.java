package pnas.trainer.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.process.JavaCommand;
import pnas.process.Program;

/** A started child: its commands, its events and its end. */
final class ChildProcess {
    private static final Logger LOG = System.getLogger(ChildProcess.class.getPackageName());
    private static final int LAST_WORDS = 10;
    private static final int LINE = 500;
    private static final Duration READ_LAST_WORDS_WITHIN = Duration.ofSeconds(1);

    private final Process process;
    private final FrameWriter commands;
    private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    private final Deque<String> lastWords = new ArrayDeque<>();

    private ChildProcess(Process process) {
        this.process = process;
        this.commands = new FrameWriter(process.getOutputStream());
        Thread errors = Thread.ofPlatform().daemon().name("child-errors").start(this::readErrors);
        Thread.ofPlatform().daemon().name("child-events").start(() -> readEvents(errors));
    }

    static ChildProcess start(ChildLaunch launch) {
        List<String> program = new ArrayList<>(List.of("-cp", ClassPath.current(), ChildMain.class.getName()));
        program.addAll(new ChildArguments(launch.engine(), launch.lease(), launch.settings()).toCommandLine());
        try {
            return new ChildProcess(Program.of(JavaCommand.of(launch.javaOptions(), program))
                    .with(launch.environment())
                    .start(new Program.Errors.Apart()));
        } catch (IOException e) {
            throw new PnasException(
                    ErrorCode.TRAINING_CRASHED, "the process that trains cannot be started: " + e.getMessage(), e);
        }
    }

    /** Sends a command. One that a dead child no longer reads is lost: its death is among the events. */
    void send(ChildCommand command) {
        try {
            commands.write(command.encode());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0} does not read any more: {1}", this, e.getMessage());
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The next event, null where none comes within this time. */
    @Nullable ChildEvent next(Duration most) {
        try {
            return events.poll(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread that trains", e);
        }
    }

    /** Resident bytes, where the system tells them. */
    OptionalLong residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty(); // No such system, or the process has just ended.
        }
    }

    /** Ends the process, whatever it does. */
    void kill() {
        // Not process.destroyForcibly(), which closes the streams before their last words are read.
        process.toHandle().destroyForcibly();
    }

    @Override
    public String toString() {
        return "child " + process.pid();
    }

    private void readEvents(Thread errors) {
        FrameReader frames =
                new FrameReader(process.getInputStream(), line -> LOG.log(Level.INFO, "{0} printed: {1}", this, line));
        try {
            for (String frame = frames.next(); frame != null; frame = frames.next()) {
                events.add(ChildEvent.decode(frame));
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, this + " cannot be understood and is killed", e);
            kill();
        }
        try {
            int exitCode = process.waitFor();
            errors.join(READ_LAST_WORDS_WITHIN);
            events.add(new ChildEvent.Died(exitCode, lastWords()));
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
    }

    private void readErrors() {
        // Nothing here is a frame, but the reader holds lines to a bound.
        FrameReader lines = new FrameReader(process.getErrorStream(), this::hearError);
        try {
            for (String line = lines.next(); line != null; line = lines.next()) {
                hearError(line);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the errors of {0} end: {1}", this, e.getMessage());
        }
    }

    private synchronized void hearError(String line) {
        String beginning = line.length() <= LINE ? line : line.substring(0, LINE) + "…";
        LOG.log(Level.INFO, "{0}: {1}", this, beginning);
        if (lastWords.size() == LAST_WORDS) {
            lastWords.removeFirst();
        }
        lastWords.addLast(beginning);
    }

    private synchronized String lastWords() {
        return String.join(System.lineSeparator(), lastWords);
    }
}
