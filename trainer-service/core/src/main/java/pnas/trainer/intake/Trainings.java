package pnas.trainer.intake;

import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import pnas.failure.PnasException;
import pnas.message.TrainerCommand;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.checkpoint.CheckpointStore;
import pnas.trainer.training.TrainingTask;
import pnas.trainer.training.TrainingTask.StopReason;

/** The trainings that this trainer holds, from their claim to their end. Safe for use by many threads. */
@Singleton
final class Trainings {
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final WorkerId worker;
    private final Reports reports;
    private final CheckpointStore checkpoints;
    private final TrainerMetrics metrics;
    private final TrainingSpans spans;
    private final Map<UUID, HeldTraining> held = new ConcurrentHashMap<>();
    private volatile boolean leaving;
    private volatile long endedAt = System.nanoTime();

    Trainings(
            WorkerId worker,
            Reports reports,
            CheckpointStore checkpoints,
            TrainerMetrics metrics,
            TrainingSpans spans) {
        this.worker = worker;
        this.reports = reports;
        this.checkpoints = checkpoints;
        this.metrics = metrics;
        this.spans = spans;
        metrics.observeRunning(held::size);
    }

    /**
     * Claims a job under a token of its own, and waits until the broker has the claim.
     *
     * @return empty where the claim could not be sent: the job is not this trainer's
     */
    Optional<HeldTraining> claim(TrainingJob job) {
        AttemptRef attempt = new AttemptRef(job.trialId(), job.attempt(), worker.text(), UUID.randomUUID());
        try {
            join(reports.send(new Claimed(TrainingProgress.SCHEMA_VERSION, attempt)));
        } catch (CompletionException e) {
            Log.warnf("trial %s cannot be claimed: %s", job.trialId(), e.getCause());
            return Optional.empty();
        }
        HeldTraining training = new HeldTraining(attempt, new TrainingTask(job), reports, spans.begin(job, attempt));
        held.put(attempt.token(), training);
        if (leaving) {
            training.task().stop(StopReason.RELEASE);
        }
        Log.infof("trial %s attempt %d: claimed", attempt.trialId(), attempt.number());
        return Optional.of(training);
    }

    /** Tells how a training ended, for as long as it takes until the broker has it. */
    void end(HeldTraining training, Outcome outcome) {
        AttemptRef attempt = training.attempt();
        endedAt = System.nanoTime();
        held.remove(attempt.token());
        double seconds = training.seconds();
        Log.infof("trial %s attempt %d: %s after %.1f s", attempt.trialId(), attempt.number(), outcome, seconds);
        metrics.ended(outcome, seconds);
        training.span()
                .setStatus(isResult(outcome) ? StatusCode.OK : StatusCode.ERROR)
                .setAttribute("pnas.outcome", TrainerMetrics.name(outcome))
                .end();
        Ended ended = new Ended(TrainingProgress.SCHEMA_VERSION, attempt, outcome, seconds);
        while (!isSent(ended)) {
            pause();
        }
        if (isResult(outcome)) {
            removeCheckpoints(attempt.trialId());
        }
        endedAt = System.nanoTime();
    }

    /** Stops a training whose token is held here; any other command is another trainer's. */
    void stop(TrainerCommand.Stop command) {
        HeldTraining training = held.get(command.attempt().token());
        if (training != null) {
            Log.infof(
                    "trial %s attempt %d: told to stop: %s",
                    training.attempt().trialId(), training.attempt().number(), command.reason());
            training.task().stop(StopReason.CANCEL);
        }
    }

    /** Gives back every training, those that are still being claimed included. */
    void release() {
        leaving = true;
        held.values().forEach(training -> training.task().stop(StopReason.RELEASE));
    }

    /** Sends a heartbeat of each training. Called by one thread. */
    void beat() {
        held.values().forEach(HeldTraining::beat);
    }

    /** How long nothing is held, since the last training ended or the trainer began; nothing where one is held. */
    Duration idle() {
        long since = endedAt;
        return held.isEmpty() ? Duration.ofNanos(System.nanoTime() - since) : Duration.ZERO;
    }

    /** Id of the worker. */
    String worker() {
        return worker.text();
    }

    /** Ids of the trials that are held. */
    List<String> trials() {
        return held.values().stream()
                .map(training -> training.attempt().trialId())
                .sorted()
                .toList();
    }

    private boolean isSent(Ended ended) {
        try {
            join(reports.send(ended));
            return true;
        } catch (CompletionException e) {
            Log.warnf("the end of trial %s is not told yet: %s", ended.attempt().trialId(), e.getCause());
            return false;
        }
    }

    private static boolean isResult(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Trained _, Outcome.Diverged _ -> true;
            case Outcome.OutOfMemory _,
                    Outcome.Crashed _,
                    Outcome.Stalled _,
                    Outcome.Cancelled _,
                    Outcome.Released _,
                    Outcome.Failed _ -> false;
        };
    }

    private void removeCheckpoints(String trialId) {
        try {
            checkpoints.remove(trialId);
        } catch (PnasException e) {
            Log.warnf("checkpoints are left behind: %s", e.getMessage());
        }
    }

    private static void join(CompletionStage<Void> sent) {
        sent.toCompletableFuture().join();
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a slot", e);
        }
    }
}
