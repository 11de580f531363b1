package pnas.orchestrator.experiment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an experiment waits for, in words. */
final class Waiting {
    private Waiting() {}

    /**
     * The words; absent where it waits for nothing but its trainings.
     *
     * @param stages those that exist, in their order
     * @param liveSlots trainings that the live trainers of its engine do at once
     */
    static @Nullable String of(
            ExperimentState state,
            Specification specification,
            List<StageView> stages,
            Progress progress,
            long liveSlots) {
        return switch (state) {
            case COMPLETED, FAILED, CANCELLED -> null;
            case PAUSED ->
                progress.running() == 0
                        ? "paused; resume it to go on"
                        : "paused; " + trainings(progress.running()) + " still to end";
            case RUNNING -> running(specification, stages, progress, liveSlots);
        };
    }

    private static @Nullable String running(
            Specification specification, List<StageView> stages, Progress progress, long liveSlots) {
        StageView latest = stages.getLast();
        return switch (latest.state()) {
            case EXPANDING -> "the candidates of stage " + latest.stage() + " are computed";
            case RANKING ->
                "a predictor is to rank the " + latest.candidates() + " candidates of stage " + latest.stage();
            case TRAINING ->
                progress.queued() > 0 && progress.running() == 0 && liveSlots == 0
                        ? trainings(progress.queued()) + (progress.queued() == 1 ? " waits" : " wait")
                                + ": no trainer for engine " + specification.engine() + " is alive"
                        : null;
            case DONE -> null;
        };
    }

    private static String trainings(long count) {
        return count == 1 ? "1 training" : count + " trainings";
    }
}
