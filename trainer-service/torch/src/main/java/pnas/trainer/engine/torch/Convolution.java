package pnas.trainer.engine.torch;

import java.util.List;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import pnas.network.Layer;

/** A convolution without a bias. */
final class Convolution implements BoundLayer {
    private final Layer.Convolution layer;
    private final Tensor weight;
    private final long[] stride;
    private final long[] padding;
    private final long[] dilation;

    Convolution(Layer.Convolution layer, Tensor weight) {
        this.layer = layer;
        this.weight = weight;
        this.stride = new long[] {layer.strideHeight(), layer.strideWidth()};
        this.padding = new long[] {layer.paddingHeight(), layer.paddingWidth()};
        this.dilation = new long[] {layer.dilation(), layer.dilation()};
    }

    @Override
    public Tensor apply(List<Tensor> inputs, boolean training) {
        return convolve(inputs.getFirst(), weight);
    }

    @Override
    public Trained train(List<Tensor> inputs, boolean wanted) {
        Tensor input = new Tensor(inputs.getFirst());
        return new Trained(convolve(input, weight), List.of(input), (gradient, _) -> {
            boolean isWide = isSquareDepthwise() && layer.kernelWidth() > WideDepthwise.STRIP;
            boolean isTurned = wanted && isSquareDepthwise() && layer.strideWidth() == 1;
            T_TensorTensorTensor_T gradients = torch.convolution_backward(
                    gradient,
                    input,
                    weight,
                    new LongArrayRefOptional(),
                    stride,
                    padding,
                    dilation,
                    false,
                    new long[] {0, 0},
                    layer.groups(),
                    new BoolPointer(3)
                            .put(0, wanted && !isTurned)
                            .put(1, !isWide)
                            .put(2, false));
            weight.mutable_grad().put(isWide ? WideDepthwise.gradient(geometry(), input, gradient) : gradients.get1());
            if (!wanted) {
                return List.of();
            }
            return List.of(isTurned ? convolve(gradient, weight.flip(2, 3)) : new Tensor(gradients.get0()));
        });
    }

    private Tensor convolve(Tensor input, Tensor by) {
        return torch.conv2d(input, by, new TensorOptional(), stride, padding, dilation, layer.groups());
    }

    private WideDepthwise.Geometry geometry() {
        return new WideDepthwise.Geometry(layer.outputChannels(), layer.kernelWidth(), layer.strideWidth());
    }

    /** Whether the padding keeps the size of a feature map, too. */
    private boolean isSquareDepthwise() {
        return layer.groups() > 1
                && layer.groups() == layer.inputChannels()
                && layer.groups() == layer.outputChannels()
                && layer.kernelWidth() == layer.kernelHeight()
                && layer.strideWidth() == layer.strideHeight()
                && layer.paddingWidth() == layer.kernelWidth() / 2
                && layer.paddingHeight() == layer.paddingWidth()
                && layer.dilation() == 1;
    }
}
