package pnas.orchestrator.life;

import org.jspecify.annotations.Nullable;
import pnas.orchestrator.event.Event;

/**
 * An event to append.
 *
 * @param trialId the trial that it is about, absent where it is about the experiment or a stage
 */
public record NewEvent(String experimentId, @Nullable String trialId, Event event) {
    public NewEvent {
        if ((trialId != null) != (event instanceof Event.OfTrial)) {
            throw new IllegalArgumentException(event + " is told of trial " + trialId);
        }
    }

    /** The name of its kind. */
    public String type() {
        return event.type();
    }
}
