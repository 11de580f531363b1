package pnas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;

/** What a trainer tells of one attempt at a trial: a record of {@code pnas.progress}, keyed by trial id. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TrainingProgress.Claimed.class, name = "claimed"),
    @JsonSubTypes.Type(value = TrainingProgress.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = TrainingProgress.EpochFinished.class, name = "epochFinished"),
    @JsonSubTypes.Type(value = TrainingProgress.Ended.class, name = "ended"),
})
public sealed interface TrainingProgress {
    int SCHEMA_VERSION = 1;

    /** Version of this record, now 1. */
    int schemaVersion();

    /** Which attempt this is about and who speaks. */
    AttemptRef attempt();

    /**
     * An attempt as its trainer holds it.
     *
     * @param trialId the trial
     * @param number the number of the attempt that the job named
     * @param worker id of the worker that trains
     * @param token the lease token, minted by the trainer for this delivery of the job
     */
    record AttemptRef(String trialId, int number, String worker, UUID token) {
        public AttemptRef {
            Checks.atLeast("attempt number", 1, number);
        }
    }

    /** The trainer takes the job; acknowledged by the broker before the trainer accepts the job's record. */
    record Claimed(int schemaVersion, AttemptRef attempt) implements TrainingProgress {
        public Claimed {
            Checks.schemaVersion(schemaVersion);
        }
    }

    /**
     * The training lives; sent every third of the lease.
     *
     * @param step optimiser steps done, over all epochs
     * @param epoch epochs done
     */
    record Heartbeat(int schemaVersion, AttemptRef attempt, long step, int epoch) implements TrainingProgress {
        public Heartbeat {
            Checks.schemaVersion(schemaVersion);
            Checks.atLeast("step", 0, step);
            Checks.atLeast("epoch", 0, epoch);
        }
    }

    /**
     * An epoch was trained and validated.
     *
     * @param epoch number of the epoch, from 1
     * @param trainingLoss mean loss of the epoch's steps
     * @param validationAccuracy share of the validation part that was classified right, 0 to 1
     * @param seconds wall-clock time of the epoch, validation included
     */
    record EpochFinished(
            int schemaVersion,
            AttemptRef attempt,
            int epoch,
            double trainingLoss,
            double validationAccuracy,
            double seconds)
            implements TrainingProgress {
        public EpochFinished {
            Checks.schemaVersion(schemaVersion);
            Checks.atLeast("epoch", 1, epoch);
            Checks.between("trainingLoss", 0, Double.MAX_VALUE, trainingLoss);
            Checks.between("validationAccuracy", 0, 1, validationAccuracy);
            Checks.between("seconds", 0, Double.MAX_VALUE, seconds);
        }
    }

    /**
     * The attempt is over; the last record of an attempt.
     *
     * @param outcome how it ended
     * @param seconds wall-clock time that the attempt took
     */
    record Ended(int schemaVersion, AttemptRef attempt, Outcome outcome, double seconds) implements TrainingProgress {
        public Ended {
            Checks.schemaVersion(schemaVersion);
            Checks.between("seconds", 0, Double.MAX_VALUE, seconds);
        }
    }

    /** How an attempt ended. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Outcome.Trained.class, name = "trained"),
        @JsonSubTypes.Type(value = Outcome.Diverged.class, name = "diverged"),
        @JsonSubTypes.Type(value = Outcome.OutOfMemory.class, name = "outOfMemory"),
        @JsonSubTypes.Type(value = Outcome.Crashed.class, name = "crashed"),
        @JsonSubTypes.Type(value = Outcome.Stalled.class, name = "stalled"),
        @JsonSubTypes.Type(value = Outcome.Cancelled.class, name = "cancelled"),
        @JsonSubTypes.Type(value = Outcome.Released.class, name = "released"),
        @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
    })
    sealed interface Outcome {
        /**
         * All epochs were trained.
         *
         * @param accuracy validation accuracy after the last epoch, 0 to 1
         * @param trainedBy what computed it
         * @param replayed whether the answer was looked up and nothing was trained
         */
        record Trained(double accuracy, Machine trainedBy, boolean replayed) implements Outcome {
            public Trained {
                Checks.between("accuracy", 0, 1, accuracy);
            }
        }

        /**
         * The loss became NaN or infinite: there is no accuracy.
         *
         * @param epoch the epoch, from 1, in which it did
         */
        record Diverged(int epoch, Machine trainedBy) implements Outcome {
            public Diverged {
                Checks.atLeast("epoch", 1, epoch);
            }
        }

        /** Memory ran out. */
        record OutOfMemory(String message) implements Outcome {}

        /** The process that trained died. */
        record Crashed(String message) implements Outcome {}

        /** No step ended within the stall limit; the process was killed. */
        record Stalled(String message) implements Outcome {}

        /** The orchestrator said stop. */
        record Cancelled() implements Outcome {}

        /**
         * The trainer was asked to leave, wrote a checkpoint and gives the trial back.
         *
         * @param epoch the last epoch that a checkpoint holds, 0 for none
         */
        record Released(int epoch) implements Outcome {
            public Released {
                Checks.atLeast("epoch", 0, epoch);
            }
        }

        /** The attempt failed for a reason with a code; the kind of the code decides whether it is tried again. */
        @JsonInclude(JsonInclude.Include.NON_NULL)
        record Failed(ErrorCode code, String message) implements Outcome {}
    }

    /**
     * What computed a result; part of the result's identity.
     *
     * @param engine name of the engine, for instance {@code torch}
     * @param engineVersion version of the engine and of the code that builds networks with it
     * @param deviceKind the CPU's model name or the GPU's name
     */
    record Machine(String engine, String engineVersion, String deviceKind) {
        public Machine {
            requireText("engine", engine);
            requireText("engineVersion", engineVersion);
            requireText("deviceKind", deviceKind);
        }

        private static void requireText(String what, @Nullable String value) {
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException(what + " must not be blank");
            }
        }
    }
}
