package pnas.trainer.intake;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.logging.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;
import pnas.dataset.DataFolder;
import pnas.failure.ErrorCode;
import pnas.failure.FullDisks;
import pnas.failure.LostMachine;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.message.TrainerCommand;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.checkpoint.CheckpointStore;
import pnas.trainer.child.TrainingChild;
import pnas.trainer.intake.SlotLife.Effect;
import pnas.trainer.intake.SlotLife.Event;
import pnas.trainer.intake.SlotLife.Step;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;

/**
 * Does what a {@link SlotLife} says, step after step on a thread of its own; what comes at any time comes on other threads. Nothing that takes time is done while
 * the life is locked.
 */
final class Slot implements TrainingListener {
    private static final List<String> IDS = List.of("experiment", "trial", "attempt", "worker");

    private final Supplier<Duration> clock;
    private final Means means;
    private final JobSource jobs;
    private final TrainingChild child;
    private final CompletableFuture<Machine> machine = new CompletableFuture<>();
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final Thread thread;
    private SlotLife life;
    private @Nullable TrainingTask task;
    private Span span = Span.getInvalid();
    private @Nullable ConsumerRecord<byte[], byte[]> record;
    private volatile @Nullable String loss;

    /**
     * What all slots of a trainer share.
     *
     * @param written the folders that a training writes to
     */
    record Means(
            DataFolder dataSets,
            List<Path> written,
            CheckpointStore checkpoints,
            Reports reports,
            TrainerMetrics metrics,
            TrainingSpans spans) {}

    /** @param clock how long the trainer has lived */
    Slot(int number, String worker, Supplier<Duration> clock, Means means, JobSource jobs, TrainingChild child) {
        this.clock = clock;
        this.means = means;
        this.jobs = jobs;
        this.child = child;
        this.life = SlotLife.of(worker, clock.get());
        this.thread = Thread.ofPlatform().daemon().name("slot-" + number).unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** The slot as it is now. */
    synchronized SlotLife life() {
        return life;
    }

    /** What this slot trains with, complete once its process is up for the first time. */
    CompletableFuture<Machine> machine() {
        return machine;
    }

    /** The defect that ended this slot; null where none did. */
    @Nullable String loss() {
        return loss;
    }

    boolean isWorking() {
        return thread.isAlive();
    }

    /** Stops its training if the command names it; any other command is another slot's. */
    void stop(TrainerCommand.Stop command) {
        hear(new Event.Stop(command));
    }

    /** Sends a heartbeat of its training. */
    void beat() {
        hear(new Event.Beat());
    }

    /** Gives its training back and takes no more jobs. */
    void leave() {
        hear(new Event.Leave());
        leaving.countDown();
    }

    /** Ends the process that trains, whatever it does. */
    void kill() {
        child.close();
    }

    /** Waits until the slot has told the end of its last training. */
    boolean awaitEnd(Duration most) throws InterruptedException {
        return thread.getState() == Thread.State.NEW || thread.join(most);
    }

    @Override
    public void stepped(long step, int epoch) {
        hear(new Event.Stepped(step, epoch));
    }

    @Override
    public void finished(FinishedEpoch epoch) {
        hear(new Event.EpochEnded(epoch));
    }

    private void work() {
        try (jobs;
                child) {
            Step step = next(new Event.Began());
            while (!(step instanceof Step.Close)) {
                step = next(take(step));
            }
        } catch (RuntimeException | Error e) {
            LostMachine.endIf(e);
            loss = "a slot of this trainer is lost: " + e;
            Log.error(loss, e);
            throw e;
        }
    }

    private Step next(Event event) {
        return Objects.requireNonNull(hear(event), "what follows a step");
    }

    private synchronized @Nullable Step hear(Event event) {
        SlotLife.Turn turn = life.hear(event, clock.get());
        life = turn.life();
        turn.effects().forEach(this::act);
        return turn.next();
    }

    // ---- steps

    private Event take(Step step) {
        return switch (step) {
            case Step.Open() -> open();
            case Step.Take() -> job();
            case Step.Claim(var claim) -> claim(claim);
            case Step.Answer(var acknowledgement) -> answer(acknowledgement);
            case Step.Train(TrainingJob _) -> new Event.TrainingEnded(train(presentTask()));
            case Step.Tell(Ended ended) -> isSent(ended) ? new Event.EndSent() : new Event.EndNotSent();
            case Step.RemoveCheckpoints(String trialId) -> removeCheckpoints(trialId);
            case Step.Rest(Duration most, boolean untilLeaving) -> rest(most, untilLeaving);
            case Step.Close() -> throw new IllegalStateException("nothing follows the end of a slot");
        };
    }

    private Event open() {
        IDS.forEach(MDC::remove);
        try {
            Machine opened = child.machine();
            machine.complete(opened);
            return new Event.Opened(opened);
        } catch (PnasException e) {
            Log.error(e.getMessage());
            return new Event.NotOpened(String.valueOf(e.getMessage()));
        }
    }

    private Event job() {
        Optional<ConsumerRecord<byte[], byte[]>> next = jobs.next();
        if (next.isEmpty()) {
            return new Event.NoJob(jobs.obstacle());
        }
        record = next.get();
        TrainingJob job;
        try {
            job = Messages.decode(record.value(), TrainingJob.class);
        } catch (PnasException e) {
            Log.warnf("%s@%d cannot be read: %s", record.topic(), record.offset(), e.getMessage());
            return new Event.Unreadable();
        }
        synchronized (this) {
            task = new TrainingTask(job);
        }
        MDC.put("experiment", job.experimentId());
        MDC.put("trial", job.trialId());
        MDC.put("attempt", job.attempt());
        MDC.put("worker", life().worker());
        return new Event.Delivered(job, UUID.randomUUID());
    }

    private Event claim(TrainingProgress.Claimed claim) {
        AttemptRef attempt = claim.attempt();
        try {
            join(means.reports().send(claim));
        } catch (CompletionException e) {
            Log.warnf("trial %s cannot be claimed: %s", attempt.trialId(), e.getCause());
            return new Event.ClaimNotSent();
        }
        span = means.spans().begin(presentTask().job(), attempt);
        Log.infof("trial %s attempt %d: claimed", attempt.trialId(), attempt.number());
        return new Event.ClaimSent();
    }

    private Event answer(SlotLife.Acknowledgement acknowledgement) {
        ConsumerRecord<byte[], byte[]> answered = Objects.requireNonNull(record, "a record to answer");
        switch (acknowledgement) {
            case ACCEPT -> jobs.accept(answered);
            case RELEASE -> jobs.release(answered);
            case REJECT -> {
                means.metrics().jobRejected();
                jobs.reject(answered);
            }
        }
        return new Event.Answered();
    }

    private Outcome train(TrainingTask training) {
        try {
            // Here and not in the process that trains, which would be held to have stalled.
            means.dataSets()
                    .fetch(
                            training.job().dataSet().name(),
                            () -> training.stopRequested().isPresent());
            return keptFrom(child.train(training, this));
        } catch (CancellationException e) {
            return switch (training.stopRequested().orElseThrow(() -> e)) {
                case CANCEL -> new Outcome.Cancelled();
                case RELEASE -> new Outcome.Released(0);
            };
        } catch (PnasException e) {
            return keptFrom(new Outcome.Failed(e.code(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            Log.errorf(e, "trial %s: the trainer failed", training.job().trialId());
            return new Outcome.Failed(ErrorCode.INTERNAL, e.toString());
        }
    }

    /** A training that a full disk ended is given back, as it would be by a trainer that leaves: no attempt of the trial is used up. */
    private Outcome keptFrom(Outcome outcome) {
        if (!(outcome instanceof Outcome.Failed failed) || failed.code() != ErrorCode.STORAGE_FAILURE) {
            return outcome;
        }
        Optional<String> full = FullDisks.complaint(FullDisks.spaces(means.written()));
        full.ifPresent(complaint -> Log.warnf("%s: %s", complaint, failed.message()));
        return full.isPresent() ? new Outcome.Released(0) : outcome;
    }

    private boolean isSent(Ended ended) {
        try {
            join(means.reports().send(ended));
            return true;
        } catch (CompletionException e) {
            Log.warnf("the end of trial %s is not told yet: %s", ended.attempt().trialId(), e.getCause());
            return false;
        }
    }

    private Event removeCheckpoints(String trialId) {
        try {
            means.checkpoints().remove(trialId);
        } catch (PnasException e) {
            Log.warnf("checkpoints are left behind: %s", e.getMessage());
        }
        return new Event.Removed();
    }

    private Event rest(Duration most, boolean untilLeaving) {
        try {
            if (untilLeaving) {
                var _ = leaving.await(most.toNanos(), TimeUnit.NANOSECONDS);
            } else {
                Thread.sleep(most);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a slot", e);
        }
        return new Event.Rested();
    }

    private synchronized TrainingTask presentTask() {
        return Objects.requireNonNull(task, "a job");
    }

    // ---- effects

    private void act(Effect effect) {
        switch (effect) {
            case Effect.SendHeartbeat(var heartbeat) -> {
                var _ = means.reports()
                        .send(heartbeat)
                        .whenComplete((_, _) ->
                                hear(new Event.Beaten(heartbeat.attempt().token())));
            }
            case Effect.SendEpoch(var epoch) -> {
                var _ = means.reports().send(epoch).exceptionally(failure -> {
                    Log.warnf(
                            "epoch %d of trial %s is not told: %s",
                            epoch.epoch(), epoch.attempt().trialId(), failure);
                    return null;
                });
            }
            case Effect.StopTraining(var reason) -> {
                Log.infof("trial %s: told to stop: %s", presentTask().job().trialId(), reason);
                presentTask().stop(reason);
            }
            case Effect.Count(Ended ended) -> count(ended);
        }
    }

    private void count(Ended ended) {
        AttemptRef attempt = ended.attempt();
        Outcome outcome = ended.outcome();
        Log.infof(
                "trial %s attempt %d: %s after %.1f s", attempt.trialId(), attempt.number(), outcome, ended.seconds());
        means.metrics().ended(outcome, ended.seconds());
        span.setStatus(SlotLife.isResult(outcome) ? StatusCode.OK : StatusCode.ERROR)
                .setAttribute("pnas.outcome", TrainerMetrics.name(outcome))
                .end();
    }

    private static void join(CompletionStage<Void> sent) {
        sent.toCompletableFuture().join();
    }
}
