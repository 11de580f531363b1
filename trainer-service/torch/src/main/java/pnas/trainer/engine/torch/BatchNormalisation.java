package pnas.trainer.engine.torch;

import java.util.List;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.Layer;

/**
 * Batch normalisation.
 *
 * @param name of the node
 * @param scale (C)
 * @param shift (C)
 * @param mean the running one (C)
 * @param variance the running one (C)
 */
record BatchNormalisation(String name, Tensor scale, Tensor shift, TensorOptional mean, TensorOptional variance)
        implements BoundLayer {
    @Override
    public Tensor apply(List<Tensor> inputs, boolean training) {
        if (training) {
            requireSeveralValues(inputs.getFirst());
        }
        return torch.batch_norm(
                inputs.getFirst(),
                new TensorOptional(scale),
                new TensorOptional(shift),
                mean,
                variance,
                training,
                Layer.BatchNormalisation.MOMENTUM,
                Layer.BatchNormalisation.EPSILON,
                true);
    }

    @Override
    public Trained train(List<Tensor> inputs, boolean wanted) {
        requireSeveralValues(inputs.getFirst());
        Tensor input = new Tensor(inputs.getFirst());
        try (T_TensorTensorTensor_T computed = torch.native_batch_norm(
                input,
                new TensorOptional(scale),
                new TensorOptional(shift),
                mean,
                variance,
                true,
                Layer.BatchNormalisation.MOMENTUM,
                Layer.BatchNormalisation.EPSILON)) {
            Tensor batchMean = new Tensor(computed.get1());
            Tensor batchDeviation = new Tensor(computed.get2());
            return new Trained(
                    new Tensor(computed.get0()), List.of(input, batchMean, batchDeviation), (gradient, _) -> {
                        T_TensorTensorTensor_T gradients = torch.native_batch_norm_backward(
                                gradient,
                                input,
                                new TensorOptional(scale),
                                mean,
                                variance,
                                new TensorOptional(batchMean),
                                new TensorOptional(batchDeviation),
                                true,
                                Layer.BatchNormalisation.EPSILON,
                                new BoolPointer(3).put(0, true).put(1, true).put(2, true));
                        scale.mutable_grad().put(gradients.get1());
                        shift.mutable_grad().put(gradients.get2());
                        return List.of(new Tensor(gradients.get0()));
                    });
        }
    }

    private void requireSeveralValues(Tensor input) {
        if (input.numel() == scale.numel()) {
            // The variance of a single value is no number, and neither would be the running one: libtorch says nothing.
            throw new PnasException(
                    ErrorCode.TRAINING_IMPOSSIBLE,
                    name + " cannot normalise a batch of one feature map of 1x1: take a larger batch or larger images");
        }
    }
}
