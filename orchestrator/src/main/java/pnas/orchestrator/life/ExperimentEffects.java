package pnas.orchestrator.life;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pnas.message.PredictorCommand;

/**
 * What follows from an order to an experiment or from an answer, all of it to be stored in the transaction that decided it.
 *
 * @param life the experiment and its stages as they are now
 * @param steps what is told and what follows for trials, in this order
 * @param wakes who is to be woken after the commit
 */
public record ExperimentEffects(ExperimentLife life, List<Step> steps, Set<Wake> wakes) {
    public ExperimentEffects {
        steps = List.copyOf(steps);
        wakes = Set.copyOf(wakes);
    }

    /** Something that follows. */
    public sealed interface Step {}

    /** An event to append. */
    public record Told(NewEvent event) implements Step {}

    /**
     * An order to trials: to all of these stages, or to one. Each obeys as far as its own state lets it.
     *
     * @param stages their numbers
     * @param trialId of the one, absent where it is for all
     */
    public record Ordered(
            TrialOrder order, Set<Integer> stages, @Nullable String trialId) implements Step {
        public Ordered {
            stages = Set.copyOf(stages);
        }
    }

    /** Cells that a stage trains. One that the stage had before keeps its trial and is chosen again. */
    public record Chosen(int stage, List<NewTrial> cells) implements Step {
        public Chosen {
            cells = List.copyOf(cells);
        }
    }

    /** A stage has ended in which something was trained. */
    public record Ended(int stage, Stage.Barrier barrier) implements Step {}

    /** A command to predictors, to be sent after the commit. It may be lost: it follows again from each sign of life of its request. */
    public record Withdrew(PredictorCommand.Withdrawn command) implements Step {}

    /** Who waits for something to do. */
    public enum Wake {
        /** Trainings may go out. */
        DISPATCH,
        /** A stage is to choose its cells. */
        OPEN_STAGE
    }
}
