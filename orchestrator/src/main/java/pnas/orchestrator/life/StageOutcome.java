package pnas.orchestrator.life;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a stage when the last of its trials is over.
 *
 * @param measured every cell of the experiment that was trained or diverged so far
 * @param firstCause why the first of its trials that has no accuracy has none; absent where one has one, or none says why
 * @param barrier how its end went
 */
public record StageOutcome(
        List<Measured> measured, @Nullable String firstCause, Stage.Barrier barrier) {
    public StageOutcome {
        measured = List.copyOf(measured);
    }
}
