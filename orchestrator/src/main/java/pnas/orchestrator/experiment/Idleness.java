package pnas.orchestrator.experiment;

import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;

/**
 * How long slots stood idle at the end of a stage, after its last training had been claimed. What they did for other experiments is no idleness.
 *
 * @param seconds summed over the slots of the trainers that trained for the stage
 * @param share of that and of the time of its trainings together, 0 to 1
 */
@Decides
public record Idleness(double seconds, double share) {
    /** Absent where it was not measured. */
    static @Nullable Idleness of(@Nullable Double idleSeconds, @Nullable Double trainedSeconds) {
        if (idleSeconds == null || trainedSeconds == null) {
            return null;
        }
        double all = idleSeconds + trainedSeconds;
        return new Idleness(idleSeconds, all == 0 ? 0 : idleSeconds / all);
    }
}
