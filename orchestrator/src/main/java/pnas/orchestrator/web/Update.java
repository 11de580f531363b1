package pnas.orchestrator.web;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import pnas.orchestrator.live.Event;

/** A part of an experiment's page that is out of date. */
enum Update {
    /** The state of the experiment, or the stage that it is in. */
    STATE,
    /** Numbers that change with every event. */
    PROGRESS,
    /** Everything that depends on which trials have ended. */
    RESULTS,
    /** Nothing more will change. */
    END;

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
                case "trial.running", "trial.epoch", "trial.requeued" -> {}
                case "trial.trained", "trial.diverged", "trial.failed", "trial.cancelled" -> updates.add(RESULTS);
                case "experiment.completed", "experiment.failed", "experiment.cancelled" ->
                    updates.addAll(EnumSet.allOf(Update.class));
                default -> updates.addAll(all());
            }
        }
        return updates;
    }

    /** The name of the message. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
