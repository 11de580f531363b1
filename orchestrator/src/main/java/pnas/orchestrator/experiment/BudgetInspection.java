package pnas.orchestrator.experiment;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.ExperimentState;

/** Stops experiments whose budget is spent. Time passes without a message, so they are looked at again and again. */
@ApplicationScoped
class BudgetInspection {
    private final ExperimentRows rows;
    private final Spending spending;

    BudgetInspection(ExperimentRows rows, Spending spending) {
        this.rows = rows;
        this.spending = spending;
    }

    @Scheduled(
            every = "${pnas.budget.inspection}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void inspect() {
        limited().forEach(this::stopWhereSpent);
    }

    @Transactional
    List<String> limited() {
        List<ExperimentEntity> running = ExperimentEntity.list("state = ?1 order by id", ExperimentState.RUNNING);
        return running.stream()
                .filter(experiment -> experiment.specification().budget().isLimited())
                .map(experiment -> experiment.id)
                .toList();
    }

    /** Under the row lock, so that of two orchestrators one stops it and the other finds it stopped. */
    @Transactional
    void stopWhereSpent(String id) {
        Optional<ExperimentLife> _ = rows.change(
                id,
                (life, now) -> life.obey(
                        new ExperimentOrder.Inspect(
                                ExperimentRows.present(spending.of(List.of(id)).get(id))),
                        now));
    }
}
