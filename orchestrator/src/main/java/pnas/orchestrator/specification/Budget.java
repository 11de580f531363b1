package pnas.orchestrator.specification;

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

    static final int MAX_TRAININGS = 1_000_000;
    static final double MAX_SECONDS = 1e9;

    /** See {@link Budget}. */
    public record BudgetDraft(
            @Nullable Integer trainings,
            @Nullable Double trainerSeconds,
            @Nullable Double wallClockSeconds) {}

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
    public @Nullable Long trainingsLeft(long charged) {
        return trainings == null ? null : trainings - charged;
    }

    static Budget read(Given<BudgetDraft> given) {
        Problems problems = given.problems();
        return new Budget(
                limit("budget.trainings", given.value(BudgetDraft::trainings), MAX_TRAININGS, problems),
                limit("budget.trainerSeconds", given.value(BudgetDraft::trainerSeconds), MAX_SECONDS, problems),
                limit("budget.wallClockSeconds", given.value(BudgetDraft::wallClockSeconds), MAX_SECONDS, problems));
    }

    private static <N extends Number> @Nullable N limit(
            String field, @Nullable N limit, double most, Problems problems) {
        return limit == null || problems.isBetween(field, limit.doubleValue(), 1, most) ? limit : null;
    }

    private static void requirePositive(String what, @Nullable Number value) {
        if (value != null && !(value.doubleValue() > 0)) {
            throw new IllegalArgumentException(what + " must be positive, got " + value);
        }
    }
}
