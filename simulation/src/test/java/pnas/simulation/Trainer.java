package pnas.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.message.TrainerCommand;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;
import pnas.trainer.intake.SlotLife;
import pnas.trainer.intake.SlotLife.Acknowledgement;
import pnas.trainer.intake.SlotLife.Effect;
import pnas.trainer.intake.SlotLife.Event;
import pnas.trainer.intake.SlotLife.Step;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingTask.StopReason;

/** A trainer: does what the life of each of its slots says, and dies, freezes and leaves. */
final class Trainer {
    static final Machine MACHINE = new Machine(Searches.ENGINE, "1", "a processor");
    private static final long BEAT = Orchestrator.TERMS.duration().toMillis() / 3;

    private final World world;
    private final Platform platform;
    private final Node process;
    private final List<Slot> slots = new ArrayList<>();
    private boolean leaving;
    private long slowUntil;

    Trainer(Platform platform, String name, int count) {
        this.platform = platform;
        this.world = platform.world();
        this.process = world.new Node(name);
        for (int i = 0; i < count; i++) {
            slots.add(new Slot());
        }
        process.later(BEAT, this::beat);
    }

    Node process() {
        return process;
    }

    boolean takesJobs() {
        return process.isAlive() && !leaving;
    }

    int slots() {
        return slots.size();
    }

    /** Whether it holds nothing. */
    boolean isIdle() {
        return slots.stream().allMatch(slot -> slot.life.standing() instanceof SlotLife.Standing.Free);
    }

    void hear(TrainerCommand.Stop command) {
        process.later(world.between(1, 30), () -> slots.forEach(slot -> slot.hear(new Event.Stop(command))));
    }

    void leave() {
        world.tell(process.name + " leaves");
        leaving = true;
        slots.forEach(slot -> slot.hear(new Event.Leave()));
    }

    private void beat() {
        if (world.now() >= slowUntil) {
            slots.forEach(slot -> slot.hear(new Event.Beat()));
        }
        process.later(BEAT, this::beat);
    }

    private final class Slot {
        private final Actor actor;
        private SlotLife life = SlotLife.of(process.name, now());
        private Broker.@Nullable Taken taken;
        private @Nullable StopReason stop;
        private @Nullable Boolean told;
        private boolean unable;

        Slot() {
            this.actor = process.start(this::work);
        }

        private Duration now() {
            return Duration.ofMillis(world.now());
        }

        private void work(Actor self) {
            Step step = next(new Event.Began());
            while (!(step instanceof Step.Close)) {
                step = next(take(step));
            }
        }

        private Step next(Event event) {
            return Objects.requireNonNull(hear(event));
        }

        private @Nullable Step hear(Event event) {
            SlotLife.Turn turn = life.hear(event, now());
            life = turn.life();
            turn.effects().forEach(this::act);
            return turn.next();
        }

        private void act(Effect effect) {
            switch (effect) {
                case Effect.SendHeartbeat(var heartbeat) ->
                    send(
                            heartbeat,
                            _ -> hear(new Event.Beaten(heartbeat.attempt().token())));
                case Effect.SendEpoch(var epoch) -> send(epoch, _ -> {});
                case Effect.StopTraining(StopReason reason) -> {
                    stop = reason;
                    actor.wake();
                }
                case Effect.Count(Ended ended) -> platform.broker().expect(process, ended);
            }
        }

        private void send(TrainingProgress message, Consumer<Boolean> done) {
            platform.broker()
                    .send(process, Orchestrator.PROGRESS, message.attempt().trialId(), message, done);
        }

        private Event take(Step step) {
            return switch (step) {
                case Step.Open() -> open();
                case Step.Take() -> job();
                case Step.Claim(var claim) -> claim(claim);
                case Step.Answer(Acknowledgement acknowledgement) -> answer(acknowledgement);
                case Step.Train(TrainingJob job) -> new Event.TrainingEnded(train(job));
                case Step.Tell(Ended ended) -> sent(ended) ? new Event.EndSent() : new Event.EndNotSent();
                case Step.RemoveCheckpoints(String _) -> new Event.Removed();
                case Step.Rest(Duration most, boolean _) -> {
                    actor.pause(most.toMillis());
                    yield new Event.Rested();
                }
                case Step.Close() -> throw new IllegalStateException("nothing follows");
            };
        }

        private Event open() {
            if (unable) {
                unable = world.oneIn(2);
                return new Event.NotOpened("no driver");
            }
            return new Event.Opened(MACHINE);
        }

        private Event job() {
            taken = platform.broker().take(process);
            if (taken == null) {
                platform.broker().await(actor, 30_000);
                return new Event.NoJob(null);
            }
            stop = null;
            for (Fault fault : world.strike(Fault.Point.JOB_TAKEN)) {
                switch (fault) {
                    case TRAINER_CRASHED_BEFORE_CLAIM -> die();
                    case TRAINER_FROZEN_BEFORE_CLAIM -> process.freeze(world.between(35_000, 100_000));
                    case TRAINER_UNABLE -> unable = true;
                    case LOCK_ENDED -> platform.broker().endLock(taken);
                    default -> {}
                }
            }
            actor.pause(world.between(1, 10));
            return new Event.Delivered(taken.job(), new UUID(world.chance.nextLong(), world.chance.nextLong()));
        }

        private Event claim(TrainingProgress.Claimed claim) {
            if (!sent(claim)) {
                return new Event.ClaimNotSent();
            }
            if (world.strikes(Fault.TRAINER_CRASHED_AFTER_CLAIM)) {
                die();
            }
            return new Event.ClaimSent();
        }

        private Event answer(Acknowledgement acknowledgement) {
            actor.pause(world.between(1, 10));
            platform.broker()
                    .answer(process, Objects.requireNonNull(taken), acknowledgement != Acknowledgement.RELEASE);
            return new Event.Answered();
        }

        /** Waits until the broker is known to have it or not. */
        private boolean sent(TrainingProgress message) {
            told = null;
            send(message, has -> {
                told = has;
                actor.wake();
            });
            while (told == null) {
                actor.park(3_600_000);
            }
            return told;
        }

        private Outcome train(TrainingJob job) {
            AttemptRef attempt = Objects.requireNonNull(life.holds());
            Set<Fault> faults = world.strike(Fault.Point.TRAINING_BEGUN);
            String cell = job.cell().id().hex();
            long whole = Cells.milliseconds(cell);
            if (rest(whole / 2)) {
                return stopped();
            }
            for (Fault fault : faults) {
                switch (fault) {
                    case TRAINER_CRASHED_IN_TRAINING -> die();
                    case TRAINER_FROZEN -> process.freeze(world.between(50_000, 200_000));
                    case HEARTBEATS_SLOW -> slowUntil = world.now() + world.between(30_000, 150_000);
                    case TRAINER_LEAVES -> platform.leaves(Trainer.this);
                    case RESULT_FORGED -> forge(attempt);
                    default -> {}
                }
            }
            hear(new Event.Stepped(5, 0));
            hear(new Event.EpochEnded(new FinishedEpoch(1, 0.5, 0.5, whole / 2000.0)));
            if (rest(whole / 2)) {
                return stopped();
            }
            if (platform.failsNow(job.trialId()) || faults.contains(Fault.CHILD_CRASHED) || Cells.crashes(cell)) {
                return new Outcome.Crashed("signal 9");
            }
            if (faults.contains(Fault.CHILD_STALLED)) {
                return new Outcome.Stalled("no step");
            }
            if (faults.contains(Fault.OUT_OF_MEMORY)) {
                return new Outcome.OutOfMemory("8 GiB");
            }
            if (Cells.fails(cell)) {
                return new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "no such cell");
            }
            return Cells.diverges(cell)
                    ? new Outcome.Diverged(1, MACHINE)
                    : new Outcome.Trained(Cells.accuracyOf(job.trialId()), MACHINE, /* replayed= */ false);
        }

        /** A result that nobody let this trainer compute. */
        private void forge(AttemptRef attempt) {
            AttemptRef forged = new AttemptRef(
                    attempt.trialId(), attempt.number(), "forger", new UUID(13, world.chance.nextLong()));
            send(new Ended(1, forged, new Outcome.Trained(1.0, MACHINE, /* replayed= */ false), 1), _ -> {});
        }

        private boolean rest(long milliseconds) {
            long until = world.now() + milliseconds;
            while (stop == null && world.now() < until) {
                actor.park(until - world.now());
            }
            return stop != null;
        }

        private Outcome stopped() {
            return stop == StopReason.RELEASE ? new Outcome.Released(0) : new Outcome.Cancelled();
        }

        private void die() {
            process.die();
            Coroutine.leave();
        }
    }
}
