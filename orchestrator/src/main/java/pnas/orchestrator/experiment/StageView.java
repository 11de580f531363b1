package pnas.orchestrator.experiment;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.timing.Estimate;

/**
 * A stage in a line.
 *
 * @param stage its number, from 1
 * @param candidates distinct cells it chose from, absent until they are counted
 * @param trials cells that it trains
 * @param terminal how many of those are over
 * @param best the best accuracy so far
 * @param left how long it will go on, the ranking not counted; absent once it is done or its experiment over, and where that of {@link Progress} is
 * @param idle how long slots stood idle at its end, absent before that
 */
public record StageView(
        int stage,
        StageState state,
        @Nullable Long candidates,
        long trials,
        long terminal,
        @Nullable Double best,
        @Nullable Estimate left,
        @Nullable Idleness idle) {
    StageView withLeft(@Nullable Estimate left) {
        return new StageView(stage, state, candidates, trials, terminal, best, left, idle);
    }

    /** The first of these stages that is not done, else the last. */
    public static StageView current(List<StageView> stages) {
        return stages.stream()
                .filter(stage -> !stage.state().isTerminal())
                .findFirst()
                .orElseGet(stages::getLast);
    }
}
