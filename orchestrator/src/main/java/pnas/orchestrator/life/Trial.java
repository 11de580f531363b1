package pnas.orchestrator.life;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.state.StateTable.Transition;

/**
 * A trial at an instant. It measures one cell for one experiment; what has changed is another value.
 *
 * @param subject what it measures, from its birth on
 * @param standing where it stands, with what is only known there
 * @param tries its present attempt and what came of those before
 * @param queuedAt when it began to wait for its present attempt
 * @param sent how the job of its present attempt was sent, absent before that and where the note of it was lost
 * @param worker who claimed it last, absent before the first claim
 * @param cause why it stands there, for a person, where its state alone does not say it
 * @param setAside whether its stage chose anew since, and did not choose it
 */
public record Trial(
        Subject subject,
        Standing standing,
        Tries tries,
        Instant queuedAt,
        @Nullable Sent sent,
        @Nullable String worker,
        @Nullable String cause,
        boolean setAside) {
    public Trial {
        if (standing instanceof Standing.Dispatched && sent == null) {
            throw new IllegalArgumentException("trial " + subject.id() + " is DISPATCHED and was sent at no time");
        }
    }

    /**
     * What a trial measures.
     *
     * @param id of the trial: that of its experiment, a hyphen, that of its cell; a repeat has its stage and its number after that
     * @param stage that with as many blocks as the cell; that of a repeat is the one that confirms
     * @param cellId 16 hex digits
     * @param repeat under which of other seeds it is trained again, from 1; 0 where it is trained for the first time
     * @param trainingSeed seeds initial weights, data order and dropout
     * @param trainingKey trials with the same one are twins: on the same kind of machine they have the same result; absent where nothing is trained
     */
    public record Subject(
            String id,
            String experimentId,
            int stage,
            String cellId,
            int repeat,
            long trainingSeed,
            @Nullable String trainingKey) {}

    /**
     * How often it was tried.
     *
     * @param attempt number of the present attempt, from 1
     * @param failures attempts before it that count against the limit
     * @param halfBatch whether the present attempt trains with half the batch
     */
    public record Tries(int attempt, int failures, boolean halfBatch) {
        public Tries {
            if (attempt < 1 || failures < 0) {
                throw new IllegalArgumentException("attempt " + attempt + " after " + failures + " failures");
            }
        }

        Tries next() {
            return new Tries(attempt + 1, failures, halfBatch);
        }
    }

    /**
     * A job at the broker.
     *
     * @param offset of its record; absent where it was not noted, as by an older version
     */
    public record Sent(Instant at, @Nullable Long offset) {}

    /** Where a trial stands, with what is only known there. */
    public sealed interface Standing {
        /** The state of that name. */
        TrialState state();

        /** See {@link TrialState#QUEUED}. */
        record Queued() implements Standing {
            @Override
            public TrialState state() {
                return TrialState.QUEUED;
            }
        }

        /** See {@link TrialState#DISPATCHED}. */
        record Dispatched() implements Standing {
            @Override
            public TrialState state() {
                return TrialState.DISPATCHED;
            }
        }

        /** See {@link TrialState#RUNNING}. */
        record Running(Lease lease) implements Standing {
            @Override
            public TrialState state() {
                return TrialState.RUNNING;
            }
        }

        /**
         * See {@link TrialState#TRAINED}.
         *
         * @param accuracy validation accuracy, 0 to 1
         */
        record Trained(Instant at, double accuracy, Result result) implements Standing {
            @Override
            public TrialState state() {
                return TrialState.TRAINED;
            }
        }

        /** See {@link TrialState#DIVERGED}. */
        record Diverged(Instant at, Result result) implements Standing {
            @Override
            public TrialState state() {
                return TrialState.DIVERGED;
            }
        }

        /** See {@link TrialState#FAILED}. */
        record Failed(Instant at) implements Standing {
            @Override
            public TrialState state() {
                return TrialState.FAILED;
            }
        }

        /** See {@link TrialState#CANCELLED}. */
        record Cancelled(Instant at) implements Standing {
            @Override
            public TrialState state() {
                return TrialState.CANCELLED;
            }
        }
    }

    /**
     * The right to train a trial; no clock but the database's ends it.
     *
     * @param worker who has it
     * @param token minted by the worker for this delivery of the job
     * @param until when it ends unless the worker is heard before
     */
    public record Lease(String worker, UUID token, Instant until) {}

    /**
     * Where an accepted result comes from.
     *
     * @param identity everything that it depends on
     */
    public record Result(ResultIdentity identity, Source source) {
        /** Who computed it. */
        public sealed interface Source {}

        /**
         * An attempt at this trial.
         *
         * @param attempt its number
         * @param seconds wall-clock time that it took
         * @param replayed whether the answer was looked up and nothing was trained
         * @param reusable whether other experiments may have it
         */
        public record Own(int attempt, double seconds, boolean replayed, boolean reusable) implements Source {}

        /** Another experiment's trial, of this id. */
        public record Reused(String trialId) implements Source {}

        /** Whether other experiments may have it. */
        public boolean isReusable() {
            return source instanceof Own own && own.reusable();
        }
    }

    /** One that its stage has just chosen. */
    public static Trial begun(
            String experimentId, int stage, NewTrial chosen, Specification specification, Instant now) {
        String cellId = chosen.encoding().canonical().id().hex();
        int repeat = chosen.repeat();
        long seed = TrainingSeed.of(specification.seed(), cellId, repeat);
        String id = idOf(experimentId, cellId);
        return new Trial(
                new Subject(
                        repeat == 0 ? id : id + "-" + stage + "-" + repeat,
                        experimentId,
                        stage,
                        cellId,
                        repeat,
                        seed,
                        TrainingRecipe.of(specification).key(cellId, seed)),
                new Standing.Queued(),
                new Tries(1, 0, /* halfBatch= */ false),
                now,
                null,
                null,
                null,
                /* setAside= */ false);
    }

    /** The id of the trial that trains a cell for the first time. */
    public static String idOf(String experimentId, String cellId) {
        return experimentId + "-" + cellId;
    }

    /** How long the ids of experiments are, with which those of their trials begin. */
    private static final int EXPERIMENT_ID_LENGTH = 8;

    private static final int CELL_ID_LENGTH = 16;

    /** The id of the experiment that owns the trial of this id. */
    public static String ownerOf(String trialId) {
        return trialId.substring(0, EXPERIMENT_ID_LENGTH);
    }

    /** The id of the cell of the trial of this id. */
    public static String cellOf(String trialId) {
        return trialId.substring(EXPERIMENT_ID_LENGTH + 1, EXPERIMENT_ID_LENGTH + 1 + CELL_ID_LENGTH);
    }

    /** Its id. */
    public String id() {
        return subject.id();
    }

    /** Where it stands, in a word. */
    public TrialState state() {
        return standing.state();
    }

    /** Its result; absent where it has none. */
    public @Nullable Result result() {
        return switch (standing) {
            case Standing.Trained(Instant _, double _, Result result) -> result;
            case Standing.Diverged(Instant _, Result result) -> result;
            case Standing.Queued _,
                    Standing.Dispatched _,
                    Standing.Running _,
                    Standing.Failed _,
                    Standing.Cancelled _ -> null;
        };
    }

    /** When it ended; absent where it has not. */
    public @Nullable Instant finishedAt() {
        return switch (standing) {
            case Standing.Trained(Instant at, double _, Result _) -> at;
            case Standing.Diverged(Instant at, Result _) -> at;
            case Standing.Failed(Instant at) -> at;
            case Standing.Cancelled(Instant at) -> at;
            case Standing.Queued _, Standing.Dispatched _, Standing.Running _ -> null;
        };
    }

    /** Whether the search learns from it and goes on with it: it is not set aside, and no repeat. */
    public boolean isOfSearch() {
        return !setAside && subject.repeat() == 0;
    }

    /** What it counts as. */
    public TrialKind kind() {
        Result result = result();
        Result.Source source = result == null ? null : result.source();
        return TrialKind.of(
                state(), source instanceof Result.Own own && own.replayed(), source instanceof Result.Reused, setAside);
    }

    /** Whether its job is with the trainers. */
    public boolean isOut() {
        return switch (standing) {
            case Standing.Dispatched _, Standing.Running _ -> true;
            case Standing.Queued _, Standing.Trained _, Standing.Diverged _, Standing.Failed _, Standing.Cancelled _ ->
                false;
        };
    }

    /** Whether they would train the same. */
    public boolean isTwinOf(Trial other) {
        return subject.trainingKey() != null
                && subject.trainingKey().equals(other.subject.trainingKey())
                && !id().equals(other.id());
    }

    /** Who may train it; absent where it is not RUNNING. */
    public @Nullable Lease lease() {
        return standing instanceof Standing.Running(Lease lease) ? lease : null;
    }

    /** Whether the table allows the event now; where it does not, somebody else was quicker. */
    boolean allows(TrialEvent event) {
        return TrialTable.TABLE.find(state(), event).isPresent();
    }

    /** Whether this token holds the lease. */
    boolean isHeldBy(UUID token) {
        Lease lease = lease();
        return lease != null && lease.token().equals(token);
    }

    /** The same with the lease extended; only for one that is RUNNING. */
    Trial heard(Instant until) {
        Lease held = Objects.requireNonNull(lease(), "only a lease can be extended");
        return new Trial(
                subject,
                new Standing.Running(new Lease(held.worker(), held.token(), until)),
                tries,
                queuedAt,
                sent,
                worker,
                cause,
                setAside);
    }

    /** The same with other tries. */
    Trial with(Tries tries) {
        return new Trial(subject, standing, tries, queuedAt, sent, worker, cause, setAside);
    }

    /** The same with the job of its present attempt sent. */
    Trial with(Sent sent) {
        return new Trial(subject, standing, tries, queuedAt, sent, worker, cause, setAside);
    }

    /** The same among those that its stage has chosen, or not among them. */
    Trial setAside(boolean setAside) {
        return new Trial(subject, standing, tries, queuedAt, sent, worker, cause, setAside);
    }

    /**
     * What an event makes of it.
     *
     * @param next where it stands then; must be where the table leads
     * @param worker who claimed it last
     * @param cause why it stands there
     */
    Trial after(TrialEvent event, Standing next, @Nullable String worker, @Nullable String cause, Instant now) {
        Transition<TrialState, TrialEvent, TrialAction> transition = TrialTable.TABLE
                .find(state(), event)
                .filter(row -> row.to() == next.state())
                .orElseThrow(() -> new IllegalStateException(
                        "trial " + id() + " is " + state() + ": no " + event + " makes it " + next.state()));
        return switch (transition.action()) {
            case KEEP_LEASE -> this;
            case NOTE_DISPATCH, GRANT_LEASE, END ->
                new Trial(subject, next, tries, queuedAt, sent, worker, cause, setAside);
            case QUEUE_SAME_ATTEMPT -> new Trial(subject, next, tries, now, null, worker, cause, setAside);
            case QUEUE_NEXT_ATTEMPT -> new Trial(subject, next, tries.next(), now, null, worker, cause, setAside);
        };
    }
}
