package pnas.failure;

/** Who can do something about a failure. The kind alone decides whether the same work may be tried again. */
public enum FailureKind {
    /** The request, the experiment or the data is wrong: the same input fails again. */
    USER_ERROR(false),
    /** A defect of the platform or a process that died: another attempt may pass. */
    INTERNAL_ERROR(true),
    /** Memory, disk or time ran out: another attempt, perhaps elsewhere, may pass. */
    INSUFFICIENT_RESOURCES(true),
    /** The broker, the database or a file system did not answer: another attempt may pass. */
    EXTERNAL(true);

    private final boolean transientFailure;

    FailureKind(boolean transientFailure) {
        this.transientFailure = transientFailure;
    }

    /** Whether the same work may pass when it is tried again. */
    public boolean isTransient() {
        return transientFailure;
    }
}
