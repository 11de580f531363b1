package pnas.orchestrator.experiment;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import pnas.failure.Problem;
import pnas.orchestrator.trial.StageTrials;

/** Stops experiments whose budget is spent. Time passes without a message, so they are looked at again and again. */
@ApplicationScoped
class BudgetInspection {
    private final ExperimentRows rows;
    private final Spending spending;
    private final StageTrials trials;

    BudgetInspection(ExperimentRows rows, Spending spending, StageTrials trials) {
        this.rows = rows;
        this.spending = spending;
        this.trials = trials;
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
        ExperimentEntity experiment = ExperimentRows.present(rows.lock(id));
        Spent spent = ExperimentRows.present(spending.of(List.of(id)).get(id));
        if (experiment.state != ExperimentState.RUNNING) {
            return;
        }
        experiment.specification().budget().reachedBy(spent).ifPresent(reached -> stop(experiment, reached));
    }

    private void stop(ExperimentEntity experiment, Problem reached) {
        Instant now = rows.now();
        String cause = reached.field() + " " + reached.message();
        experiment.move(ExperimentEvent.SPEND, now);
        experiment.cause = cause;
        trials.cancelOpen(experiment.id, "the experiment stopped", now);
        rows.tell(experiment.id, "experiment.stopped", Map.of("cause", cause));
    }
}
