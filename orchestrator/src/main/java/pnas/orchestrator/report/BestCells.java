package pnas.orchestrator.report;

import org.jspecify.annotations.Nullable;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

/**
 * The best cells of an experiment, absent while nothing is measured.
 *
 * @param latest the best of the latest stage with results
 * @param overall the best of all stages, set-aside cells included
 */
public record BestCells(
        ExperimentHead head,
        @Nullable TrialSummary latest,
        @Nullable TrialSummary overall) {
    static BestCells of(ExperimentHead head, Trials.Best best) {
        return new BestCells(
                head,
                best.latest().stream().findFirst().orElse(null),
                best.overall().stream().findFirst().orElse(null));
    }
}
