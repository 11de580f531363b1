package pnas.local;

import java.time.Duration;
import pnas.decision.Decides;

/**
 * When a process that ended is started again: always, after a pause that doubles with each end in a row. Nobody gains by a platform that
 * stops as one of its parts ends: the others have work of their own, and what ends a process may pass, such as a full disk.
 *
 * @param often the number of ends in a row from which a person is told
 * @param proof how long a process must have lived for its end to be no more than a first one
 * @param firstPause the pause after a first end
 * @param longestPause the pause grows no longer
 */
@Decides
record RestartPolicy(int often, Duration proof, Duration firstPause, Duration longestPause) {
    static final RestartPolicy DEFAULT =
            new RestartPolicy(5, Duration.ofMinutes(1), Duration.ofMillis(500), Duration.ofSeconds(30));

    /** More doublings than any pause needs. */
    private static final int MOST_DOUBLINGS = 30;

    RestartPolicy {
        if (often < 1) {
            throw new IllegalArgumentException("often must be positive, got " + often);
        }
        if (proof.isNegative() || proof.isZero() || firstPause.isNegative()) {
            throw new IllegalArgumentException(
                    "proof must be positive and firstPause not negative, got " + proof + " and " + firstPause);
        }
        if (longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    "longestPause must not be below firstPause " + firstPause + ", got " + longestPause);
        }
    }

    /**
     * How many ends in a row there are now.
     *
     * @param before ends in a row before this one
     * @param lived how long the process lived that ended now
     */
    int row(int before, Duration lived) {
        return lived.compareTo(proof) < 0 ? before + 1 : 1;
    }

    /** How long to wait after so many ends in a row. */
    Duration pause(int row) {
        Duration pause = firstPause.multipliedBy(1L << Math.clamp(row - 1L, 0, MOST_DOUBLINGS));
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }

    /** Whether a person is to hear of so many ends in a row. */
    boolean isOften(int row) {
        return row >= often;
    }
}
