package pnas.network;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One step of a network. An engine implements each kind once; nothing else decides what a network computes. Every convolution and pool pads
 * symmetrically so that stride 1 keeps height and width, and stride 2 halves them, rounded up. Only {@link Linear} has biases.
 */
public sealed interface Layer {
    /**
     * The shape that this layer makes of its inputs.
     *
     * @throws IllegalArgumentException where it cannot take them
     */
    ImageShape output(List<ImageShape> inputs);

    /** Number of trainable parameters. */
    default long parameters() {
        return 0;
    }

    /** Multiplications followed by an addition, for one image, where the output has this shape. */
    default long multiplyAdds(ImageShape output) {
        return 0;
    }

    /** Its kind and its numbers, as the text of a network has them. */
    default String text() {
        return switch (this) {
            case Input _ -> "input";
            case Convolution each ->
                joined(
                        "convolution",
                        each.inputChannels(),
                        each.outputChannels(),
                        each.kernelHeight(),
                        each.kernelWidth(),
                        each.strideHeight(),
                        each.strideWidth(),
                        each.paddingHeight(),
                        each.paddingWidth(),
                        each.dilation(),
                        each.groups());
            case BatchNormalisation each -> joined("norm", each.channels());
            case Relu _ -> "relu";
            case MaxPool each -> joined("max", each.stride());
            case AveragePool each -> joined("average", each.stride());
            case Shift _ -> "shift";
            case Add _ -> "add";
            case Concatenate _ -> "concatenate";
            case GlobalAveragePool _ -> "pool";
            case Dropout _ -> throw new IllegalStateException("there is no text of a dropout");
            case Linear each -> joined("linear", each.inputs(), each.outputs());
        };
    }

    private static String joined(String kind, int... numbers) {
        return kind + " " + Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    /** What people call it. */
    default String words() {
        return switch (this) {
            case Input _ -> "image";
            case Convolution it -> called(it);
            case BatchNormalisation _ -> "batch normalisation";
            case Relu _ -> "ReLU";
            case MaxPool it -> "max pool 3x3" + stride(it.stride());
            case AveragePool it -> "average pool 3x3" + stride(it.stride());
            case Shift _ -> "shift by one pixel";
            case Add _ -> "sum";
            case Concatenate _ -> "concatenation";
            case GlobalAveragePool _ -> "global average pool";
            case Dropout it -> "dropout " + it.rate();
            case Linear _ -> "linear";
        };
    }

    private static String called(Convolution convolution) {
        return (convolution.groups() > 1 ? "depthwise " : "convolution ")
                + convolution.kernelHeight() + "x" + convolution.kernelWidth()
                + stride(Math.max(convolution.strideHeight(), convolution.strideWidth()))
                + (convolution.dilation() > 1 ? ", dilation " + convolution.dilation() : "");
    }

    private static String stride(int stride) {
        return stride > 1 ? ", stride " + stride : "";
    }

    /** A layer with nothing to train, so that engines have no weights for it. */
    sealed interface Unweighted extends Layer {}

    /** The image itself, already standardised. */
    record Input(ImageShape shape) implements Unweighted {
        @Override
        public ImageShape output(List<ImageShape> inputs) {
            if (!inputs.isEmpty()) {
                throw new IllegalArgumentException("the image has no inputs, got " + inputs);
            }
            return shape;
        }
    }

    /**
     * A convolution without bias. Weights have the layout (output channels, input channels / groups, kernel height, kernel width).
     *
     * @param groups 1 for a full convolution, the number of channels for a depthwise one
     */
    record Convolution(
            int inputChannels,
            int outputChannels,
            int kernelHeight,
            int kernelWidth,
            int strideHeight,
            int strideWidth,
            int dilation,
            int groups)
            implements Layer {
        public Convolution {
            requirePositive("channels", Math.min(inputChannels, outputChannels));
            requirePositive("stride", Math.min(strideHeight, strideWidth));
            requirePositive("dilation", dilation);
            requirePositive("groups", groups);
            if (kernelHeight % 2 != 1 || kernelWidth % 2 != 1) {
                throw new IllegalArgumentException(
                        "kernel height and width must be odd, got " + kernelHeight + "x" + kernelWidth);
            }
            if (inputChannels % groups != 0 || outputChannels % groups != 0) {
                throw new IllegalArgumentException(
                        "groups must divide " + inputChannels + " and " + outputChannels + " channels, got " + groups);
            }
        }

        /** A 1x1 convolution. */
        public static Convolution pointwise(int inputChannels, int outputChannels, int stride) {
            return square(inputChannels, outputChannels, 1, stride, 1);
        }

        /** A convolution of each channel by itself. */
        public static Convolution depthwise(int channels, int kernel, int stride) {
            return new Convolution(channels, channels, kernel, kernel, stride, stride, 1, channels);
        }

        /** A full convolution with a square kernel. */
        public static Convolution square(int inputChannels, int outputChannels, int kernel, int stride, int dilation) {
            return new Convolution(inputChannels, outputChannels, kernel, kernel, stride, stride, dilation, 1);
        }

        /** Rows of zeros above and below. */
        public int paddingHeight() {
            return dilation * (kernelHeight - 1) / 2;
        }

        /** Columns of zeros left and right. */
        public int paddingWidth() {
            return dilation * (kernelWidth - 1) / 2;
        }

        @Override
        public ImageShape output(List<ImageShape> inputs) {
            ImageShape input = single(inputs);
            requireChannels(inputChannels, input);
            return new ImageShape(
                    strided(input.height(), strideHeight), strided(input.width(), strideWidth), outputChannels);
        }

        @Override
        public long parameters() {
            return (long) kernelHeight * kernelWidth * (inputChannels / groups) * outputChannels;
        }

        @Override
        public long multiplyAdds(ImageShape output) {
            return parameters() * output.area();
        }
    }

    /** Batch normalisation with a trainable scale and shift per channel. */
    record BatchNormalisation(int channels) implements Layer {
        /** Added to the variance. */
        public static final double EPSILON = 1e-3;

        /** The weight of a new batch in the running statistics: running = (1 - momentum) * running + momentum * batch. */
        public static final double MOMENTUM = 0.1;

        public BatchNormalisation {
            requirePositive("channels", channels);
        }

        @Override
        public ImageShape output(List<ImageShape> inputs) {
            requireChannels(channels, single(inputs));
            return single(inputs);
        }

        @Override
        public long parameters() {
            return 2L * channels;
        }
    }

    /** max(x, 0). */
    record Relu() implements Unweighted {
        @Override
        public ImageShape output(List<ImageShape> inputs) {
            return single(inputs);
        }
    }

    /** 3x3 maximum pooling; padding never is the maximum. */
    record MaxPool(int stride) implements Unweighted {
        public static final int KERNEL = 3;
        public static final int PADDING = 1;

        public MaxPool {
            requirePositive("stride", stride);
        }

        @Override
        public ImageShape output(List<ImageShape> inputs) {
            return pooled(single(inputs), stride);
        }
    }

    /** 3x3 average pooling; the average does not count padding. */
    record AveragePool(int stride) implements Unweighted {
        public static final int KERNEL = 3;
        public static final int PADDING = 1;

        public AveragePool {
            requirePositive("stride", stride);
        }

        @Override
        public ImageShape output(List<ImageShape> inputs) {
            return pooled(single(inputs), stride);
        }
    }

    /** The input without its first row and column, padded by one row of zeros below and one column of zeros on the right. */
    record Shift() implements Unweighted {
        @Override
        public ImageShape output(List<ImageShape> inputs) {
            return single(inputs);
        }
    }

    /** The sum of two inputs, which may be one node twice: the output of a block. */
    record Add() implements Unweighted {
        @Override
        public ImageShape output(List<ImageShape> inputs) {
            if (inputs.size() != 2 || !inputs.getFirst().equals(inputs.getLast())) {
                throw new IllegalArgumentException("two inputs of one shape are needed, got " + inputs);
            }
            return inputs.getFirst();
        }
    }

    /**
     * The inputs behind each other along the channels. At the end of a cell of two blocks or more its inputs are the {@link Add} nodes of the
     * blocks; within a factorised reduction they are two convolutions.
     */
    record Concatenate() implements Unweighted {
        @Override
        public ImageShape output(List<ImageShape> inputs) {
            ImageShape first = inputs.getFirst();
            int channels = 0;
            for (ImageShape input : inputs) {
                if (input.height() != first.height() || input.width() != first.width()) {
                    throw new IllegalArgumentException("inputs of one height and width are needed, got " + inputs);
                }
                channels += input.channels();
            }
            return new ImageShape(first.height(), first.width(), channels);
        }
    }

    /** The mean of each channel. */
    record GlobalAveragePool() implements Unweighted {
        @Override
        public ImageShape output(List<ImageShape> inputs) {
            return new ImageShape(1, 1, single(inputs).channels());
        }
    }

    /**
     * In training, sets features to 0 at random and scales the others by 1 / (1 - rate).
     *
     * @param rate the probability of 0, more than 0 and less than 1
     */
    record Dropout(double rate) implements Unweighted {
        public Dropout {
            if (!(rate > 0 && rate < 1)) {
                throw new IllegalArgumentException("dropout must be more than 0 and less than 1, got " + rate);
            }
        }

        @Override
        public ImageShape output(List<ImageShape> inputs) {
            return single(inputs);
        }
    }

    /** A linear map with biases of 1x1 feature maps to one score per class. Weights have the layout (outputs, inputs). */
    record Linear(int inputs, int outputs) implements Layer {
        public Linear {
            requirePositive("inputs", inputs);
            requirePositive("outputs", outputs);
        }

        @Override
        public ImageShape output(List<ImageShape> shapes) {
            if (!single(shapes).equals(new ImageShape(1, 1, inputs))) {
                throw new IllegalArgumentException("an input of 1x1x" + inputs + " is needed, got " + single(shapes));
            }
            return new ImageShape(1, 1, outputs);
        }

        @Override
        public long parameters() {
            return (inputs + 1L) * outputs;
        }

        @Override
        public long multiplyAdds(ImageShape output) {
            return (long) inputs * outputs;
        }
    }

    private static ImageShape single(List<ImageShape> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("one input is needed, got " + inputs);
        }
        return inputs.getFirst();
    }

    private static void requirePositive(String what, int given) {
        if (given < 1) {
            throw new IllegalArgumentException(what + " must be positive, got " + given);
        }
    }

    private static void requireChannels(int channels, ImageShape input) {
        if (input.channels() != channels) {
            throw new IllegalArgumentException("an input of " + channels + " channels is needed, got " + input);
        }
    }

    private static ImageShape pooled(ImageShape input, int stride) {
        return new ImageShape(strided(input.height(), stride), strided(input.width(), stride), input.channels());
    }

    private static int strided(int size, int stride) {
        return (size + stride - 1) / stride;
    }
}
