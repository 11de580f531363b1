package pnas.trainer.intake;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;
import pnas.dataset.DataFolder;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.child.TrainingChild;
import pnas.trainer.training.TrainingTask;

/**
 * One training at a time: takes a job, claims it, has it trained and tells how it ended, on a thread of its own. A job is claimed before its
 * record is accepted, so that whenever the trainer dies the job is either delivered again or under a lease.
 */
final class Slot {
    private static final Duration BETWEEN_STARTS = Duration.ofSeconds(5);

    private final JobSource jobs;
    private final TrainingChild child;
    private final DataFolder dataSets;
    private final Trainings trainings;
    private final TrainerMetrics metrics;
    private final CompletableFuture<Machine> machine = new CompletableFuture<>();
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable String obstacle;
    private volatile @Nullable String loss;

    Slot(
            int number,
            JobSource jobs,
            TrainingChild child,
            DataFolder dataSets,
            Trainings trainings,
            TrainerMetrics metrics) {
        this.jobs = jobs;
        this.child = child;
        this.dataSets = dataSets;
        this.trainings = trainings;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().daemon().name("slot-" + number).unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** What this slot trains with, complete once its process is up for the first time. */
    CompletableFuture<Machine> machine() {
        return machine;
    }

    /** Why it can take no job now: the process that trains did not come up at the last try, or the broker gives none; null where it can. */
    @Nullable String obstacle() {
        String own = obstacle;
        return own == null ? jobs.obstacle() : own;
    }

    /** The defect that ended this slot; null where none did. */
    @Nullable String loss() {
        return loss;
    }

    boolean isWorking() {
        return thread.isAlive();
    }

    /** Takes no more jobs. */
    void leave() {
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

    private void work() {
        try (jobs;
                child) {
            while (!isLeaving()) {
                if (childIsUp()) {
                    jobs.next().ifPresent(this::take);
                }
            }
        } catch (RuntimeException | Error e) {
            loss = "a slot of this trainer is lost: " + e;
            Log.error(loss, e);
            throw e;
        }
    }

    private boolean isLeaving() {
        return leaving.getCount() == 0;
    }

    /** Starts the process before a job is taken: a trainer that cannot train must not claim. */
    private boolean childIsUp() {
        try {
            machine.complete(child.machine());
            obstacle = null;
            return true;
        } catch (PnasException e) {
            obstacle = e.getMessage();
            Log.error(e.getMessage());
            awaitLeaving(BETWEEN_STARTS);
            return false;
        }
    }

    private void take(ConsumerRecord<byte[], byte @Nullable []> record) {
        if (isLeaving()) {
            jobs.release(record);
            return;
        }
        TrainingJob job;
        try {
            job = Messages.decode(record.value(), TrainingJob.class);
        } catch (PnasException e) {
            Log.warnf("%s@%d is rejected: %s", record.topic(), record.offset(), e.getMessage());
            metrics.jobRejected();
            jobs.reject(record);
            return;
        }
        Map<String, Object> ids = Map.of(
                "experiment", job.experimentId(),
                "trial", job.trialId(),
                "attempt", job.attempt(),
                "worker", trainings.worker());
        ids.forEach(MDC::put);
        try {
            work(record, job);
        } finally {
            ids.keySet().forEach(MDC::remove);
        }
    }

    private void work(ConsumerRecord<byte[], byte @Nullable []> record, TrainingJob job) {
        Optional<HeldTraining> claimed = trainings.claim(job);
        if (claimed.isEmpty()) {
            jobs.release(record);
            return;
        }
        jobs.accept(record);
        trainings.end(claimed.get(), train(claimed.get()));
    }

    private Outcome train(HeldTraining training) {
        TrainingTask task = training.task();
        try {
            // Here and not in the process that trains, which would be held to have stalled.
            dataSets.fetch(
                    task.job().dataSet().name(), () -> task.stopRequested().isPresent());
            return child.train(task, training);
        } catch (CancellationException e) {
            return switch (task.stopRequested().orElseThrow(() -> e)) {
                case CANCEL -> new Outcome.Cancelled();
                case RELEASE -> new Outcome.Released(0);
            };
        } catch (PnasException e) {
            return new Outcome.Failed(e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            Log.errorf(e, "trial %s: the trainer failed", training.attempt().trialId());
            return new Outcome.Failed(ErrorCode.INTERNAL, e.toString());
        }
    }

    private void awaitLeaving(Duration most) {
        try {
            var _ = leaving.await(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a slot", e);
        }
    }
}
