package pnas.orchestrator.life;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as its trials see it.
 *
 * @param dispatching whether trials may be sent and claimed
 * @param trainingsLeft how many more attempts may begin, absent where they are not limited
 * @param recipe how they are trained
 */
public record Owner(boolean dispatching, @Nullable Long trainingsLeft, TrainingRecipe recipe) {
    /** Why no attempt may begin now, for a person; empty where one may. */
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
    Owner charged(int attempts) {
        return trainingsLeft == null ? this : new Owner(dispatching, trainingsLeft - attempts, recipe);
    }
}
