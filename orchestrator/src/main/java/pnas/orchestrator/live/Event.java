package pnas.orchestrator.live;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an experiment.
 *
 * @param id grows with every event; what a client sends back as its Last-Event-ID
 * @param at when it was committed, by the database's clock
 * @param type for instance {@code trial.trained}
 * @param trial the trial that it is about, absent where it is about the experiment or a stage
 * @param body JSON object with what else there is to say
 */
public record Event(
        long id, Instant at, String type, @Nullable String trial, String body) {}
