package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.random.Draws;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;

/** Each pass, forward and back, against plain loops in doubles. */
@Tag("slow")
class PassesTest {
    private static final int CLASSES = 3;
    private static final double CANCELLED = 3e-6;

    /** A pass under test: layers behind a first convolution, whose gradient shows what came back. */
    record Sample(String name, Network network, int batch) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Sample> samples() {
        Draws draws = new Draws(20);
        List<Sample> samples = new ArrayList<>();
        int[] channelCounts = {1, 2, 3, 5, 8, 12, 16, 17, 24, 33, 48, 100};
        for (int i = 0; i < 120; i++) {
            int channels = channelCounts[draws.nextInt(channelCounts.length)];
            int outputs = channelCounts[draws.nextInt(channelCounts.length)];
            int most = channels * outputs > 1000 ? 9 : 33;
            ImageShape image = new ImageShape(1 + draws.nextInt(most), 1 + draws.nextInt(most), 1 + draws.nextInt(3));
            int batch = draws.nextInt(3) == 0 && image.area() > 4 ? 1 : 7;
            int stride = 1 + draws.nextInt(2);
            samples.add(sample(i, image, channels, outputs, stride, batch));
        }
        return samples.stream();
    }

    private static Sample sample(int kind, ImageShape image, int channels, int outputs, int stride, int batch) {
        Networks network = Networks.from(image)
                .then("first", Layer.Convolution.square(image.channels(), channels, 3, 1, 1))
                .then("first.norm", new Layer.BatchNormalisation(channels));
        String name = switch (kind % 12) {
            case 0, 1, 2 -> {
                int kernel = 3 + 2 * (kind % 12);
                network.then("relu", new Layer.Relu())
                        .then("depthwise", Layer.Convolution.depthwise(channels, kernel, stride))
                        .then("pointwise", Layer.Convolution.pointwise(channels, outputs, 1));
                yield "separable" + kernel;
            }
            case 3 -> {
                network.then("relu", new Layer.Relu())
                        .then("convolution", Layer.Convolution.pointwise(channels, outputs, stride));
                yield "1x1";
            }
            case 4 -> {
                network.then("relu", new Layer.Relu())
                        .then("convolution", Layer.Convolution.square(channels, outputs, 3, stride, 2));
                yield "dilated";
            }
            case 5, 6 -> {
                network.then("relu", new Layer.Relu())
                        .then("rows", new Layer.Convolution(channels, outputs, 1, 7, 1, stride, 1, 1))
                        .then("columns", new Layer.Convolution(outputs, outputs, 7, 1, stride, 1, 1, 1));
                yield "1x7-7x1";
            }
            case 7 -> {
                network.then("convolution", Layer.Convolution.square(channels, outputs, 3, stride, 1));
                yield "3x3";
            }
            case 8 -> {
                network.then("pool", new Layer.MaxPool(stride))
                        .then("convolution", Layer.Convolution.pointwise(channels, outputs, 1));
                yield "max";
            }
            case 9 -> {
                network.then("pool", new Layer.AveragePool(stride))
                        .then("convolution", Layer.Convolution.pointwise(channels, outputs, 1));
                yield "average";
            }
            case 10 -> {
                network.then("relu", new Layer.Relu());
                int relu = network.last();
                network.then("path1", Layer.Convolution.pointwise(channels, outputs, 2));
                network.then("shift", new Layer.Shift(), relu)
                        .then("path2", Layer.Convolution.pointwise(channels, outputs + 1, 2));
                int second = network.last();
                network.then("joined", new Layer.Concatenate(), second - 2, second);
                yield "reduction";
            }
            default -> {
                int both = network.last();
                network.then("left", new Layer.MaxPool(1), both).then("right", new Layer.AveragePool(1), both);
                network.then("add", new Layer.Add(), network.last() - 1, network.last())
                        .then("twice", new Layer.Add(), network.last(), network.last())
                        .then("and", new Layer.Add(), network.last(), both);
                network.then("joined", new Layer.Concatenate(), network.last() - 1, network.last())
                        .then("relu", new Layer.Relu())
                        .then("convolution", Layer.Convolution.pointwise(2 * channels, outputs, 1));
                yield "sums";
            }
        };
        if (kind % 12 == 11) {
            // The concatenation has parts that are read otherwise, too.
            name += " and concatenation";
        }
        int channelsBefore = network.channels();
        network.then("norm", new Layer.BatchNormalisation(channelsBefore));
        return new Sample(
                kind + " " + name + " of " + image + ", " + channels + " to " + outputs + " channels, stride " + stride
                        + ", batch " + batch,
                network.scoring(CLASSES),
                batch);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void gives_what_plain_loops_in_doubles_give(Sample sample) {
        if (fewestPixels(sample.network) * sample.batch > 1) {
            compare(sample.network, sample.batch, 1e-4);
        }
    }

    private static long fewestPixels(Network network) {
        return network.nodes().stream()
                .filter(node -> node.layer() instanceof Layer.BatchNormalisation)
                .mapToLong(node -> node.output().area())
                .min()
                .orElseThrow();
    }

    /**
     * A number within rounding of a pool's or a ReLU's edge goes the other way than in doubles, and its gradient with it. So such a batch is drawn again,
     * once: what is wrong is wrong on each.
     */
    private static void compare(Network network, int images, double tolerance) {
        try {
            compare(network, images, tolerance, 3);
        } catch (AssertionError atAnEdge) {
            compare(network, images, tolerance, 4);
        }
    }

    private static void compare(Network network, int images, double tolerance, long seed) {
        try (VectorNetwork trained = VectorNetwork.create(network, Networks.settings(Optimizer.SGD, images, 0.1), 1)) {
            vary(trained.weights());
            Reference reference = new Reference(network, trained.weights().all());
            Batch batch = Networks.noise(seed, images, network.image(), network.classes());
            double loss = reference.loss(batch, 0.1);
            reference.passBack();
            // A rate of zero leaves the weights, and with them the gradients, as they were.
            trained.step(batch, 0);

            assertThat(trained.takeLoss()).isCloseTo(loss, within(1e-5 * loss));
            Map<String, Tensor> gradients = trained.weights().tensors(trained.weights().gradients);
            double most = trained.weights().trainedNames().stream()
                    .mapToDouble(name -> largest(Networks.named(reference.gradients(), name)))
                    .max()
                    .orElseThrow();
            for (String name : trained.weights().trainedNames()) {
                double[] expected = Networks.named(reference.gradients(), name);
                float[] actual = Networks.named(gradients, name).values();
                double largest = largest(expected);
                for (int i = 0; i < expected.length; i++) {
                    // A norm takes shifts and scales out again: what is before it may have gradients whose large terms
                    // cancel.
                    assertThat((double) actual[i])
                            .as("%s[%d], of which the largest is %s", name, i, largest)
                            .isCloseTo(expected[i], within(tolerance * largest + CANCELLED * most));
                }
            }
            Map<String, Tensor> all = trained.weights().all();
            reference.running().forEach((name, expected) -> {
                if (evaluated(network, name)) {
                    for (int i = 0; i < expected.length; i++) {
                        assertThat((double) Networks.named(all, name).values()[i])
                                .as(name)
                                .isCloseTo(expected[i], within(1e-5 * Math.max(1, largest(expected))));
                    }
                }
            });
        }
    }

    private static boolean evaluated(Network network, String name) {
        return network.evaluated().stream().anyMatch(node -> name.startsWith(node.name() + ".running"));
    }

    private static double largest(double[] numbers) {
        double largest = 0;
        for (double number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }

    /** Norms that scale and shift, unlike fresh ones. */
    private static void vary(Weights weights) {
        Draws draws = new Draws(9);
        weights.parameters().forEach((name, place) -> {
            if (place.shape().size() == 1) {
                for (int i = 0; i < place.length(); i++) {
                    weights.values[place.at() + i] =
                            (float) (name.endsWith(".weight") ? 0.5 + draws.nextDouble() : 0.3 * draws.nextNormal());
                }
            }
        });
    }

    private static Stream<Network> wholeNetworks() {
        List<Network> networks = new ArrayList<>();
        for (Layout.Kind kind : Layout.Kind.values()) {
            for (Operation operation : Operation.values()) {
                Cell cell = Cell.parse("%1$s(c-1)+%1$s(c-2) | %1$s(b1)+identity(c-1)".formatted(operation.text()));
                networks.add(NetworkBuilder.build(cell, new Layout(kind, 1, 4), new ImageShape(17, 14, 3), 5, 0));
            }
        }
        return networks.stream();
    }

    @ParameterizedTest
    @MethodSource("wholeNetworks")
    void whole_networks_give_what_plain_loops_in_doubles_give(Network network) {
        compare(network, 7, 2e-4);
    }

    /** The plain loops themselves: their gradients are slopes of their loss. */
    @Test
    void the_gradients_of_the_plain_loops_are_those_of_small_differences() {
        Cell cell = Cell.parse("sep3x3(c-1)+dil3x3(c-2) | max3x3(b1)+avg3x3(c-1) | conv1x7_7x1(c-2)+identity(b2)");
        Network network =
                NetworkBuilder.build(cell, new Layout(Layout.Kind.CIFAR, 1, 2), new ImageShape(5, 6, 1), 3, 0);
        try (VectorNetwork trained = VectorNetwork.create(network, Networks.settings(Optimizer.SGD, 3), 1)) {
            Map<String, Tensor> weights = trained.weights().all();
            Batch batch = Networks.noise(3, 3, network.image(), 3);
            Reference reference = new Reference(network, weights);
            reference.loss(batch, 0.1);
            reference.passBack();
            double small = 1e-6;
            for (String name : trained.weights().trainedNames()) {
                double[] weight = Networks.named(reference.weights(), name);
                double[] gradient = Networks.named(reference.gradients(), name).clone();
                for (int i = 0; i < weight.length; i += 1 + weight.length / 5) {
                    double before = weight[i];
                    weight[i] = before + small;
                    double above = reference.loss(batch, 0.1);
                    weight[i] = before - small;
                    double below = reference.loss(batch, 0.1);
                    weight[i] = before;
                    assertThat((above - below) / (2 * small)).as(name).isCloseTo(gradient[i], within(1e-5));
                }
            }
        }
    }
}
