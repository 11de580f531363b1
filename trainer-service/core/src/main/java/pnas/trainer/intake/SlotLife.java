package pnas.trainer.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.message.TrainerCommand;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.EpochFinished;
import pnas.message.TrainingProgress.Heartbeat;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingTask.StopReason;

/**
 * One slot of a trainer: one training at a time, and everything that can happen to it. A function of nothing but what it is given, which changes nothing: what follows it
 * returns.
 *
 * <p>A job is claimed, and the broker has the claim, before its record is accepted. So at whatever instant the trainer dies, the job is either delivered again or under a
 * lease. A slot decides nothing about its lease: one that was frozen for longer tells of its training as if nothing had happened, and hears that it shall stop.
 *
 * @param worker id of the trainer
 * @param standing what it does
 * @param machine what it trains with, absent until its process is up for the first time
 * @param leaving whether it takes no more jobs
 * @param unopened why its process did not come up at the last try; absent where it did
 * @param unserved why the broker gives no job; absent where it does
 */
@Decides
public record SlotLife(
        String worker,
        Standing standing,
        @Nullable Machine machine,
        boolean leaving,
        @Nullable String unopened,
        @Nullable String unserved) {
    private static final Duration BETWEEN_STARTS = Duration.ofSeconds(5);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    /** What a slot does. Instants are times since its trainer began, by a clock that nobody sets. */
    public sealed interface Standing {
        /**
         * Waits for a job.
         *
         * @param since when it ended its last training, or began
         */
        record Free(Duration since) implements Standing {}

        /**
         * Has a job whose claim the broker may or may not have.
         *
         * @param freeSince since when it has not trained
         * @param stop why the training shall end before it has begun, absent where it shall not
         */
        record Claiming(
                TrainingJob job,
                AttemptRef attempt,
                Duration freeSince,
                @Nullable StopReason stop) implements Standing {}

        /**
         * Holds a training.
         *
         * @param since when the broker had the claim
         * @param step optimiser steps done, over all epochs
         * @param epoch epochs done
         * @param beating whether a heartbeat is on its way to the broker
         * @param stop why it shall end, absent where it shall not
         */
        record Training(
                TrainingJob job,
                AttemptRef attempt,
                Duration since,
                long step,
                int epoch,
                boolean beating,
                @Nullable StopReason stop)
                implements Standing {
            Training at(long done, int epochs) {
                return new Training(job, attempt, since, done, epochs, beating, stop);
            }

            Training beating(boolean now) {
                return new Training(job, attempt, since, step, epoch, now, stop);
            }

            Training stopped(StopReason reason) {
                return new Training(job, attempt, since, step, epoch, beating, reason);
            }
        }

        /**
         * Tells how its training ended.
         *
         * @param since when it ended
         */
        record Telling(Ended ended, Duration since) implements Standing {}
    }

    /** What happens. Each {@link Step} ends with one of the first kind, those of the second come at any time. */
    public sealed interface Event {
        /** It begins. */
        record Began() implements Event {}

        /** The process that trains is up. */
        record Opened(Machine machine) implements Event {}

        /** The process that trains did not come up. */
        record NotOpened(String cause) implements Event {}

        /**
         * No job came.
         *
         * @param obstacle what the broker says, absent where there just was none
         */
        record NoJob(@Nullable String obstacle) implements Event {}

        /**
         * A job came.
         *
         * @param token minted for this delivery of it
         */
        record Delivered(TrainingJob job, UUID token) implements Event {}

        /** A record came that is no job. */
        record Unreadable() implements Event {}

        /** The broker has the claim. */
        record ClaimSent() implements Event {}

        /** Whether the broker has the claim is not known. */
        record ClaimNotSent() implements Event {}

        /** The record is answered, as far as can be told. */
        record Answered() implements Event {}

        /** The training is over. */
        record TrainingEnded(Outcome outcome) implements Event {}

        /** The broker has the end of the training. */
        record EndSent() implements Event {}

        /** Whether the broker has the end of the training is not known. */
        record EndNotSent() implements Event {}

        /** What the training has left behind is gone. */
        record Removed() implements Event {}

        /** A pause is over. */
        record Rested() implements Event {}

        /** Second kind: the training goes on. */
        record Stepped(long step, int epoch) implements Event {}

        /** Second kind: an epoch was trained. */
        record EpochEnded(FinishedEpoch epoch) implements Event {}

        /** Second kind: it is time for a heartbeat. */
        record Beat() implements Event {}

        /** Second kind: the broker has the heartbeat of this token, or never will. */
        record Beaten(UUID token) implements Event {}

        /** Second kind: the orchestrator tells all trainers to stop something. */
        record Stop(TrainerCommand.Stop command) implements Event {}

        /** Second kind: the trainer leaves. */
        record Leave() implements Event {}
    }

    /** What the slot does next, and waits for its end: one after the other. */
    public sealed interface Step {
        /** Sees that the process that trains is up: {@link Event.Opened} or {@link Event.NotOpened}. A trainer that cannot train must not claim. */
        record Open() implements Step {}

        /** Waits a while for a record: {@link Event.Delivered}, {@link Event.Unreadable} or {@link Event.NoJob}. */
        record Take() implements Step {}

        /** Sends the claim and waits for the broker: {@link Event.ClaimSent} or {@link Event.ClaimNotSent}. */
        record Claim(Claimed claim) implements Step {}

        /** Answers the record: {@link Event.Answered}. */
        record Answer(Acknowledgement acknowledgement) implements Step {}

        /** Trains: {@link Event.TrainingEnded}. */
        record Train(TrainingJob job) implements Step {}

        /** Sends the end and waits for the broker: {@link Event.EndSent} or {@link Event.EndNotSent}. */
        record Tell(Ended ended) implements Step {}

        /** Removes the checkpoints of a trial that nobody will go on with: {@link Event.Removed}. */
        record RemoveCheckpoints(String trialId) implements Step {}

        /**
         * Does nothing: {@link Event.Rested}.
         *
         * @param untilLeaving whether a trainer that leaves waits no longer
         */
        record Rest(Duration most, boolean untilLeaving) implements Step {}

        /** Ends; nothing follows. */
        record Close() implements Step {}
    }

    /** What the broker is told of a record. */
    public enum Acknowledgement {
        /** The job is claimed and needs no more delivery. */
        ACCEPT,
        /** The job is for another trainer. */
        RELEASE,
        /** Nobody can read the record. */
        REJECT
    }

    /** What is done at once and not waited for. */
    public sealed interface Effect {
        /** Sends a heartbeat: {@link Event.Beaten} once that is over. */
        record SendHeartbeat(Heartbeat heartbeat) implements Effect {}

        /** Sends an epoch. */
        record SendEpoch(EpochFinished epoch) implements Effect {}

        /** Asks the training to stop at its next step, which may be its first. */
        record StopTraining(StopReason reason) implements Effect {}

        /** Counts a training that is over. */
        record Count(Ended ended) implements Effect {}
    }

    /**
     * What follows from an event.
     *
     * @param life the slot as it is now
     * @param effects in this order, all of them before anything else happens to the slot
     * @param next what it does next; absent where it goes on with what it is doing
     */
    public record Turn(
            SlotLife life, List<Effect> effects, @Nullable Step next) {
        public Turn {
            effects = List.copyOf(effects);
        }
    }

    /** A slot that has not begun. */
    public static SlotLife of(String worker, Duration now) {
        return new SlotLife(worker, new Standing.Free(now), null, /* leaving= */ false, null, null);
    }

    /** The attempt that it holds, from when the broker has the claim until the training ends; absent where it holds none. */
    public @Nullable AttemptRef holds() {
        return standing instanceof Standing.Training training ? training.attempt() : null;
    }

    /** Since when it has not trained; absent where it holds a training. */
    public @Nullable Duration idleSince() {
        return switch (standing) {
            case Standing.Free(Duration since) -> since;
            case Standing.Claiming claiming -> claiming.freeSince();
            case Standing.Training _ -> null;
            case Standing.Telling(Ended _, Duration since) -> since;
        };
    }

    /** Why it can take no job now; absent where it can. */
    public @Nullable String obstacle() {
        return unopened == null ? unserved : unopened;
    }

    /**
     * What follows from an event.
     *
     * @param now time since the trainer began
     * @throws IllegalStateException where a step ends that the slot has not begun
     */
    public Turn hear(Event event, Duration now) {
        return switch (event) {
            case Event.Began() -> free(now);
            case Event.Opened(Machine opened) ->
                leaving
                        ? close(with(standing, opened, null, unserved))
                        : new Turn(with(standing, opened, null, unserved), List.of(), new Step.Take());
            case Event.NotOpened(String cause) ->
                leaving
                        ? close(with(standing, machine, cause, unserved))
                        : new Turn(
                                with(standing, machine, cause, unserved),
                                List.of(),
                                new Step.Rest(BETWEEN_STARTS, /* untilLeaving= */ true));
            case Event.NoJob(String obstacle) -> goOn(with(standing, machine, unopened, obstacle));
            case Event.Unreadable() ->
                answer(
                        with(standing, machine, unopened, null),
                        leaving ? Acknowledgement.RELEASE : Acknowledgement.REJECT);
            case Event.Delivered(TrainingJob job, UUID token) -> deliver(job, token);
            case Event.ClaimSent() -> hold(claiming(), now);
            case Event.ClaimNotSent() -> answer(in(new Standing.Free(claiming().freeSince())), Acknowledgement.RELEASE);
            case Event.Answered() ->
                standing instanceof Standing.Training training
                        ? new Turn(this, List.of(), new Step.Train(training.job()))
                        : goOn(this);
            case Event.TrainingEnded(Outcome outcome) -> end(training(), outcome, now);
            case Event.EndSent() -> told(telling(), now);
            case Event.EndNotSent() ->
                new Turn(this, List.of(), new Step.Rest(BETWEEN_TRIES, /* untilLeaving= */ false));
            case Event.Removed() -> free(now);
            case Event.Rested() ->
                standing instanceof Standing.Telling(Ended ended, Duration _)
                        ? new Turn(this, List.of(), new Step.Tell(ended))
                        : goOn(this);
            case Event.Stepped(long step, int epoch) ->
                aside(standing instanceof Standing.Training training ? in(training.at(step, epoch)) : this);
            case Event.EpochEnded(FinishedEpoch epoch) -> keep(training(), epoch);
            case Event.Beat() -> beat();
            case Event.Beaten(UUID token) ->
                aside(
                        standing instanceof Standing.Training training
                                        && training.attempt().token().equals(token)
                                ? in(training.beating(false))
                                : this);
            case Event.Stop(TrainerCommand.Stop command) ->
                isOf(command.attempt().token()) ? stop(this, StopReason.CANCEL) : aside(this);
            case Event.Leave() -> stop(leave(), StopReason.RELEASE);
        };
    }

    // ---- a job

    private Turn deliver(TrainingJob job, UUID token) {
        SlotLife served = with(standing, machine, unopened, null);
        if (leaving) {
            return answer(served, Acknowledgement.RELEASE);
        }
        AttemptRef attempt = new AttemptRef(job.trialId(), job.attempt(), worker, token);
        Duration freeSince = waiting().since();
        return new Turn(
                served.in(new Standing.Claiming(job, attempt, freeSince, null)),
                List.of(),
                new Step.Claim(new Claimed(TrainingProgress.SCHEMA_VERSION, attempt)));
    }

    private Turn hold(Standing.Claiming claimed, Duration now) {
        return answer(
                in(new Standing.Training(
                        claimed.job(), claimed.attempt(), now, 0, 0, /* beating= */ false, claimed.stop())),
                Acknowledgement.ACCEPT);
    }

    private Turn end(Standing.Training training, Outcome outcome, Duration now) {
        double seconds = now.minus(training.since()).toNanos() / 1e9;
        Ended ended = new Ended(TrainingProgress.SCHEMA_VERSION, training.attempt(), outcome, seconds);
        return new Turn(in(new Standing.Telling(ended, now)), List.of(new Effect.Count(ended)), new Step.Tell(ended));
    }

    private Turn told(Standing.Telling telling, Duration now) {
        Ended ended = telling.ended();
        return isResult(ended.outcome())
                ? new Turn(
                        this,
                        List.of(),
                        new Step.RemoveCheckpoints(ended.attempt().trialId()))
                : free(now);
    }

    /** Whether an outcome is one after which nobody trains the trial again. */
    static boolean isResult(Outcome outcome) {
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

    // ---- what comes at any time

    private Turn keep(Standing.Training training, FinishedEpoch epoch) {
        EpochFinished message = new EpochFinished(
                TrainingProgress.SCHEMA_VERSION,
                training.attempt(),
                epoch.epoch(),
                epoch.trainingLoss(),
                epoch.validationAccuracy(),
                epoch.seconds());
        // No heartbeat may know of the epoch before it is sent: to the orchestrator the epoch would be old news.
        return new Turn(in(training.at(training.step(), epoch.epoch())), List.of(new Effect.SendEpoch(message)), null);
    }

    private Turn beat() {
        if (!(standing instanceof Standing.Training training) || training.beating()) {
            return aside(this);
        }
        Heartbeat heartbeat =
                new Heartbeat(TrainingProgress.SCHEMA_VERSION, training.attempt(), training.step(), training.epoch());
        return new Turn(in(training.beating(true)), List.of(new Effect.SendHeartbeat(heartbeat)), null);
    }

    private boolean isOf(UUID token) {
        return switch (standing) {
            case Standing.Claiming claiming -> claiming.attempt().token().equals(token);
            case Standing.Training training -> training.attempt().token().equals(token);
            case Standing.Free _, Standing.Telling _ -> false;
        };
    }

    /** The first reason to stop counts. One that comes while the claim is on its way is kept. */
    private static Turn stop(SlotLife life, StopReason reason) {
        List<Effect> effects = new ArrayList<>();
        Standing next = life.standing;
        if (next instanceof Standing.Claiming claiming && claiming.stop() == null) {
            next = new Standing.Claiming(claiming.job(), claiming.attempt(), claiming.freeSince(), reason);
            effects.add(new Effect.StopTraining(reason));
        } else if (next instanceof Standing.Training training && training.stop() == null) {
            next = training.stopped(reason);
            effects.add(new Effect.StopTraining(reason));
        }
        return new Turn(life.in(next), effects, null);
    }

    // ---- what several of them do

    private Turn free(Duration now) {
        return goOn(in(new Standing.Free(now)));
    }

    private static Turn goOn(SlotLife life) {
        return life.leaving ? close(life) : new Turn(life, List.of(), new Step.Open());
    }

    private static Turn close(SlotLife life) {
        return new Turn(life, List.of(), new Step.Close());
    }

    private static Turn aside(SlotLife life) {
        return new Turn(life, List.of(), null);
    }

    private static Turn answer(SlotLife life, Acknowledgement acknowledgement) {
        return new Turn(life, List.of(), new Step.Answer(acknowledgement));
    }

    private SlotLife in(Standing next) {
        return with(next, machine, unopened, unserved);
    }

    private SlotLife leave() {
        return new SlotLife(worker, standing, machine, /* leaving= */ true, unopened, unserved);
    }

    private SlotLife with(
            Standing next, @Nullable Machine opened, @Nullable String unopened, @Nullable String unserved) {
        return new SlotLife(worker, next, opened, leaving, unopened, unserved);
    }

    private Standing.Free waiting() {
        if (standing instanceof Standing.Free free) {
            return free;
        }
        throw wrong("a job");
    }

    private Standing.Claiming claiming() {
        if (standing instanceof Standing.Claiming claiming) {
            return claiming;
        }
        throw wrong("a claim");
    }

    private Standing.Training training() {
        if (standing instanceof Standing.Training training) {
            return training;
        }
        throw wrong("a training");
    }

    private Standing.Telling telling() {
        if (standing instanceof Standing.Telling telling) {
            return telling;
        }
        throw wrong("the end of a training");
    }

    private IllegalStateException wrong(String what) {
        return new IllegalStateException("a slot of " + worker + " hears of " + what + " in " + standing);
    }
}
