package pnas.orchestrator.experiment;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.RankingAnswer;
import pnas.orchestrator.trial.TrialState;

/**
 * Everything about a stage.
 *
 * @param stage its number, from 1
 * @param candidates distinct cells it chose from, absent until they are counted
 * @param histogram the scores of all candidates, absent in stage 1 and before the ranking
 * @param quality how good the predictions are
 * @param rankingSeconds time that fitting and scoring took
 * @param idle how long slots stood idle at its end, absent before that
 * @param cells the cells it trains, by rank
 */
public record StageDetail(
        int stage,
        StageState state,
        @Nullable Long candidates,
        RankingAnswer.@Nullable Histogram histogram,
        Quality quality,
        @Nullable Double rankingSeconds,
        @Nullable Idleness idle,
        List<Ranked> cells) {
    public StageDetail {
        cells = List.copyOf(cells);
    }

    /**
     * How good the predictions are.
     *
     * @param withinStage within the stage that the predictor learnt last, cross-validated by the predictor
     * @param nextStage predicted against measured in this stage, once it is done
     */
    public record Quality(RankingAnswer.@Nullable Quality withinStage, RankingAnswer.@Nullable Quality nextStage) {}

    /** A cell of the stage, predicted and measured. */
    public record Ranked(
            String cellId,
            Cell cell,
            int rank,
            @Nullable Double predicted,
            @Nullable Double accuracy,
            TrialState state) {}
}
