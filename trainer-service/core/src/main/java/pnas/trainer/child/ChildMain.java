package pnas.trainer.child;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingEngineProvider;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;
import pnas.trainer.training.TrainingTask.StopReason;

/**
 * The process that trains. One thread trains, one reads commands, one watches that the trainer is heard of. The process lives as long as its
 * standard input is open, and not a moment longer.
 */
public final class ChildMain {
    private static final long STEP_EVENT_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ChildArguments arguments;
    private final FrameWriter events;
    private final BlockingQueue<TrainingTask> tasks = new LinkedBlockingQueue<>();
    private volatile long heardAt = System.nanoTime();
    private volatile @Nullable TrainingTask latest;

    private ChildMain(ChildArguments arguments, FrameWriter events) {
        this.arguments = arguments;
        this.events = events;
    }

    /** Runs until standard input closes. */
    public static void main(String[] arguments) throws InterruptedException {
        FrameWriter events = new FrameWriter(new FileOutputStream(FileDescriptor.out));
        // Frames alone go to standard output: whatever Java code prints goes where a person reads it.
        System.setOut(System.err);
        try {
            new ChildMain(ChildArguments.parse(arguments), events).run(System.in);
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            end(1);
        }
    }

    private void run(InputStream input) throws InterruptedException {
        Thread reader = daemon("commands", () -> readCommands(new FrameReader(input, line -> {})));
        // A terminal interrupts all processes of a group, and a supervisor may do so too: a child leaves with its
        // parent, not before it.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> waitFor(reader), "until the trainer is gone"));
        daemon("watch", this::watchTrainer);

        TrainingEngine engine = open();
        tell(new ChildEvent.Hello(engine.machine()));
        warmUp(engine);
        while (true) {
            tell(new ChildEvent.Ended(train(engine, tasks.take())));
        }
    }

    private TrainingEngine open() {
        return ServiceLoader.load(TrainingEngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(arguments.engine()))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("this application has no engine '" + arguments.engine() + "'"))
                .open(arguments.settings());
    }

    /** What fails here is no job's: the first one meets it again, and tells it. */
    private void warmUp(TrainingEngine engine) {
        try {
            engine.warmUp(() -> !tasks.isEmpty());
        } catch (RuntimeException | OutOfMemoryError e) {
            System.err.println("the engine could not be warmed up: " + e);
        }
    }

    private Outcome train(TrainingEngine engine, TrainingTask task) {
        try {
            return engine.train(task, new Teller());
        } catch (PnasException e) {
            return e.code() == ErrorCode.OUT_OF_MEMORY
                    ? new Outcome.OutOfMemory(String.valueOf(e.getMessage()))
                    : new Outcome.Failed(e.code(), String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            return new Outcome.OutOfMemory(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            return new Outcome.Failed(ErrorCode.INTERNAL, e.toString());
        }
    }

    private void readCommands(FrameReader commands) {
        try {
            for (String frame = commands.next(); frame != null; frame = commands.next()) {
                heardAt = System.nanoTime();
                switch (ChildCommand.decode(frame)) {
                    case ChildCommand.Train(var job) -> {
                        TrainingTask task = new TrainingTask(job);
                        latest = task;
                        tasks.add(task);
                    }
                    case ChildCommand.Stop(var reason) -> stopLatest(reason);
                    case ChildCommand.Alive() -> {}
                }
            }
            end(0);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            end(1);
        }
    }

    /** A trainer that was not heard of for a lease has lost it: what is trained now is another trainer's by then. */
    private void watchTrainer() {
        Duration lease = arguments.lease();
        while (true) {
            try {
                TimeUnit.NANOSECONDS.sleep(lease.toNanos() / 10);
            } catch (InterruptedException e) {
                return;
            }
            if (System.nanoTime() - heardAt > lease.toNanos()) {
                stopLatest(StopReason.RELEASE);
            }
        }
    }

    private void stopLatest(StopReason reason) {
        TrainingTask task = latest;
        if (task != null) {
            task.stop(reason);
        }
    }

    private void tell(ChildEvent event) {
        try {
            events.write(event.encode());
        } catch (IOException e) {
            throw new UncheckedIOException("the trainer does not listen any more", e);
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void waitFor(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the process at once: no hook runs and no native code is waited for. */
    private static void end(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }

    /** Tells of epochs at once and of steps now and then, so that short steps don't drown in telling. */
    private final class Teller implements TrainingListener {
        private long toldAt = System.nanoTime() - STEP_EVENT_EVERY_NANOS;

        @Override
        public void stepped(long step, int epoch) {
            long now = System.nanoTime();
            if (now - toldAt >= STEP_EVENT_EVERY_NANOS) {
                toldAt = now;
                tell(new ChildEvent.Stepped(step, epoch));
            }
        }

        @Override
        public void finished(FinishedEpoch epoch) {
            tell(new ChildEvent.Finished(epoch));
        }
    }
}
