package pnas.trainer.intake;

import io.opentelemetry.api.trace.Span;
import io.quarkus.logging.Log;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.EpochFinished;
import pnas.message.TrainingProgress.Heartbeat;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;

/** A training that this trainer has claimed: hears how it goes on and tells the orchestrator. Nothing here waits for the broker. */
final class HeldTraining implements TrainingListener {
    private final AttemptRef attempt;
    private final TrainingTask task;
    private final Reports reports;
    private final Span span;
    private final long claimedAt = System.nanoTime();
    private volatile long step;
    private volatile int epoch;
    private CompletableFuture<@Nullable Void> heartbeat = CompletableFuture.completedFuture(null);

    HeldTraining(AttemptRef attempt, TrainingTask task, Reports reports, Span span) {
        this.attempt = attempt;
        this.task = task;
        this.reports = reports;
        this.span = span;
    }

    AttemptRef attempt() {
        return attempt;
    }

    TrainingTask task() {
        return task;
    }

    /** What stands for it in a trace. */
    Span span() {
        return span;
    }

    double seconds() {
        return (System.nanoTime() - claimedAt) / 1e9;
    }

    @Override
    public void stepped(long steps, int epochs) {
        step = steps;
        epoch = epochs;
    }

    @Override
    public void finished(FinishedEpoch finished) {
        var _ = reports.send(new EpochFinished(
                        TrainingProgress.SCHEMA_VERSION,
                        attempt,
                        finished.epoch(),
                        finished.trainingLoss(),
                        finished.validationAccuracy(),
                        finished.seconds()))
                .exceptionally(failure -> {
                    Log.warnf("epoch %d of trial %s is not told: %s", finished.epoch(), attempt.trialId(), failure);
                    return null;
                });
        // After it was sent: a heartbeat that knows of the epoch before the orchestrator was told would make it old
        // news.
        epoch = finished.epoch();
    }

    /** Sends a heartbeat, unless the one before it is still on its way. Called by one thread. */
    void beat() {
        if (heartbeat.isDone()) {
            heartbeat = reports.send(new Heartbeat(TrainingProgress.SCHEMA_VERSION, attempt, step, epoch))
                    .toCompletableFuture();
        }
    }
}
