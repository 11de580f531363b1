package pnas.trainer.engine.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import pnas.network.ImageShape;
import pnas.trainer.training.Batch;

/** Moves numbers between Java and libtorch. */
final class Values {
    private Values() {}

    /** The elements in the order of the tensor's indices, whatever its layout in memory. */
    static float[] of(Tensor tensor) {
        return TorchWeights.copy(tensor).values();
    }

    /** The elements of a parameter or a running statistic. */
    static float[] of(TorchWeights weights, String name) {
        return of(named(weights, name));
    }

    /** A parameter or a running statistic. */
    static Tensor named(TorchWeights weights, String name) {
        Tensor parameter = weights.parameters().get(name);
        return parameter != null
                ? parameter
                : Objects.requireNonNull(weights.statistics().get(name), name);
    }

    /** A tensor with these elements in the order of its indices. */
    static Tensor tensor(float[] values, long... shape) {
        return torch.tensor(values).reshape(shape);
    }

    /** Gives a weight other values. */
    static void set(Tensor weight, float... values) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            weight.copy_(torch.tensor(values).view_as(weight));
        }
    }

    /** Gives a network these weights and statistics. */
    static void set(TorchNetwork network, Map<String, pnas.trainer.tensor.Tensor> weights) {
        weights.forEach((name, tensor) -> set(named(network.weights(), name), tensor.values()));
    }

    /** Parameters and running statistics. */
    static Map<String, float[]> all(TorchNetwork network) {
        Map<String, float[]> values = new LinkedHashMap<>();
        network.weights().parameters().forEach((name, tensor) -> values.put(name, of(tensor)));
        network.weights().statistics().forEach((name, tensor) -> values.put(name, of(tensor)));
        return values;
    }

    /** A batch of noise with classes at random. */
    static Batch noise(long seed, int size, ImageShape shape, int classes) {
        Random random = new Random(seed);
        float[] pixels = new float[Math.toIntExact(size * shape.area() * shape.channels())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(size, 0, classes).toArray(), size, shape);
    }
}
