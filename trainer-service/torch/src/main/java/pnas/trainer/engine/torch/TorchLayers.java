package pnas.trainer.engine.torch;

import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
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
    BoundLayer operation(Node node) {
        String name = node.name();
        return switch (node.layer()) {
            case Layer.Input _ -> throw new IllegalArgumentException("the image is given, not computed");
            case Layer.Convolution layer -> convolution(name, layer);
            case Layer.BatchNormalisation layer -> batchNormalisation(name, layer);
            case Layer.Relu _ -> new Relu(false);
            case Layer.MaxPool layer -> unary(maxPool(layer));
            case Layer.AveragePool layer -> unary(averagePool(layer));
            case Layer.Shift _ -> unary((input, training) -> torch.constant_pad_nd(input, -1, 1, -1, 1));
            case Layer.Add _ -> new Sum();
            case Layer.Concatenate _ -> new Concatenation();
            case Layer.GlobalAveragePool _ -> unary((input, training) -> torch.adaptive_avg_pool2d(input, 1, 1));
            case Layer.Dropout layer -> unary(dropout(layer.rate(), node.output()));
            case Layer.Linear layer -> unary(linear(name, layer));
        };
    }

    private static BoundLayer unary(UnaryOperation operation) {
        return (inputs, training) -> operation.apply(inputs.getFirst(), training);
    }

    private BoundLayer convolution(String name, Layer.Convolution layer) {
        long[] shape = {
            layer.outputChannels(), layer.inputChannels() / layer.groups(), layer.kernelHeight(), layer.kernelWidth()
        };
        // Kaiming normal, fan-out. For a depthwise convolution PyTorch counts all output channels too.
        double deviation = Math.sqrt(2.0 / (shape[0] * shape[2] * shape[3]));
        Tensor weight = weights.parameter(
                name + ".weight",
                () -> torch.empty(shape).normal_(0, deviation, generator).contiguous(device.format()));
        if (layer.kernelHeight() * layer.kernelWidth() == 1 && layer.strideHeight() * layer.strideWidth() > 1) {
            long[] stride = {layer.strideHeight(), layer.strideWidth()};
            return unary((input, training) -> torch.conv2d(everyNth(input, stride), weight));
        }
        return new Convolution(layer, weight);
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

    private BoundLayer batchNormalisation(String name, Layer.BatchNormalisation layer) {
        long channels = layer.channels();
        return new BatchNormalisation(
                name,
                weights.parameter(name + ".weight", () -> torch.ones(channels)),
                weights.parameter(name + ".bias", () -> torch.zeros(channels)),
                new TensorOptional(weights.statistic(name + ".running_mean", () -> torch.zeros(channels))),
                new TensorOptional(weights.statistic(name + ".running_var", () -> torch.ones(channels))));
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
