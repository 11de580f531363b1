package pnas.orchestrator.web;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.report.StageDetail;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.trial.TrialSummary;

/**
 * How a cell came to be trained, in sentences.
 *
 * @param how its rank and score among the candidates of its stage
 * @param fit what had ranked it, absent where nothing had
 * @param quality how good the ranking was, absent where there was none
 */
record Choice(String how, @Nullable String fit, @Nullable String quality) {
    /**
     * How a trial of an experiment was chosen.
     *
     * @param stages those of the experiment
     */
    static Choice of(TrialSummary trial, Specification specification, List<StageDetail> stages) {
        StageDetail stage = stages.stream()
                .filter(each -> each.stage() == trial.stage())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("trial " + trial.id() + " has no stage"));
        Double predicted = trial.predicted();
        if (predicted == null) {
            return new Choice(unranked(trial, specification, stage), null, null);
        }
        long measured = stages.stream()
                .filter(each -> each.stage() < trial.stage())
                .flatMap(each -> each.cells().stream())
                .filter(cell -> cell.accuracy() != null)
                .count();
        return new Choice(
                String.format(
                        Locale.ROOT,
                        "Rank %s of %s candidates of stage %d, with a predicted accuracy of %s; the best %s were to be trained.",
                        Formats.grouped(trial.rank()),
                        candidates(stage),
                        trial.stage(),
                        Formats.percent(predicted),
                        Formats.grouped(stage.cells().size())),
                "%s, fitted to the %s cells measured in %s."
                        .formatted(
                                specification.ranking().predictor().text(),
                                Formats.grouped(measured),
                                trial.stage() == 2 ? "stage 1" : "stages 1 to " + (trial.stage() - 1)),
                PredictionPanel.of(stage).summary());
    }

    private static String unranked(TrialSummary trial, Specification specification, StageDetail stage) {
        String number = "number %s of %s"
                .formatted(
                        Formats.grouped(trial.rank()),
                        Formats.grouped(stage.cells().size()));
        return specification.search().drawsAtRandom() && specification.search().choosesIn(trial.stage())
                ? "Drawn at random: " + number + " in stage " + trial.stage() + "."
                : "Stage " + trial.stage() + " trains every cell of its size, and nothing ranks them: this is " + number
                        + ".";
    }

    private static String candidates(StageDetail stage) {
        Long candidates = stage.candidates();
        return candidates == null ? "the" : Formats.grouped(candidates);
    }
}
