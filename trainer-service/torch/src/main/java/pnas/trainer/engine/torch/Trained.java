package pnas.trainer.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a layer computed in training, and its pass back.
 *
 * @param output a handle of its own
 * @param saved what the pass back reads, in handles of its own that are closed after it
 */
record Trained(Tensor output, List<Tensor> saved, Backward backward) {
    /** The pass back through one layer: gives its weights their gradients. */
    @FunctionalInterface
    interface Backward {
        /**
         * The gradients of the inputs, in their order.
         *
         * @param gradient of the output
         * @param mine whether nothing else reads it, so that it may be written over
         */
        List<Tensor> apply(Tensor gradient, boolean mine);
    }
}
