package pnas.orchestrator.experiment;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.Store;

/** Stops experiments whose budget is spent. Time passes without a message, so they are looked at again and again. */
@ApplicationScoped
class BudgetInspection {
    private final Store store;
    private final ExperimentChanges changes;

    BudgetInspection(Store store, ExperimentChanges changes) {
        this.store = store;
        this.changes = changes;
    }

    @Scheduled(
            every = "${pnas.budget.inspection}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void inspect() {
        store.limited().forEach(this::stopWhereSpent);
    }

    /** Under the row lock, so that of two orchestrators one stops it and the other finds it stopped. */
    private void stopWhereSpent(String id) {
        Done _ = changes.apply(experiments -> experiments.inspect(id));
    }
}
