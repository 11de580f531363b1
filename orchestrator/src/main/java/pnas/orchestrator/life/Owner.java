package pnas.orchestrator.life;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.specification.Specification;

/**
 * An experiment as its trials see it.
 *
 * @param dispatching whether trials may be sent and claimed
 * @param reuse whether a result of another experiment is as good as one of its own, so that nothing is trained twice at once
 * @param trainingsLeft how many more attempts may be granted, absent where they are not limited
 * @param recipe how they are trained
 */
public record Owner(
        boolean dispatching, boolean reuse, @Nullable Long trainingsLeft, TrainingRecipe recipe) {
    /**
     * An experiment as it was specified.
     *
     * @param granted attempts that were granted; need not be counted where trainings are not limited
     */
    public static Owner of(ExperimentState state, Specification specification, long granted) {
        return new Owner(
                state == ExperimentState.RUNNING,
                specification.execution().reusesResults(),
                specification.budget().trainingsLeft(granted),
                TrainingRecipe.of(specification));
    }

    /** Why no attempt may be granted now, for a person; empty where one may. */
    Optional<String> refusal() {
        if (!dispatching) {
            return Optional.of("the experiment is paused");
        }
        if (trainingsLeft != null && trainingsLeft <= 0) {
            return Optional.of("the experiment has no training left in its budget");
        }
        return Optional.empty();
    }

    /** The same after so many more attempts were granted. */
    public Owner charged(int attempts) {
        return trainingsLeft == null ? this : new Owner(dispatching, reuse, trainingsLeft - attempts, recipe);
    }
}
