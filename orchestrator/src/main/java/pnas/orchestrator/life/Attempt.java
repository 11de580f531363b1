package pnas.orchestrator.life;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress.AttemptRef;

/**
 * One delivery of a job, from the first that was heard of it.
 *
 * @param ref whose attempt it is, at which trial
 * @param halfBatch whether it trains with half the batch
 * @param granted whether it was given the lease; a budget pays for those that were, and only their results count
 * @param claimedAt when the claim was worked on, or what came instead of it
 * @param heard what its trainer said last
 * @param end how it ended, absent while it goes on
 * @param told what its trainer said of its end, absent where only the orchestrator ended it, so that the trainer may still be heard of
 */
public record Attempt(
        AttemptRef ref,
        boolean halfBatch,
        boolean granted,
        Instant claimedAt,
        Heard heard,
        @Nullable End end,
        @Nullable Told told) {
    /** What tells deliveries of the jobs of one trial apart. */
    public record Key(int number, UUID token) {
        public static Key of(AttemptRef ref) {
            return new Key(ref.number(), ref.token());
        }
    }

    /**
     * A sign of life.
     *
     * @param at when it was worked on
     * @param step optimiser steps done, over all epochs
     * @param epoch epochs done
     */
    public record Heard(Instant at, long step, int epoch) {}

    /**
     * An end.
     *
     * @param message what more there is to say, for a person
     */
    public record End(AttemptOutcome outcome, @Nullable String message, Instant at) {}

    /**
     * What a trainer said of the end.
     *
     * @param seconds wall-clock time that the attempt took
     * @param accuracy what it measured, absent without a result
     */
    public record Told(double seconds, @Nullable Double accuracy) {}

    static Attempt begun(AttemptRef ref, boolean halfBatch, boolean granted, Instant now) {
        return new Attempt(ref, halfBatch, granted, now, new Heard(now, 0, 0), null, null);
    }

    /** What tells it from others of its trial. */
    public Key key() {
        return Key.of(ref);
    }

    /** Whether its trainer itself said how it ended. */
    boolean isSettled() {
        return told != null;
    }

    Attempt heard(Instant now, long step, int epoch) {
        Heard latest = new Heard(now, Math.max(heard.step(), step), Math.max(heard.epoch(), epoch));
        return new Attempt(ref, halfBatch, granted, claimedAt, latest, end, told);
    }

    Attempt told(double seconds, @Nullable Double accuracy, Instant now) {
        Heard latest = new Heard(now, heard.step(), heard.epoch());
        return new Attempt(ref, halfBatch, granted, claimedAt, latest, end, new Told(seconds, accuracy));
    }

    /** Ends it, whatever end it had before: a trainer may tell later how it really ended. */
    Attempt ended(AttemptOutcome outcome, @Nullable String message, Instant now) {
        return new Attempt(ref, halfBatch, granted, claimedAt, heard, new End(outcome, message, now), told);
    }
}
