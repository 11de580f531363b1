package pnas.orchestrator.trial;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.Store;
import pnas.orchestrator.life.TrainingRecipe;

/** What trials need of the experiments that own them. Every method is part of the caller's transaction. */
public interface OwningExperiments {
    /** Locks the rows of these experiments until the transaction ends, in the order of their ids; there is nothing for an unknown id. */
    Store.Locked lock(Set<String> experimentIds);

    /** What the jobs of these experiments have in common; there is nothing for an unknown id. Locks nothing. */
    Map<String, Origin> origins(Set<String> experimentIds);

    /** Notes how far fair queueing has got with these experiments, which are locked. */
    void takeTurns(Map<String, Double> turns);

    /** Trials of an experiment, which is locked, became terminal, perhaps the last of a stage. All changes of them are flushed. */
    void trialsEnded(String experimentId);

    /**
     * What a job has from its experiment.
     *
     * @param recipe how its trials are trained
     * @param traceparent the trace context under which it was created, absent where it is not traced
     */
    record Origin(TrainingRecipe recipe, @Nullable String traceparent) {}
}
