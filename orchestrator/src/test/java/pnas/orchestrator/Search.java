package pnas.orchestrator;

import jakarta.enterprise.inject.spi.CDI;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.RankingAnswer;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.peer.Predictor;
import pnas.orchestrator.peer.Predictor.Request;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.peer.Wait;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.specification.Drafts;
import pnas.orchestrator.trial.TrialDetail;
import pnas.orchestrator.trial.TrialQuery;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

/** A small experiment of a test, with waiting for what is to become of it. */
final class Search {
    private final Reports reports = CDI.current().select(Reports.class).get();
    private final Trials trials;
    private final String id;

    /** Starts an experiment; the JSON may have single quotes. */
    Search(Experiments experiments, Trials trials, String json) {
        this.trials = trials;
        this.id = experiments.create(Drafts.draft(json), null).id();
    }

    /** Trains every cell and answers every request, until the experiment is over. */
    ExperimentView run(Function<Request, @Nullable RankingAnswer> answer) {
        return run(answer, Search::accuracy);
    }

    /** The same where a cell has another accuracy, or fails for good, which NaN says. */
    ExperimentView run(Function<Request, @Nullable RankingAnswer> answer, ToDoubleFunction<Cell> accuracy) {
        try (Trainer trainer = new Trainer("trainer");
                Predictor _ = new Predictor(id, answer)) {
            trainer.trainAll(id, accuracy);
            return await(experiment -> experiment.state().isTerminal());
        }
    }

    String id() {
        return id;
    }

    ExperimentView view() {
        return reports.experiment(id);
    }

    /** The trial of a job. */
    TrialDetail trial(String trialId) {
        return trials.one(id, trialId.substring(trialId.indexOf('-') + 1));
    }

    List<TrialSummary> trials() {
        return trials.page(id, new TrialQuery(null, null, TrialQuery.Sort.RANK, false, 1000, null))
                .trials();
    }

    ExperimentView await(Predicate<ExperimentView> condition) {
        return Wait.await().until(this::view, condition);
    }

    TrialDetail awaitTrial(String trialId, Predicate<TrialDetail> condition) {
        return Wait.await().until(() -> trial(trialId), condition);
    }

    /** A number from 0 to 1 that depends on the cell alone. */
    static double accuracy(Cell cell) {
        return Math.floorMod(cell.id().hex().hashCode(), 1000) / 1000.0;
    }
}
