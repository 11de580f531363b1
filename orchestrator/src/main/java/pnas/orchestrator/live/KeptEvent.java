package pnas.orchestrator.live;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.event.Event;

/**
 * An event as it is kept.
 *
 * @param id grows with every event; what a client sends back as its Last-Event-ID
 * @param at when it was committed, by the database's clock
 * @param trial the trial that it is about, absent where it is about the experiment or a stage
 */
public record KeptEvent(long id, Instant at, @Nullable String trial, Event event) {
    /** The name of its kind. */
    public String type() {
        return event.type();
    }
}
