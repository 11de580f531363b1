package pnas.orchestrator.report;

import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.statistics.Tally;

/**
 * How long slots stood idle at the end of a stage, after its last training had been claimed. What they did for other experiments is no idleness.
 *
 * @param seconds summed over the slots of the trainers that trained for the stage
 * @param share of that and of the time of its trainings together, 0 to 1
 */
@Decides
public record Idleness(double seconds, double share) {
    /** Absent where it was not measured, and where nothing was trained: what is looked up takes no time that would mean anything. */
    static @Nullable Idleness of(Tally counts, @Nullable Double idleSeconds, @Nullable Double trainedSeconds) {
        if (counts.trained() == 0 || idleSeconds == null || trainedSeconds == null) {
            return null;
        }
        double all = idleSeconds + trainedSeconds;
        return new Idleness(idleSeconds, all == 0 ? 0 : idleSeconds / all);
    }
}
