package pnas.trainer.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** One layer, bound to its weights. */
@FunctionalInterface
interface Operation {
    /**
     * Computes the layer's output, always a handle of its own.
     *
     * @param inputs feature maps (N, C, H, W), channels-last
     * @param training whether norms take the statistics of the batch, and update the running ones, and whether dropout drops
     */
    Tensor apply(List<Tensor> inputs, boolean training);
}
