package pnas.trainer.training;

import java.util.function.BooleanSupplier;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;

/** Answers whole jobs, one at a time. Belongs to one thread; other threads speak to it through the task. */
public interface TrainingEngine {
    /** Name of the engine, for instance {@code torch}. */
    String name();

    /** Version of the engine together with that of our code around it: raised whenever the same job may give another result. */
    String version();

    /** The CPU's model name or the GPU's name. */
    String deviceKind();

    /**
     * Does the job until it is done or the task is asked to stop.
     *
     * @return how it ended; {@code Crashed} and {@code Stalled} are for the parent that watches the process, never an engine's own answer
     * @throws pnas.failure.PnasException where the job failed for a reason with a code; {@code OUT_OF_MEMORY} is one of them
     */
    Outcome train(TrainingTask task, TrainingListener listener);

    /**
     * Makes what is slow at first quick, while nothing is to be trained. Changes no result.
     *
     * @param wanted whether a job has come, which is not kept waiting; asked before every step
     */
    default void warmUp(BooleanSupplier wanted) {}

    /** What computes the results of this engine. */
    default Machine machine() {
        return new Machine(name(), version(), deviceKind());
    }
}
