package pnas.orchestrator.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.trial.ConfirmedCell;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

/**
 * The best cells of an experiment, absent while nothing is measured.
 *
 * @param confirms whether the search confirms its winner under other seeds
 * @param latest the best of the latest stage with results
 * @param overall the best of all stages, set-aside cells included
 * @param confirmed those that were trained again under other seeds, the greatest mean first; empty before the stage that confirms is done, and where none
 *     does
 */
public record BestCells(
        ExperimentHead head,
        boolean confirms,
        @Nullable TrialSummary latest,
        @Nullable TrialSummary overall,
        List<ConfirmedCell> confirmed) {
    public BestCells {
        confirmed = List.copyOf(confirmed);
    }

    static BestCells of(ExperimentHead head, boolean confirms, Trials.Best best) {
        return new BestCells(
                head,
                confirms,
                best.latest().stream().findFirst().orElse(null),
                best.overall().stream().findFirst().orElse(null),
                best.confirmed());
    }

    /** The confirmed best, absent where nothing is confirmed. */
    public @Nullable ConfirmedCell winner() {
        return confirmed.stream().findFirst().orElse(null);
    }

    /** The result: the confirmed best, else the best of the latest stage. */
    public @Nullable TrialSummary result() {
        ConfirmedCell winner = winner();
        return winner == null ? latest : winner.first();
    }
}
