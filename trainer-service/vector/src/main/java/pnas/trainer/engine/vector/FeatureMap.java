package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.network.ImageShape;

/**
 * The feature map of a batch: numbers as a pass wrote them, channels of a pixel behind each other, and what its readers apply to them. Its gradient is
 * that of what the readers see, behind the norm where there is one.
 */
final class FeatureMap {
    final ImageShape shape;
    final int size;
    private final Memory.Buffer values;
    private Affine norm;
    private Memory.@Nullable Buffer gradient;
    private final List<Pass> readers = new ArrayList<>();
    private boolean hasGradient;

    FeatureMap(ImageShape shape, Memory.Buffer values) {
        this.shape = shape;
        this.size = size(shape);
        this.values = values;
        this.norm = new Affine(shape.channels());
    }

    static int size(ImageShape shape) {
        return Math.toIntExact(Math.multiplyExact(shape.area(), shape.channels()));
    }

    int pixels() {
        return size / shape.channels();
    }

    /** Where the numbers of an image are. */
    int at(int image) {
        return values.at() + image * size;
    }

    Memory.Buffer values() {
        return values;
    }

    Affine norm() {
        return norm;
    }

    void normalise(Norm by) {
        this.norm = by;
    }

    void readBy(Pass pass) {
        readers.add(pass);
    }

    List<Pass> readers() {
        return readers;
    }

    /** Where the gradient of an image is. */
    int gradientAt(int image) {
        if (gradient == null) {
            throw new IllegalStateException("a feature map of " + shape + " has no gradient");
        }
        return gradient.at() + image * size;
    }

    Memory.@Nullable Buffer gradient() {
        return gradient;
    }

    void gradient(Memory.Buffer buffer) {
        this.gradient = buffer;
    }

    /** Begins a pass back over the network. */
    void beginGradient() {
        hasGradient = false;
    }

    /** Before a reader hands over its gradient, group by group. */
    void beginReceiving() {
        if (isOfOneReader() && norm instanceof Norm counted) {
            counted.beginGradient();
        }
    }

    /**
     * Takes the gradient that a reader has for a group of images.
     *
     * @param from where it is
     * @param relu whether the reader reads the larger of each number and zero
     */
    void receive(float[] m, int from, int first, int count, boolean relu) {
        int to = gradientAt(first);
        int length = count * size;
        if (!relu) {
            Elementwise.copy(m, from, to, length, hasGradient);
        } else if (isOfOneReader() && norm instanceof Norm counted) {
            Elementwise.throughReluWithSums(m, from, at(first), counted, to, length, counted.gradientSums());
            counted.countGradient();
        } else {
            Elementwise.throughRelu(m, from, at(first), norm, to, length, hasGradient);
        }
    }

    /** After a reader has handed over all of its gradient. */
    void endReceiving() {
        hasGradient = true;
    }

    boolean hasGradient() {
        return hasGradient;
    }

    /** Whether one pass alone reads it, and applies a ReLU, so that its norm can count along. */
    private boolean isOfOneReader() {
        return readers.size() == 1 && readers.getFirst() instanceof ConvolutionPass pass && pass.relu();
    }
}
