package pnas.orchestrator.life;

import org.jspecify.annotations.Nullable;
import pnas.orchestrator.specification.Specification;

/** What is wanted of an experiment. What a person wants is refused where its state forbids it; the rest changes nothing there. */
public sealed interface ExperimentOrder {
    /** A person wants nothing more to be sent. */
    record Pause() implements ExperimentOrder {}

    /** A person wants it to go on. */
    record Resume() implements ExperimentOrder {}

    /** A person wants it to end. */
    record Cancel() implements ExperimentOrder {}

    /**
     * A person wants more of it.
     *
     * @param raised what it is to be, checked
     */
    record Extend(Specification raised) implements ExperimentOrder {}

    /**
     * A person wants what failed tried again.
     *
     * @param one of its trials; absent for all that failed
     * @param spent what it has used
     */
    record Retry(@Nullable Trial one, Spent spent) implements ExperimentOrder {}

    /**
     * Time has passed: it is to stop where it has used up a budget.
     *
     * @param spent what it has used
     */
    record Inspect(Spent spent) implements ExperimentOrder {}

    /** What concerns one of its stages that chooses its cells. */
    record OfStage(int number, StageOrder order) implements ExperimentOrder {}

    /** The last trial of a stage is over. */
    record EndStage(int number, StageOutcome outcome) implements ExperimentOrder {}
}
