package pnas.trainer.training;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import pnas.message.TrainingJob;

/** A job in training, which any thread may ask to stop. The first request counts, later ones change nothing. */
public final class TrainingTask {
    /** Why a training stops before its end. */
    public enum StopReason {
        /** Its result is not wanted any more. */
        CANCEL,
        /** The trainer leaves: another one goes on from the last checkpoint. */
        RELEASE
    }

    private final TrainingJob job;
    private final CompletableFuture<StopReason> stop = new CompletableFuture<>();

    public TrainingTask(TrainingJob job) {
        this.job = job;
    }

    public TrainingJob job() {
        return job;
    }

    /** Asks the training to stop at its next step. */
    public void stop(StopReason reason) {
        stop.complete(reason);
    }

    /** The reason to stop, once there is one. Asked before every step. */
    public Optional<StopReason> stopRequested() {
        return Optional.ofNullable(stop.getNow(null));
    }

    /** Waits for a reason to stop, at most this long. */
    public Optional<StopReason> awaitStop(Duration most) {
        try {
            return Optional.of(stop.get(most.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(StopReason.RELEASE);
        } catch (ExecutionException e) {
            throw new AssertionError("nobody completes the request with a failure", e);
        }
    }
}
