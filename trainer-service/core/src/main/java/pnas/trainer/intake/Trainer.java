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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import pnas.failure.LostMachine;
import pnas.message.TrainerEvent;

/** The trainer as a whole: starts its slots, tells that it and its trainings live as {@link TrainerLife} says, and leaves in good order. */
@Singleton
final class Trainer {
    private static final Duration TELL_OUTCOMES_WITHIN = Duration.ofSeconds(5);
    private static final Duration TELL_LEAVING_WITHIN = Duration.ofSeconds(2);

    private final TrainerConfiguration configuration;
    private final LeaseConfiguration lease;
    private final TrainerId worker;
    private final Reports reports;
    private final Slots slots;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heart").factory());
    private TrainerLife life;

    Trainer(
            TrainerConfiguration configuration,
            LeaseConfiguration lease,
            TrainerId worker,
            Reports reports,
            Slots slots) {
        this.configuration = configuration;
        this.lease = lease;
        this.worker = worker;
        this.reports = reports;
        this.slots = slots;
        this.life = TrainerLife.of(
                worker.text(),
                configuration.engine(),
                TrainerId.host(),
                configuration.idleExit().orElse(null));
    }

    void start(@Observes StartupEvent started) {
        slots.start();
        long period = lease.duration().toNanos() / 3;
        var _ = heart.scheduleAtFixedRate(this::beat, period, period, TimeUnit.NANOSECONDS);
        var _ = slots.machine().thenAcceptAsync(_ -> opened(), heart);
    }

    /** Stops the trainings at their next step, gives them back, and says goodbye. */
    void leave(@Observes ShutdownEvent stopping) throws InterruptedException {
        leave();
        slots.leave();
        if (!slots.awaitEnd(configuration.grace())) {
            Log.warnf("trainings did not stop within %s: their processes are killed", configuration.grace());
            slots.kill();
            if (!slots.awaitEnd(TELL_OUTCOMES_WITHIN)) {
                Log.errorf(
                        "the end of trials %s could not be told: their leases will end",
                        TrainerLife.trials(slots.lives()));
            }
        }
        heart.shutdownNow();
        sayGoodbye();
    }

    private synchronized void leave() {
        life = life.leave();
    }

    private synchronized void opened() {
        act(life.opened(slots.lives(), slots.now()));
    }

    private void beat() {
        try {
            slots.beat();
            beatAsTrainer();
        } catch (RuntimeException | Error e) {
            LostMachine.endIf(e);
            // An exception here would end the heartbeats.
            Log.error("a heartbeat failed", e);
        }
    }

    private synchronized void beatAsTrainer() {
        act(life.beat(slots.lives(), slots.loss().orElse(null), slots.now()));
    }

    private void act(TrainerLife.Turn turn) {
        life = turn.life();
        turn.effects().forEach(this::act);
    }

    private void act(TrainerLife.Effect effect) {
        switch (effect) {
            case TrainerLife.Effect.Tell(var announced, var alive) -> {
                var _ = CompletableFuture.allOf(
                                reports.send(announced).toCompletableFuture(),
                                reports.send(alive).toCompletableFuture())
                        .whenComplete((_, failure) -> told(failure == null));
            }
            case TrainerLife.Effect.End end -> end(end);
        }
    }

    private synchronized void told(boolean taken) {
        life = life.told(taken);
    }

    /** Ends the process as a request to leave does: what is claimed at this very moment is given back. */
    private void end(TrainerLife.Effect.End end) {
        if (end.failed()) {
            Log.errorf("the trainer ends: %s", end.cause());
            leaveCause(end.cause());
        } else {
            Log.info(end.cause());
        }
        Quarkus.asyncExit(end.status());
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

    private void sayGoodbye() throws InterruptedException {
        try {
            reports.send(new TrainerEvent.Leaving(TrainerEvent.SCHEMA_VERSION, worker.text()))
                    .toCompletableFuture()
                    .get(TELL_LEAVING_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Log.warnf("the broker does not hear that the trainer leaves: %s", e.toString());
        }
    }
}
