package pnas.failure;

import static pnas.failure.FailureKind.EXTERNAL;
import static pnas.failure.FailureKind.INSUFFICIENT_RESOURCES;
import static pnas.failure.FailureKind.INTERNAL_ERROR;
import static pnas.failure.FailureKind.USER_ERROR;

/** The stable name of a failure, as it appears in messages, in the database and as the type of a problem document. */
public enum ErrorCode {
    /** One or more fields of a request have a value that is not allowed; {@link PnasException#problems()} lists them all. */
    INVALID_INPUT(USER_ERROR),
    /** The named thing does not exist. */
    NOT_FOUND(USER_ERROR),
    /** The state of the experiment forbids what was asked. */
    STATE_FORBIDS(USER_ERROR),
    /** A record or a body could not be read as the message that it should be. */
    MALFORMED_MESSAGE(USER_ERROR),
    /** There is no such data set, or another one under its name. */
    DATA_SET_MISMATCH(USER_ERROR),
    /** A data set is not what its format asks for; the message names file and record. */
    DATA_SET_UNREADABLE(USER_ERROR),
    /** The network cannot be built or trained as asked: an image too small for the layout, a batch larger than the part, and the like. */
    TRAINING_IMPOSSIBLE(USER_ERROR),
    /** A replay table lacks the cell, or there is no such table. */
    NOT_IN_TABLE(USER_ERROR),
    /** The engine refused a network or a step for a reason that it did not class. */
    ENGINE_FAILURE(INTERNAL_ERROR),
    /** The process that trained died. */
    TRAINING_CRASHED(INTERNAL_ERROR),
    /** No step ended within the stall limit. */
    TRAINING_STALLED(INTERNAL_ERROR),
    /** The trainer was not heard of for a lease. */
    LEASE_EXPIRED(INTERNAL_ERROR),
    /** The training needed more memory than it may use. */
    OUT_OF_MEMORY(INSUFFICIENT_RESOURCES),
    /** The predictor could not be fitted, or could not score the candidates. */
    RANKING_FAILED(INTERNAL_ERROR),
    /** A checkpoint, a data set or a table could not be read or written. */
    STORAGE_FAILURE(EXTERNAL),
    /** A defect: something happened that the code holds impossible. */
    INTERNAL(INTERNAL_ERROR);

    private final FailureKind kind;

    ErrorCode(FailureKind kind) {
        this.kind = kind;
    }

    /** Who can do something about it. */
    public FailureKind kind() {
        return kind;
    }
}
