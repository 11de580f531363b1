package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import pnas.message.PredictorCommand;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.ExperimentEffects.Wake;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.live.LogIds;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;

/** Tells what a transaction did: the log at once, and those who wait for it, predictors and metrics once it is committed. */
@ApplicationScoped
public class Consequences {
    private static final Logger LOG = Logger.getLogger(Consequences.class);

    private final Signals signals;
    private final Event<PredictorCommand.Withdrawn> withdrawals;
    private final Event<ExperimentEffects.Ended> stageEnds;

    Consequences(
            Signals signals, Event<PredictorCommand.Withdrawn> withdrawals, Event<ExperimentEffects.Ended> stageEnds) {
        this.signals = signals;
        this.withdrawals = withdrawals;
        this.stageEnds = stageEnds;
    }

    /** Tells what the caller's transaction did. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Done of(Done done) {
        done.trials().forEach(Consequences::log);
        done.experiments().forEach(effects -> effects.steps().forEach(this::take));
        done.withdrawn().forEach(withdrawals::fire);
        if (done.wakes(Wake.DISPATCH)) {
            signals.raiseAfterCommit(Signal.DISPATCH);
        }
        if (done.wakes(Wake.OPEN_STAGE)) {
            signals.raiseAfterCommit(Signal.OPEN_STAGE);
        }
        return done;
    }

    private void take(ExperimentEffects.Step step) {
        switch (step) {
            case ExperimentEffects.Told(NewEvent event) -> log(event);
            case ExperimentEffects.Ended ended -> stageEnds.fire(ended);
            case ExperimentEffects.Ordered _, ExperimentEffects.Chosen _, ExperimentEffects.Withdrew _ -> {}
        }
    }

    private static void log(NewEvent event) {
        try (LogIds _ = LogIds.of(Map.of("experiment", event.experimentId()))) {
            LOG.infof(
                    "%s %s %s",
                    event.type(), event.experimentId(), event.event().json());
        }
    }

    private static void log(TrialEffects effects) {
        Trial trial = effects.life().trial();
        if (effects.events().isEmpty()) {
            return;
        }
        Map<String, Object> ids = new HashMap<>(Map.of(
                "experiment",
                trial.subject().experimentId(),
                "trial",
                trial.id(),
                "attempt",
                trial.tries().attempt()));
        if (trial.worker() != null) {
            ids.put("worker", trial.worker());
        }
        try (LogIds _ = LogIds.of(ids)) {
            for (NewEvent event : effects.events()) {
                LOG.infof("%s %s %s", event.type(), trial.id(), event.event().json());
            }
        }
    }
}
