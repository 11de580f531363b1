package pnas.orchestrator.web;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.live.KeptEvent;

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
    static Set<Update> of(List<KeptEvent> events) {
        Set<Update> updates = EnumSet.noneOf(Update.class);
        for (KeptEvent kept : events) {
            updates.add(PROGRESS);
            switch (kept.event()) {
                case Event.TrialRunning _, Event.TrialEpoch _, Event.TrialRequeued _, Event.StageScored _ -> {}
                case Event.TrialTrained _,
                        Event.TrialReused _,
                        Event.TrialDiverged _,
                        Event.TrialFailed _,
                        Event.TrialCancelled _,
                        Event.TrialReopened _,
                        Event.TrialRetried _,
                        Event.TrialSetAside _,
                        Event.TrialChosen _ -> updates.add(RESULTS);
                case Event.ExperimentCompleted _,
                        Event.ExperimentStopped _,
                        Event.ExperimentFailed _,
                        Event.ExperimentCancelled _ -> updates.addAll(EnumSet.of(STATE, PROGRESS, RESULTS, END));
                case Event.OfStage _, Event.OfExperiment _, Event.Unknown _ -> updates.addAll(all());
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
