package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import pnas.message.TrainingJob;
import pnas.orchestrator.life.DispatchTurn;
import pnas.orchestrator.life.Store;

/** The queued trials, which are the outbox of their jobs. What is to be done with them {@link DispatchTurn} decides. */
@ApplicationScoped
public class Outbox {
    private final Store store;
    private final TrialChanges changes;

    Outbox(Store store, TrialChanges changes) {
        this.store = store;
        this.changes = changes;
    }

    /** The engines for which a trial of a running experiment waits. */
    public List<String> engines() {
        return store.engines();
    }

    /**
     * One turn for an engine: queued trials that another experiment has trained, as a live trainer of today would train them, are answered; where there are none,
     * queued trials are sent, and those that the broker has are marked as dispatched. Where another orchestrator does so at the moment, nothing happens.
     *
     * @param unclaimed the most trials of the engine that may be dispatched and not claimed
     * @param send sends jobs in their order and returns the offsets of those that the broker has, by the ids of their trials
     * @return how many were sent
     */
    public int turn(String engine, long unclaimed, Function<List<TrainingJob>, Map<String, Long>> send) {
        return changes.turn(engine, unclaimed, send);
    }
}
