package pnas.orchestrator.life;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pnas.failure.Problem;
import pnas.orchestrator.specification.Budget;

/**
 * What an experiment has used of what a {@link Budget} may limit. Results that it took from other experiments cost nothing.
 *
 * @param trainings attempts that began, those included that brought no result
 * @param running those of them that have not ended
 * @param trainerSeconds time of all attempts together by the database's clock, each from its claim to its end or until now
 * @param wallClockSeconds time in which the experiment ran and was not paused
 */
public record Spent(long trainings, long running, double trainerSeconds, double wallClockSeconds) {
    /**
     * What was used until now.
     *
     * @param runningSeconds how long the experiment ran before {@code runningSince}
     * @param runningSince since when it runs, absent while it does not
     */
    public static Spent of(Usage usage, double runningSeconds, @Nullable Instant runningSince, Instant now) {
        return new Spent(
                usage.charged(),
                usage.granted(),
                (usage.endedMillis() + usage.granted() * now.toEpochMilli() - usage.claimedMillis()) / 1000.0,
                runningSeconds
                        + (runningSince == null
                                ? 0
                                : Duration.between(runningSince, now).toMillis() / 1000.0));
    }

    /**
     * The limit that is reached, as the field and what is said of it; empty where the experiment may go on. Trainings are used up when the last of
     * them has ended: it is paid for, so its result shall count.
     */
    public Optional<Problem> reaching(Budget budget) {
        if (budget.trainings() != null && trainings >= budget.trainings() && running == 0) {
            return reached("trainings", budget.trainings());
        }
        if (budget.trainerSeconds() != null && trainerSeconds >= budget.trainerSeconds()) {
            return reached("trainerSeconds", budget.trainerSeconds());
        }
        if (budget.wallClockSeconds() != null && wallClockSeconds >= budget.wallClockSeconds()) {
            return reached("wallClockSeconds", budget.wallClockSeconds());
        }
        return Optional.empty();
    }

    private static Optional<Problem> reached(String limit, Number value) {
        return Optional.of(new Problem("budget." + limit, "of " + value + " is spent"));
    }
}
