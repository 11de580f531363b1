package pnas.trainer.training;

/** Hears how a training goes on, in the thread that trains. */
public interface TrainingListener {
    /**
     * A step was done, or a training starts from a checkpoint.
     *
     * @param step optimiser steps done, over all epochs
     * @param epoch epochs done
     */
    void stepped(long step, int epoch);

    /** An epoch was trained, validated and, where the engine keeps checkpoints, its checkpoint written. */
    void finished(FinishedEpoch epoch);
}
