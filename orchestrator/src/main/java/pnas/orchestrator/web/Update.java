package pnas.orchestrator.web;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import pnas.orchestrator.live.Event;

/** A message to a page: which part of it is out of date. */
enum Update {
    /** The state of the experiment, or the stage that it is in. */
    STATE,
    /** Numbers that change with every event. */
    PROGRESS,
    /** Everything that depends on which trials have ended. */
    RESULTS,
    /** Nothing more will change. */
    END,
    /** All that is shown of several experiments, or of the trainers. */
    CHANGED;

    /** What a page that connects must fetch: it may be older than the connection. */
    static Set<Update> all() {
        return EnumSet.of(STATE, PROGRESS, RESULTS);
    }

    /** What these events put out of date. */
    static Set<Update> of(List<Event> events) {
        Set<Update> updates = EnumSet.noneOf(Update.class);
        for (Event event : events) {
            updates.add(PROGRESS);
            switch (event.type()) {
                case "trial.running", "trial.epoch", "trial.requeued", "stage.scored" -> {}
                case "trial.trained",
                        "trial.reused",
                        "trial.diverged",
                        "trial.failed",
                        "trial.cancelled",
                        "trial.reopened",
                        "trial.retried",
                        "trial.setAside",
                        "trial.chosen" -> updates.add(RESULTS);
                case "experiment.completed", "experiment.stopped", "experiment.failed", "experiment.cancelled" ->
                    updates.addAll(EnumSet.of(STATE, PROGRESS, RESULTS, END));
                default -> updates.addAll(all());
            }
        }
        return updates;
    }

    OutboundSseEvent message(Sse sse) {
        return sse.newEventBuilder()
                .name(name().toLowerCase(Locale.ROOT))
                .data("")
                .build();
    }
}
