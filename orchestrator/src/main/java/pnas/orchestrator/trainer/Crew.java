package pnas.orchestrator.trainer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The trainers of an engine.
 *
 * @param heardAt when any of them was heard last; absent where none is known
 * @param alive how many are alive and can train
 * @param slots trainings that these do at once
 * @param obstacle why one that is heard cannot train, and which that is; absent where all can
 */
public record Crew(
        @Nullable Instant heardAt,
        long alive,
        long slots,
        @Nullable String obstacle) {
    /** How many trainers like the live ones do this many trainings at once; with none alive, trainers that do one. */
    public long trainersFor(long trainings) {
        return alive == 0 ? trainings : Math.ceilDiv(trainings * alive, slots);
    }
}
