package pnas.trainer.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/** One layer, bound to its weights. */
@FunctionalInterface
interface BoundLayer {
    /**
     * Computes the layer's output, always a handle of its own.
     *
     * @param inputs feature maps (N, C, H, W), channels-last
     * @param training whether norms take the statistics of the batch, and update the running ones, and whether dropout drops
     */
    Tensor apply(List<Tensor> inputs, boolean training);

    /**
     * Computes the layer's output in training, with a pass back of its own: by default autograd's of this layer alone. Called where autograd records
     * nothing.
     *
     * @param wanted whether the gradients of the inputs are read: those of the image are not, and need not be computed
     */
    default Trained train(List<Tensor> inputs, boolean wanted) {
        try (AutoGradMode _ = new AutoGradMode(true)) {
            List<Tensor> leaves = inputs.stream()
                    .map(input -> input.detach().requires_grad_(true))
                    .toList();
            Tensor recorded = apply(leaves, true);
            return new Trained(recorded.detach(), List.of(recorded), (gradient, _) -> {
                recorded.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
                return leaves.stream().map(Tensor::grad).toList();
            });
        }
    }
}
