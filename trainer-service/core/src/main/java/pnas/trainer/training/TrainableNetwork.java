package pnas.trainer.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import pnas.trainer.tensor.Tensor;

/**
 * Weights, optimiser and random state of one training on one device. Belongs to one thread. Every method may throw {@link
 * pnas.failure.PnasException} with {@code OUT_OF_MEMORY} or {@code ENGINE_FAILURE}; afterwards only {@link #close} may be called.
 */
public interface TrainableNetwork extends AutoCloseable {
    /** One optimiser step on the mean cross-entropy of the batch. May return before the device has finished. */
    void step(Batch batch, double learningRate);

    /** Mean loss of the steps since the last call, NaN where one of them was not finite. Waits for the device. */
    double takeLoss();

    /** How many images of the batch are classified right, with running statistics and without dropout. Changes no state. */
    int countCorrect(Batch batch);

    /**
     * Weights and running statistics by node and role, for instance {@code stem.norm.running_mean}, in the shapes that {@link pnas.network.Layer}
     * gives.
     */
    Map<String, Tensor> model();

    /** Writes weights, running statistics, optimiser and random state into an existing empty directory. */
    void save(Path directory) throws IOException;

    /** Takes up what {@link #save} wrote for the same network and settings: training goes on with the same bits. */
    void restore(Path directory) throws IOException;

    @Override
    void close();
}
