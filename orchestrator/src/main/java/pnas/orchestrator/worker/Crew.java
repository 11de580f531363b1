package pnas.orchestrator.worker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The trainers of an engine.
 *
 * @param heardAt when any of them was heard last; absent where none is known
 * @param alive how many are alive
 * @param slots trainings that the live ones do at once
 */
public record Crew(@Nullable Instant heardAt, long alive, long slots) {
    /** How many trainers like the live ones do this many trainings at once; with none alive, trainers that do one. */
    public long trainersFor(long trainings) {
        return alive == 0 ? trainings : Math.ceilDiv(trainings * alive, slots);
    }
}
