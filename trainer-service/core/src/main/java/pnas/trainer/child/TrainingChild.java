package pnas.trainer.child;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;

/**
 * An engine in a process of its own. The process lives from job to job and is started again where it died. What an engine cannot say of itself
 * is said here: {@code Crashed} where the process died, {@code Stalled} where no step came within the stall limit, {@code OutOfMemory} where it
 * grew beyond its limit; the latter two kill it. Belongs to one thread, but {@link #close} is for any.
 */
public final class TrainingChild implements TrainingEngine, AutoCloseable {
    private static final Duration LONGEST_TICK = Duration.ofMillis(200);
    /** Long: native libraries are unpacked at the first start on a machine. */
    private static final Duration OPENS_WITHIN = Duration.ofMinutes(5);

    private final ChildLaunch launch;
    private final Duration tick;
    private volatile @Nullable ChildProcess process;
    private @Nullable Living living;

    private record Living(ChildProcess process, Machine machine) {}

    /** Starts nothing yet. */
    public TrainingChild(ChildLaunch launch) {
        this.launch = launch;
        this.tick = shortest(
                LONGEST_TICK, launch.lease().dividedBy(6), launch.stallLimit().dividedBy(4));
    }

    @Override
    public String name() {
        return launch.engine();
    }

    @Override
    public String version() {
        return machine().engineVersion();
    }

    @Override
    public String deviceKind() {
        return machine().deviceKind();
    }

    /**
     * What the engine in the process computes with. Starts the process where none lives, and waits until it can take a job.
     *
     * @throws PnasException {@code TRAINING_CRASHED} where it does not come up
     */
    @Override
    public Machine machine() {
        return living().machine();
    }

    /**
     * Trains in the process, which is started where none lives.
     *
     * @throws PnasException {@code TRAINING_CRASHED} where it does not come up
     */
    @Override
    public Outcome train(TrainingTask task, TrainingListener listener) {
        ChildProcess child = living().process();
        child.send(new ChildCommand.Train(task.job()));
        return new Watch(child, task, listener).untilItEnds();
    }

    /** Kills the process. A training in it ends as a stopped one where it was asked to stop, else as crashed. */
    @Override
    public void close() {
        ChildProcess child = process;
        if (child != null) {
            child.kill();
        }
    }

    private Living living() {
        Living known = living;
        return known != null && known.process().isAlive() ? known : start();
    }

    private Living start() {
        ChildProcess child = ChildProcess.start(launch);
        process = child;
        ChildEvent first = child.next(OPENS_WITHIN);
        if (first instanceof ChildEvent.Hello(var machine)) {
            Living started = new Living(child, machine);
            living = started;
            return started;
        }
        retire(child);
        String why = first instanceof ChildEvent.Died died
                ? describe(died)
                : "it did not open the engine within " + OPENS_WITHIN;
        throw new PnasException(ErrorCode.TRAINING_CRASHED, "the process that trains did not come up: " + why);
    }

    private void retire(ChildProcess child) {
        child.kill();
        living = null;
    }

    private static String describe(ChildEvent.Died died) {
        return "it ended with exit code " + died.exitCode()
                + (died.lastWords().isEmpty() ? "" : ": " + died.lastWords());
    }

    private static Duration shortest(Duration first, Duration... others) {
        Duration shortest = first;
        for (Duration other : others) {
            shortest = other.compareTo(shortest) < 0 ? other : shortest;
        }
        return shortest;
    }

    /** One training as the trainer sees it. */
    private final class Watch {
        private final ChildProcess child;
        private final TrainingTask task;
        private final TrainingListener listener;
        private long steps = -1;
        private int epochsDone;
        private long progressAt = System.nanoTime();
        private long aliveSentAt = progressAt;
        private boolean stopSent;

        Watch(ChildProcess child, TrainingTask task, TrainingListener listener) {
            this.child = child;
            this.task = task;
            this.listener = listener;
        }

        Outcome untilItEnds() {
            while (true) {
                ChildEvent event = child.next(tick);
                Optional<Outcome> outcome = event == null ? Optional.empty() : hear(event);
                if (outcome.isEmpty()) {
                    outcome = look();
                }
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            }
        }

        private Optional<Outcome> hear(ChildEvent event) {
            switch (event) {
                case ChildEvent.Stepped(long step, int epoch) -> {
                    if (step > steps) {
                        steps = step;
                        epochsDone = epoch;
                        progressAt = System.nanoTime();
                    }
                    listener.stepped(step, epoch);
                }
                case ChildEvent.Finished(var epoch) -> {
                    epochsDone = epoch.epoch();
                    progressAt = System.nanoTime();
                    listener.finished(epoch);
                }
                case ChildEvent.Ended(var outcome) -> {
                    if (outcome instanceof Outcome.OutOfMemory) {
                        // Any of its threads may have met the same error: a fresh process is the only one to trust.
                        retire(child);
                    }
                    return Optional.of(outcome);
                }
                case ChildEvent.Died died -> {
                    retire(child);
                    return Optional.of(outcomeOf(died));
                }
                case ChildEvent.Hello hello -> throw new IllegalStateException("a second hello: " + hello);
            }
            return Optional.empty();
        }

        private Outcome outcomeOf(ChildEvent.Died died) {
            return task.stopRequested()
                    .<Outcome>map(reason -> switch (reason) {
                        case CANCEL -> new Outcome.Cancelled();
                        case RELEASE -> new Outcome.Released(epochsDone);
                    })
                    .orElseGet(() -> new Outcome.Crashed("the process that trains is gone: " + describe(died)));
        }

        private Optional<Outcome> look() {
            long now = System.nanoTime();
            if (!stopSent && task.stopRequested().isPresent()) {
                child.send(new ChildCommand.Stop(task.stopRequested().get()));
                stopSent = true;
            }
            if (now - aliveSentAt >= launch.lease().toNanos() / 3) {
                child.send(new ChildCommand.Alive());
                aliveSentAt = now;
            }
            if (now - progressAt >= launch.stallLimit().toNanos()) {
                retire(child);
                return Optional.of(new Outcome.Stalled("no step ended within " + launch.stallLimit() + ", "
                        + Math.max(steps, 0) + " were done before"));
            }
            OptionalLong resident = launch.memoryLimit().isPresent() ? child.residentBytes() : OptionalLong.empty();
            if (resident.isPresent()
                    && resident.getAsLong() > launch.memoryLimit().getAsLong()) {
                retire(child);
                return Optional.of(new Outcome.OutOfMemory(
                        "the process that trains has " + resident.getAsLong() + " resident bytes, the limit is "
                                + launch.memoryLimit().getAsLong()));
            }
            return Optional.empty();
        }
    }
}
