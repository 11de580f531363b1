package pnas.trainer.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The sum of two feature maps. */
final class Sum implements BoundLayer {
    @Override
    public Tensor apply(List<Tensor> inputs, boolean training) {
        return inputs.getFirst().add(inputs.getLast());
    }

    @Override
    public Trained train(List<Tensor> inputs, boolean wanted) {
        return new Trained(
                apply(inputs, true), List.of(), (gradient, _) -> List.of(new Tensor(gradient), new Tensor(gradient)));
    }
}
