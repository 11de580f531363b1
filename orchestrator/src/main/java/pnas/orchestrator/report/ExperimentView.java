package pnas.orchestrator.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.trial.ConfirmedCell;
import pnas.orchestrator.trial.TrialSummary;

/**
 * Everything about an experiment.
 *
 * @param cause why it is in its state, in words, where the state does not say it
 * @param waiting what it waits for now, in words; absent while its trainings go on
 * @param createdBy the name of the key that it was created with, or of the person; absent where nobody was asked
 * @param replayed whether its results are looked up and nothing is trained
 * @param spent what it has used, whether that is limited or not
 * @param stages the stages that exist
 * @param best the best of the latest stage with results, which is the result where nothing is confirmed, once that is the last stage, or the search has
 *     ended
 * @param bestOverall the best of all stages, set-aside cells included
 * @param confirmed those that were trained again under other seeds, the greatest mean first: the first one is the result; empty before the stage that
 *     confirms is done, and where none does
 * @param url of its page
 */
public record ExperimentView(
        String id,
        String name,
        ExperimentState state,
        @Nullable String cause,
        @Nullable String waiting,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant finishedAt,
        Specification specification,
        boolean replayed,
        Progress progress,
        Spent spent,
        List<StageView> stages,
        @Nullable TrialSummary best,
        @Nullable TrialSummary bestOverall,
        List<ConfirmedCell> confirmed,
        String url) {
    public ExperimentView {
        confirmed = List.copyOf(confirmed);
        stages = List.copyOf(stages);
    }

    /** What is enough to name it. */
    public ExperimentHead head() {
        return new ExperimentHead(
                id, name, state, replayed, specification.search().blocks());
    }

    private boolean confirms() {
        return specification.search().confirm() != null;
    }

    /** Its best cells. */
    public BestCells bestCells() {
        return new BestCells(head(), confirms(), best, bestOverall, confirmed);
    }

    /** This experiment as a line of a list. */
    public ExperimentSummary summary() {
        return new ExperimentSummary(
                id,
                name,
                state,
                cause,
                waiting,
                createdAt,
                createdBy,
                finishedAt,
                replayed,
                specification.share().weight(),
                specification.share().priority(),
                progress,
                best,
                bestOverall,
                confirms(),
                bestCells().winner(),
                url);
    }
}
