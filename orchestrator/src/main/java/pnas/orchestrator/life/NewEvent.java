package pnas.orchestrator.life;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event to append.
 *
 * @param type for instance {@code trial.trained}
 * @param trialId the trial that it is about, absent where it is about the experiment or a stage
 * @param body what else there is to say; values are texts, numbers and booleans
 */
public record NewEvent(
        String experimentId, String type, @Nullable String trialId, Map<String, ?> body) {}
