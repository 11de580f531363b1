package pnas.orchestrator.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.timing.Estimate;
import pnas.statistics.Tally;

/**
 * How far an experiment is. In JSON the numbers of the tally stand beside the others.
 *
 * @param planned trials of all stages, as far as they can be known
 * @param counts the trials that exist, counted by what became of them
 * @param rankings how often a predictor is still to choose the cells of a stage; 0 once the experiment is over
 * @param left how long its trainings will go on with its share of the trainers that are alive, or with one where none is; rankings are not counted;
 *     absent at the end, and while its trainings wait for others of a higher priority that want all trainers
 */
@Decides
public record Progress(
        long planned,
        @JsonUnwrapped Tally counts,
        int rankings,
        @Nullable Estimate left) {
    /**
     * The progress of an experiment.
     *
     * @param stages those that exist
     */
    static Progress of(
            ExperimentState state, Specification specification, List<StageView> stages, @Nullable Estimate left) {
        Map<Integer, StageView> byNumber = stages.stream().collect(Collectors.toMap(StageView::stage, stage -> stage));
        long planned = 0;
        int rankings = 0;
        for (Plan.Stage plan : Planning.stages(specification)) {
            StageView stage = byNumber.get(plan.stage());
            planned += planned(plan, stage);
            boolean chooses = stage == null || !stage.state().hasChosen();
            if (chooses && !state.isTerminal() && specification.search().ranksIn(plan.stage())) {
                rankings++;
            }
        }
        return new Progress(
                planned, stages.stream().map(StageView::counts).reduce(Tally.NONE, Tally::plus), rankings, left);
    }

    /** A stage that has chosen its cells counts as it is, another one as it was planned. */
    private static long planned(Plan.Stage plan, @Nullable StageView stage) {
        if (stage == null) {
            return plan.all();
        }
        return switch (stage.state()) {
            case EXPANDING, RANKING -> Math.max(plan.all(), stage.trials());
            case TRAINING, CONFIRMING, DONE -> stage.trials() + stage.repeatsToCome(plan.repeats());
            case CLOSED -> stage.trials() == 0 ? plan.all() : stage.trials();
        };
    }
}
