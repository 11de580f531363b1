package pnas.orchestrator.specification;

import org.jspecify.annotations.Nullable;
import pnas.orchestrator.specification.Specification.Line;

/**
 * What of the trainers an experiment gets.
 *
 * @param maxParallelTrainings trainings dispatched or running at once, absent for no limit
 * @param weight of the trainers that several experiments of one priority share it gets this many parts, 1 to 1000
 * @param priority as long as an experiment of a higher one has trainings to send, this one sends none, -100 to 100
 */
public record Share(@Nullable Integer maxParallelTrainings, int weight, int priority) {
    /** No limit, and the share that everybody has. */
    public static final Share USUAL = new Share(null, 1, 0);

    private static final int MAX_PARALLEL = 100_000;
    private static final int MAX_WEIGHT = 1000;
    private static final int MAX_PRIORITY = 100;

    /** See {@link Share}. */
    public record Draft(
            @Nullable Integer maxParallelTrainings,
            @Nullable Integer weight,
            @Nullable Integer priority) {}

    static Share read(Given<Draft> given) {
        Problems problems = given.problems();
        Integer most = given.value(Draft::maxParallelTrainings);
        return new Share(
                most == null ? null : (Integer) problems.between("maxParallelTrainings", most, 1, MAX_PARALLEL),
                problems.between("weight", given.value(Draft::weight, USUAL.weight), 1, MAX_WEIGHT),
                problems.between(
                        "priority", given.value(Draft::priority, USUAL.priority), -MAX_PRIORITY, MAX_PRIORITY));
    }

    Line line() {
        return new Line("Share", "weight " + weight + ", priority " + priority);
    }
}
