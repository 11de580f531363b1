package pnas.orchestrator.life;

import org.jspecify.annotations.Nullable;

/**
 * The jobs of an engine at the broker: those from the first to the end may still be taken.
 *
 * @param first offset of the first record that no trainer is done with
 * @param end offset of the next record that will be sent
 */
public record JobQueue(long first, long end) {
    public JobQueue {
        if (first < 0 || end < 0) {
            throw new IllegalArgumentException("jobs from " + first + " to " + end);
        }
    }

    /** Whether a job may still wait there. One whose place is not known waits as long as anything does. */
    public boolean mayHold(@Nullable Long offset) {
        return offset == null ? first < end : first <= offset && offset < end;
    }
}
