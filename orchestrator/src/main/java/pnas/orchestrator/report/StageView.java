package pnas.orchestrator.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.timing.Estimate;
import pnas.statistics.Tally;

/**
 * A stage in a line.
 *
 * @param stage its number, from 1
 * @param candidates distinct cells it chose from, absent until they are counted
 * @param trials cells that it trains, those excepted that are set aside, and trainings of cells under other seeds
 * @param repeats how many of those are trainings under other seeds
 * @param terminal how many of those are over, whatever became of them
 * @param counts its trials, counted by what became of them
 * @param best the best accuracy so far
 * @param left how long it will go on, the ranking not counted; absent once it is done or its experiment over, and where that of {@link Progress} is
 * @param idle how long slots stood idle at its end, absent before that and where nothing was trained
 * @param ranking how far the ranking of its candidates is, absent where none is awaited, or no predictor has told of it
 */
public record StageView(
        int stage,
        StageState state,
        @Nullable Long candidates,
        long trials,
        long repeats,
        long terminal,
        Tally counts,
        @Nullable Double best,
        @Nullable Estimate left,
        @Nullable Idleness idle,
        @Nullable RankingProgress ranking) {
    static StageView of(
            int stage,
            StageState state,
            @Nullable Long candidates,
            Tally counts,
            @Nullable Double best,
            @Nullable Idleness idle) {
        return new StageView(
                stage, state, candidates, counts.trials(), 0, counts.ended(), counts, best, null, idle, null);
    }

    StageView withRepeats(long repeats) {
        return new StageView(stage, state, candidates, trials, repeats, terminal, counts, best, left, idle, ranking);
    }

    StageView withLeft(@Nullable Estimate left) {
        return new StageView(stage, state, candidates, trials, repeats, terminal, counts, best, left, idle, ranking);
    }

    StageView withRanking(@Nullable RankingProgress ranking) {
        return new StageView(stage, state, candidates, trials, repeats, terminal, counts, best, left, idle, ranking);
    }

    /**
     * How many trainings under other seeds it is still to have beside those that it has.
     *
     * @param planned the most that it will have
     */
    long repeatsToCome(long planned) {
        return switch (state) {
            case EXPANDING, RANKING, TRAINING -> Math.max(0, planned - repeats);
            case CONFIRMING, DONE, CLOSED -> 0;
        };
    }

    /** The first of these stages that is not done, else the last. */
    public static StageView current(List<StageView> stages) {
        return stages.stream()
                .filter(stage -> !stage.state().isTerminal())
                .findFirst()
                .orElseGet(stages::getLast);
    }
}
