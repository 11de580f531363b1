package pnas.orchestrator.experiment;

import org.jspecify.annotations.Nullable;

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

    private static void requirePositive(String what, @Nullable Number value) {
        if (value != null && !(value.doubleValue() > 0)) {
            throw new IllegalArgumentException(what + " must be positive, got " + value);
        }
    }
}
