package pnas.orchestrator.trial;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.Usage;
import pnas.orchestrator.life.store.Changes;
import pnas.orchestrator.life.store.Store;

/** The part of the {@link Store} that the experiments keep. Every method is part of the caller's transaction. */
public interface OwningExperiments {
    /** See {@link Store#choosing}. */
    List<ExperimentLife> choosing();

    /** See {@link Store#limited}. */
    List<String> limited();

    /** See {@link Store#lock}. */
    Store.Locked lock(Set<String> experimentIds);

    /** See {@link Store#search}. */
    Optional<Store.Search> search(String experimentId);

    /** What the jobs of these experiments have in common; there is nothing for an unknown id. Locks nothing. */
    Map<String, Origin> origins(Set<String> experimentIds);

    /** Stores what is different now or new of experiments, which are locked or new. */
    void store(Changes.Experiments changes);

    /** Adds to what stages count of their trials, and to what experiments have used. */
    void count(Map<StageKey, TrialCounts> counts, Map<String, Usage> usage);

    /**
     * What a job has from its experiment.
     *
     * @param recipe how its trials are trained
     * @param traceparent the trace context under which it was created, absent where it is not traced
     */
    record Origin(TrainingRecipe recipe, @Nullable String traceparent) {}
}
