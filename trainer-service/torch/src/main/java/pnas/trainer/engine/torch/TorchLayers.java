package pnas.trainer.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Node;

/** Makes the operation of each node: the one place that knows what a layer is in libtorch. */
final class TorchLayers {
    /** A layer that takes one input. */
    @FunctionalInterface
    private interface UnaryOperation {
        Tensor apply(Tensor input, boolean training);
    }

    private final TorchWeights weights;
    private final TorchDevice device;
    private final GeneratorOptional generator;
    private final WideDepthwise wideDepthwise = new WideDepthwise();

    /**
     * Makes operations for one network.
     *
     * @param weights receives the tensors of the layers
     * @param generator draws the initial weights in the order in which operations are made, later on what dropout drops
     */
    TorchLayers(TorchWeights weights, TorchDevice device, GeneratorOptional generator) {
        this.weights = weights;
        this.device = device;
        this.generator = generator;
    }

    /** The operation of a node, with fresh weights. */
    Operation operation(Node node) {
        String name = node.name();
        return switch (node.layer()) {
            case Layer.Input _ -> throw new IllegalArgumentException("the image is given, not computed");
            case Layer.Convolution layer -> unary(convolution(name, layer));
            case Layer.BatchNormalisation layer -> unary(batchNormalisation(name, layer));
            case Layer.Relu _ -> unary((input, training) -> torch.relu(input));
            case Layer.MaxPool layer -> unary(maxPool(layer));
            case Layer.AveragePool layer -> unary(averagePool(layer));
            case Layer.Shift _ -> unary((input, training) -> torch.constant_pad_nd(input, -1, 1, -1, 1));
            case Layer.Add _ -> (inputs, training) -> inputs.getFirst().add(inputs.getLast());
            case Layer.Concatenate _ ->
                (inputs, training) -> torch.cat(new TensorVector(inputs.toArray(Tensor[]::new)), 1);
            case Layer.GlobalAveragePool _ -> unary((input, training) -> torch.adaptive_avg_pool2d(input, 1, 1));
            case Layer.Dropout layer -> unary(dropout(layer.rate(), node.output()));
            case Layer.Linear layer -> unary(linear(name, layer));
        };
    }

    /** The gradients of all weights, by the loss (a single number) of operations that were applied in training. */
    void backward(Tensor loss) {
        loss.backward();
        wideDepthwise.giveGradients();
    }

    /** A ReLU that writes over its input. */
    static Tensor reluInPlace(List<Tensor> inputs, boolean training) {
        return new Tensor(torch.relu_(inputs.getFirst()));
    }

    private static Operation unary(UnaryOperation operation) {
        return (inputs, training) -> operation.apply(inputs.getFirst(), training);
    }

    private UnaryOperation convolution(String name, Layer.Convolution layer) {
        long[] shape = {
            layer.outputChannels(), layer.inputChannels() / layer.groups(), layer.kernelHeight(), layer.kernelWidth()
        };
        // Kaiming normal, fan-out. For a depthwise convolution PyTorch counts all output channels too.
        double deviation = Math.sqrt(2.0 / (shape[0] * shape[2] * shape[3]));
        Tensor weight = weights.parameter(
                name + ".weight",
                () -> torch.empty(shape).normal_(0, deviation, generator).contiguous(torch.MemoryFormat.ChannelsLast));
        TensorOptional noBias = new TensorOptional();
        long[] stride = {layer.strideHeight(), layer.strideWidth()};
        long[] padding = {layer.paddingHeight(), layer.paddingWidth()};
        long[] dilation = {layer.dilation(), layer.dilation()};
        if (layer.kernelHeight() == 1 && layer.kernelWidth() == 1 && stride[0] * stride[1] > 1) {
            return (input, training) -> torch.conv2d(
                    everyNth(input, stride), weight, noBias, new long[] {1, 1}, padding, dilation, layer.groups());
        }
        if (device.isCpu() && isWideDepthwise(layer)) {
            var geometry = new WideDepthwise.Geometry(layer.outputChannels(), layer.kernelWidth(), layer.strideWidth());
            return (input, training) -> wideDepthwise.apply(input, weight, geometry, training);
        }
        return (input, training) -> torch.conv2d(input, weight, noBias, stride, padding, dilation, layer.groups());
    }

    private static boolean isWideDepthwise(Layer.Convolution layer) {
        return layer.groups() > 1
                && layer.groups() == layer.inputChannels()
                && layer.groups() == layer.outputChannels()
                && layer.kernelWidth() > 3
                && layer.kernelWidth() == layer.kernelHeight()
                && layer.strideWidth() == layer.strideHeight()
                && layer.dilation() == 1;
    }

    /**
     * The rows and columns that a 1x1 convolution with a stride reads. oneDNN takes the same step by itself, but for channels-last input of fewer
     * channels than its vectors are long, its gradient of the weights writes beyond its workspace
     * (https://github.com/uxlfoundation/oneDNN/issues/6035, open in 3.7.1 and later).
     */
    private static Tensor everyNth(Tensor input, long[] stride) {
        try (Tensor rows = input.slice(2, new LongOptional(), new LongOptional(), stride[0])) {
            return rows.slice(3, new LongOptional(), new LongOptional(), stride[1]);
        }
    }

    private UnaryOperation batchNormalisation(String name, Layer.BatchNormalisation layer) {
        long channels = layer.channels();
        TensorOptional scale = new TensorOptional(weights.parameter(name + ".weight", () -> torch.ones(channels)));
        TensorOptional shift = new TensorOptional(weights.parameter(name + ".bias", () -> torch.zeros(channels)));
        TensorOptional mean =
                new TensorOptional(weights.statistic(name + ".running_mean", () -> torch.zeros(channels)));
        TensorOptional variance =
                new TensorOptional(weights.statistic(name + ".running_var", () -> torch.ones(channels)));
        return (input, training) -> {
            if (training && input.numel() == channels) {
                // The variance of a single value is no number, and neither would be the running one: libtorch says
                // nothing.
                throw new PnasException(
                        ErrorCode.TRAINING_IMPOSSIBLE,
                        name
                                + " cannot normalise a batch of one feature map of 1x1: take a larger batch or larger images");
            }
            return torch.batch_norm(
                    input,
                    scale,
                    shift,
                    mean,
                    variance,
                    training,
                    Layer.BatchNormalisation.MOMENTUM,
                    Layer.BatchNormalisation.EPSILON,
                    true);
        };
    }

    private static UnaryOperation maxPool(Layer.MaxPool layer) {
        long[] kernel = square(Layer.MaxPool.KERNEL);
        long[] stride = square(layer.stride());
        long[] padding = square(Layer.MaxPool.PADDING);
        return (input, training) -> torch.max_pool2d(input, kernel, stride, padding, square(1), false);
    }

    private static UnaryOperation averagePool(Layer.AveragePool layer) {
        long[] kernel = square(Layer.AveragePool.KERNEL);
        long[] stride = square(layer.stride());
        long[] padding = square(Layer.AveragePool.PADDING);
        return (input, training) -> torch.avg_pool2d(input, kernel, stride, padding, false, false, new LongOptional());
    }

    private static long[] square(int size) {
        return new long[] {size, size};
    }

    /** Draws on the CPU whatever the device, from the generator whose state a checkpoint keeps. */
    private UnaryOperation dropout(double rate, ImageShape shape) {
        return (input, training) -> training
                ? input.mul(device.hold(torch.empty(input.size(0), shape.channels(), shape.height(), shape.width())
                        .bernoulli_(1 - rate, generator)
                        .div_(new Scalar(1 - rate))))
                : input.alias();
    }

    private UnaryOperation linear(String name, Layer.Linear layer) {
        double bound = 1 / Math.sqrt(layer.inputs());
        Tensor weight = weights.parameter(
                name + ".weight",
                () -> torch.empty(layer.outputs(), layer.inputs()).uniform_(-bound, bound, generator));
        TensorOptional bias = new TensorOptional(weights.parameter(
                name + ".bias", () -> torch.empty(layer.outputs()).uniform_(-bound, bound, generator)));
        return (input, training) -> torch.linear(input.flatten(1, -1), weight, bias);
    }
}
