package pnas.orchestrator.life;

import java.time.Duration;

/**
 * What holds for every lease.
 *
 * @param duration how long it lasts without a sign of life
 * @param attempts how many attempts at a trial may expire, crash, stall or fail in passing before the trial fails
 */
public record LeaseTerms(Duration duration, int attempts) {
    public LeaseTerms {
        if (!duration.isPositive() || attempts < 1) {
            throw new IllegalArgumentException("a lease of " + duration + " and " + attempts + " attempts");
        }
    }
}
