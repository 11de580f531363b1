package pnas.trainer.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import pnas.cell.Cell;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.random.Draws;
import pnas.trainer.tensor.SafeTensors;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;

/**
 * One file of weights through which engines show that they compute the same: for a network of each layout with every operation at every stride,
 * all weights and statistics by name, and the scores that libtorch gave. Two engines are never in one process, so the file is part of the
 * project; the test of the engine {@code torch} writes it with {@code -Dpnas.write-exchange=true}.
 */
public final class Exchange {
    /** The most by which a score may differ. */
    public static final float TOLERANCE = 1e-5f;

    private static final String RESOURCE = "/pnas/trainer/engine/exchange.safetensors";
    private static final String SCORES = "scores";
    /** Odd, so that stride 2 has an edge. */
    private static final ImageShape IMAGE = new ImageShape(13, 11, 3);

    private static final int CLASSES = 3;
    private static final int IMAGES = 4;

    /** The cells have every operation on {@code c-1}, on {@code c-2} and on a block. */
    private static final List<Cell> CELLS = List.of(
            Cell.parse("sep3x3(c-1)+sep5x5(c-2) | sep7x7(c-1)+conv1x7_7x1(c-2) | identity(c-1)+avg3x3(c-2)"
                    + " | max3x3(c-1)+dil3x3(c-2) | max3x3(b1)+identity(b2)"),
            Cell.parse("sep5x5(c-1)+sep3x3(c-2) | conv1x7_7x1(c-1)+sep7x7(c-2) | avg3x3(c-1)+identity(c-2)"
                    + " | dil3x3(c-1)+max3x3(c-2) | sep3x3(b1)+avg3x3(b2)"),
            Cell.parse("identity(c-1)+identity(c-1) | conv1x7_7x1(b1)+dil3x3(b1) | sep5x5(b1)+sep7x7(b1)"));

    private Exchange() {}

    /** A network, its name in the file. */
    public record Sample(String name, Network network) {}

    /** The networks. */
    public static List<Sample> samples() {
        return List.of(
                sample(Layout.Kind.CIFAR, 2, 0),
                sample(Layout.Kind.CIFAR, 2, 1),
                sample(Layout.Kind.SLIDES, 2, 2),
                sample(Layout.Kind.IMAGENET, 4, 0));
    }

    private static Sample sample(Layout.Kind kind, int filters, int cell) {
        Layout layout = new Layout(kind, 1, filters);
        return new Sample(kind + "." + cell, NetworkBuilder.build(CELLS.get(cell), layout, IMAGE, CLASSES, 0));
    }

    /** The images that all of them score. */
    public static Batch batch() {
        Draws draws = Draws.seededBy("images");
        float[] pixels = new float[Math.toIntExact(IMAGES * IMAGE.area() * IMAGE.channels())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) draws.nextNormal();
        }
        return new Batch(pixels, new int[IMAGES], IMAGES, IMAGE);
    }

    /** A value for a weight or statistic: unlike any other, and a variance that is positive. */
    public static Tensor invented(String name, List<Integer> shape) {
        Draws draws = Draws.seededBy(name);
        int count = shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float)
                    (name.endsWith(".running_var") || (name.endsWith(".weight") && shape.size() == 1)
                            ? 0.5 + draws.nextDouble()
                            : 0.2 * draws.nextNormal());
        }
        return new Tensor(shape, values);
    }

    /** Weights and statistics of a sample by name. */
    public static Map<String, Tensor> weights(SafeTensors file, Sample sample) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        file.tensors().forEach((name, tensor) -> {
            if (name.startsWith(sample.name + "/")) {
                weights.put(name.substring(sample.name.length() + 1), tensor);
            }
        });
        weights.remove(SCORES);
        return weights;
    }

    /** The scores (N, classes) of the images. */
    public static Tensor scores(SafeTensors file, Sample sample) {
        return Objects.requireNonNull(file.tensors().get(sample.name + "/" + SCORES), sample.name);
    }

    /** Adds a sample to a file that is to be written. */
    public static void add(Map<String, Tensor> tensors, Sample sample, Map<String, Tensor> weights, Tensor scores) {
        weights.forEach((name, tensor) -> tensors.put(sample.name + "/" + name, tensor));
        tensors.put(sample.name + "/" + SCORES, scores);
    }

    /** The file of the project. */
    public static SafeTensors read(Path directory) throws IOException {
        Path copy = directory.resolve("exchange.safetensors");
        try (InputStream resource = Exchange.class.getResourceAsStream(RESOURCE)) {
            Files.copy(Objects.requireNonNull(resource, RESOURCE), copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return SafeTensors.read(copy);
    }
}
