package pnas.trainer.intake;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress.Machine;
import pnas.message.WorkerEvent;

/** The trainer as a whole: starts its slots, tells that it and its trainings live, and leaves in good order. */
@Singleton
final class Trainer {
    private static final Duration TELL_OUTCOMES_WITHIN = Duration.ofSeconds(5);
    private static final Duration TELL_LEAVING_WITHIN = Duration.ofSeconds(2);

    private final TrainerConfiguration configuration;
    private final LeaseConfiguration lease;
    private final WorkerId worker;
    private final Reports reports;
    private final Trainings trainings;
    private final Slots slots;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heart").factory());
    private CompletableFuture<@Nullable Void> told = CompletableFuture.completedFuture(null);
    /** Whether the broker has ever taken what this trainer told. */
    private volatile boolean heard;

    private @Nullable Long openedAt;
    private @Nullable Long unableSince;

    Trainer(
            TrainerConfiguration configuration,
            LeaseConfiguration lease,
            WorkerId worker,
            Reports reports,
            Trainings trainings,
            Slots slots) {
        this.configuration = configuration;
        this.lease = lease;
        this.worker = worker;
        this.reports = reports;
        this.trainings = trainings;
        this.slots = slots;
    }

    void start(@Observes StartupEvent started) {
        slots.start();
        long period = lease.duration().toNanos() / 3;
        var _ = heart.scheduleAtFixedRate(this::beat, period, period, TimeUnit.NANOSECONDS);
        var _ = slots.machine().thenAcceptAsync(this::opened, heart);
    }

    /** Stops the trainings at their next step, gives them back, and says goodbye. */
    void leave(@Observes ShutdownEvent stopping) throws InterruptedException {
        slots.leave();
        trainings.release();
        if (!slots.awaitEnd(configuration.grace())) {
            Log.warnf("trainings did not stop within %s: their processes are killed", configuration.grace());
            slots.kill();
            if (!slots.awaitEnd(TELL_OUTCOMES_WITHIN)) {
                Log.errorf("the end of trials %s could not be told: their leases will end", trainings.trials());
            }
        }
        heart.shutdownNow();
        sayGoodbye();
    }

    private void opened(Machine machine) {
        openedAt = System.nanoTime();
        tellOfWorker(machine, null);
    }

    /** What stands for the machine of a trainer that says only why it cannot train. */
    private Machine unopened() {
        return new Machine(configuration.engine(), "not opened", "not opened");
    }

    private void beat() {
        try {
            trainings.beat();
            Optional<String> loss = slots.loss();
            if (loss.isPresent()) {
                // Whoever started it starts it again, with all its slots.
                end(loss.get());
                return;
            }
            Optional<String> obstacle = slots.able() > 0 ? Optional.empty() : slots.obstacle();
            boolean opened = slots.machine().isDone();
            if (opened || obstacle.isPresent()) {
                tellOfWorker(opened ? slots.machine().join() : unopened(), obstacle.orElse(null));
            }
            if (obstacle.isPresent()) {
                endWhereUnable(obstacle.get());
            } else {
                unableSince = null;
                leaveWhereIdle();
            }
        } catch (RuntimeException e) {
            Log.error("a heartbeat failed", e);
        }
    }

    private void tellOfWorker(Machine machine, @Nullable String obstacle) {
        if (!told.isDone()) {
            return; // The broker is away: what waits already says the same.
        }
        List<String> trials = trainings.trials();
        told = CompletableFuture.allOf(
                reports.send(new WorkerEvent.Announced(
                                WorkerEvent.SCHEMA_VERSION,
                                worker.text(),
                                machine,
                                Math.max(1, slots.able()),
                                WorkerId.host(),
                                obstacle))
                        .toCompletableFuture(),
                reports.send(new WorkerEvent.Alive(WorkerEvent.SCHEMA_VERSION, worker.text(), trials))
                        .toCompletableFuture());
        var _ = told.thenRun(() -> heard = true);
    }

    /**
     * Ends the process as a request to leave does: what is claimed at this very moment is given back. A trainer that has not opened its engine yet
     * has not been idle.
     */
    private void leaveWhereIdle() {
        if (openedAt == null) {
            return;
        }
        Duration idle = min(trainings.idle(), Duration.ofNanos(System.nanoTime() - openedAt));
        if (heard) {
            configuration.idleExit().filter(limit -> idle.compareTo(limit) > 0).ifPresent(limit -> {
                Log.infof("nothing to train for %s: the trainer ends", limit);
                Quarkus.asyncExit();
            });
        } else {
            endWhereUnable(idle, "the broker has taken nothing that this trainer told, its log says why");
        }
    }

    private void endWhereUnable(String obstacle) {
        long now = System.nanoTime();
        if (unableSince == null) {
            unableSince = now;
        }
        endWhereUnable(Duration.ofNanos(now - unableSince), obstacle);
    }

    /** Ends the process, as one that failed, that could not train for as long as it may be idle: it would hold its device for nothing. */
    private void endWhereUnable(Duration tried, String obstacle) {
        configuration.idleExit().filter(limit -> tried.compareTo(limit) > 0).ifPresent(limit -> {
            Log.errorf("the trainer could not train for %s and ends: %s", limit, obstacle);
            end(obstacle);
        });
    }

    private void end(String cause) {
        leaveCause(cause);
        Quarkus.asyncExit(1);
    }

    private void leaveCause(String obstacle) {
        if (!Files.isWritable(configuration.terminationLog())) {
            return; // Not on Kubernetes.
        }
        try {
            Files.writeString(configuration.terminationLog(), obstacle);
        } catch (IOException e) {
            Log.warnf(e, "the cause could not be left in %s", configuration.terminationLog());
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void sayGoodbye() throws InterruptedException {
        try {
            reports.send(new WorkerEvent.Leaving(WorkerEvent.SCHEMA_VERSION, worker.text()))
                    .toCompletableFuture()
                    .get(TELL_LEAVING_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Log.warnf("the broker does not hear that the trainer leaves: %s", e.toString());
        }
    }
}
