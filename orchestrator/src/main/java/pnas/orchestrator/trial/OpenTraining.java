package pnas.orchestrator.trial;

import org.jspecify.annotations.Nullable;
import pnas.orchestrator.timing.TrainingSize;

/**
 * A training that is not over.
 *
 * @param runningSeconds since its trainer claimed it, absent where none has
 */
public record OpenTraining(
        String experimentId,
        int stage,
        TrainingSize size,
        @Nullable Double runningSeconds) {}
