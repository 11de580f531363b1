package pnas.trainer.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The larger of a value and zero.
 *
 * @param inPlace whether it writes over its input
 */
record Relu(boolean inPlace) implements BoundLayer {
    @Override
    public Tensor apply(List<Tensor> inputs, boolean training) {
        Tensor input = inputs.getFirst();
        return inPlace ? new Tensor(torch.relu_(input)) : torch.relu(input);
    }

    @Override
    public Trained train(List<Tensor> inputs, boolean wanted) {
        Tensor output = apply(inputs, true);
        Tensor saved = new Tensor(output);
        return new Trained(output, List.of(saved), (gradient, mine) -> {
            Scalar zero = new Scalar(0.0);
            return List.of(
                    mine
                            ? new Tensor(torch.threshold_backward_out(gradient, gradient, saved, zero))
                            : torch.threshold_backward(gradient, saved, zero));
        });
    }
}
