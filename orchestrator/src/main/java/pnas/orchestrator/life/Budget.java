package pnas.orchestrator.life;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pnas.failure.Problem;

/**
 * What an experiment may use before it stops with the best so far; whatever is absent is not limited.
 *
 * @param trainings attempts at trainings, those included that brought no result
 * @param trainerSeconds time of all attempts together, each from its claim to its end
 * @param wallClockSeconds time in which the experiment ran and was not paused
 */
public record Budget(
        @Nullable Integer trainings,
        @Nullable Double trainerSeconds,
        @Nullable Double wallClockSeconds) {
    /** No limit at all. */
    public static final Budget UNLIMITED = new Budget(null, null, null);

    public Budget {
        requirePositive("trainings", trainings);
        requirePositive("trainerSeconds", trainerSeconds);
        requirePositive("wallClockSeconds", wallClockSeconds);
    }

    /** Whether it limits anything. */
    public boolean isLimited() {
        return !equals(UNLIMITED);
    }

    /**
     * How many more attempts may begin; absent where they are not limited.
     *
     * @param charged attempts that were granted
     */
    @Nullable Long trainingsLeft(long charged) {
        return trainings == null ? null : trainings - charged;
    }

    /**
     * The limit that is reached, as the field and what is said of it; empty where the experiment may go on. Trainings are used up when the last of
     * them has ended: it is paid for, so its result shall count.
     */
    public Optional<Problem> reachedBy(Spent spent) {
        if (trainings != null && spent.trainings() >= trainings && spent.running() == 0) {
            return Optional.of(new Problem("budget.trainings", "of " + trainings + " is spent"));
        }
        if (trainerSeconds != null && spent.trainerSeconds() >= trainerSeconds) {
            return Optional.of(new Problem("budget.trainerSeconds", "of " + trainerSeconds + " is spent"));
        }
        if (wallClockSeconds != null && spent.wallClockSeconds() >= wallClockSeconds) {
            return Optional.of(new Problem("budget.wallClockSeconds", "of " + wallClockSeconds + " is spent"));
        }
        return Optional.empty();
    }

    private static void requirePositive(String what, @Nullable Number value) {
        if (value != null && !(value.doubleValue() > 0)) {
            throw new IllegalArgumentException(what + " must be positive, got " + value);
        }
    }
}
