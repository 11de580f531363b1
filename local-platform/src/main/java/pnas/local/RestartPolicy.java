package pnas.local;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import pnas.decision.Decides;

/**
 * When a process that ended is started again: after a pause that doubles with each recent end, until it ended too often.
 *
 * @param limit the number of ends within the window at which it is given up
 * @param window how long an end counts
 * @param firstPause the pause after a first end
 */
@Decides
record RestartPolicy(int limit, Duration window, Duration firstPause) {
    static final RestartPolicy DEFAULT = new RestartPolicy(5, Duration.ofMinutes(1), Duration.ofMillis(500));

    RestartPolicy {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive, got " + limit);
        }
        if (window.isNegative() || window.isZero() || firstPause.isNegative()) {
            throw new IllegalArgumentException(
                    "window must be positive and firstPause not negative, got " + window + " and " + firstPause);
        }
    }

    /** What follows on the end of a process. */
    sealed interface Decision {
        /** It is started again after a pause. */
        record Restart(Duration after) implements Decision {}

        /** It ended too often, and starting it again would not help. */
        record GiveUp() implements Decision {}
    }

    /**
     * Decides about a process that just ended.
     *
     * @param ends when it ended so far, this time included
     */
    Decision decide(List<Instant> ends, Instant now) {
        Instant since = now.minus(window);
        int recent = (int) ends.stream().filter(end -> end.isAfter(since)).count();
        if (recent >= limit) {
            return new Decision.GiveUp();
        }
        return new Decision.Restart(firstPause.multipliedBy(1L << Math.max(0, recent - 1)));
    }
}
