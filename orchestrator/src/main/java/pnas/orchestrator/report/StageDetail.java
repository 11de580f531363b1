package pnas.orchestrator.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.RankingAnswer;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.trial.TrialSummary;
import pnas.statistics.Tally;

/**
 * Everything about a stage.
 *
 * @param stage its number, from 1
 * @param candidates distinct cells it chose from, absent until they are counted
 * @param counts its trials, counted by what became of them
 * @param histogram the scores of all candidates, absent in stage 1 and before the ranking
 * @param quality how good the predictions are
 * @param rankingSeconds time that fitting and scoring took
 * @param idle how long slots stood idle at its end, absent before that and where nothing was trained
 * @param cells the cells it trains, by rank
 */
public record StageDetail(
        int stage,
        StageState state,
        @Nullable Long candidates,
        Tally counts,
        RankingAnswer.@Nullable Histogram histogram,
        Quality quality,
        @Nullable Double rankingSeconds,
        @Nullable Idleness idle,
        List<Ranked> cells) {
    public StageDetail {
        cells = List.copyOf(cells);
    }

    /**
     * A stage as it is kept.
     *
     * @param all trials of the experiment, by rank within a stage
     */
    static StageDetail of(ReportRows.KnownStage stage, List<TrialSummary> all) {
        Stage.Ranking ranking = stage.ranking();
        return new StageDetail(
                stage.number(),
                stage.state(),
                stage.candidates(),
                stage.counts(),
                ranking == null ? null : ranking.histogram(),
                new Quality(ranking == null ? null : ranking.quality(), stage.quality()),
                ranking == null ? null : ranking.seconds(),
                stage.idle(),
                all.stream()
                        .filter(trial -> trial.stage() == stage.number() && !trial.setAside())
                        .map(Ranked::of)
                        .toList());
    }

    /**
     * How good the predictions are, in two figures that do not answer the same question.
     *
     * @param withinStage held out: over the cells of the stage before, each predicted by a fit that had not seen it. It tells how well the predictor
     *     ranks cells of a stage that it has cells of
     * @param nextStage over the cells that this stage chose, once it is done. As the predictor chose them for their high predictions, these differ
     *     little from each other, so that the correlation is lower than over all candidates, by how much it cannot tell, and may be negative for a
     *     predictor that chooses well
     */
    public record Quality(RankingAnswer.@Nullable Quality withinStage, RankingAnswer.@Nullable Quality nextStage) {}

    /**
     * A cell of the stage, predicted and measured.
     *
     * @param counted as what its trial counts
     */
    public record Ranked(
            String cellId,
            Cell cell,
            int rank,
            @Nullable Double predicted,
            @Nullable Double accuracy,
            TrialState state,
            TrialKind counted) {
        static Ranked of(TrialSummary trial) {
            return new Ranked(
                    trial.cellId(),
                    trial.cell(),
                    trial.rank(),
                    trial.predicted(),
                    trial.accuracy(),
                    trial.state(),
                    trial.counted());
        }
    }
}
