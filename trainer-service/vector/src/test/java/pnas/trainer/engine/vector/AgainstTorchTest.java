package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.space.SearchSpace;
import pnas.trainer.engine.torch.TorchEngine;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;
import pnas.trainer.training.TrainableNetwork;

/** Random networks from equal weights on equal batches, in this engine and in libtorch: a few of them here, 1,000 in {@code ./pnas test --engines}. */
class AgainstTorchTest {
    private static final int CELLS = Integer.getInteger("pnas.engines.cells", 2);
    private static final int CLASSES = 10;
    private static final double SMOOTHING = 0.1;
    private static final double MOST = 1e-4;

    /**
     * A step of this length without momentum and decay moves a weight so far that what it moved by is the gradient, to the last digits: where one starts is lost
     * beside it.
     */
    private static final double FAR = 1 << 13;

    /** Of the largest gradient of a network: gradients of what a norm takes out again are sums of terms that cancel. */
    private static final double CANCELLED = 3e-6;

    private static final int STEPS = 20;
    private static final int OTHER_ORDERS = 4;

    /** Differences of rounding grow from step to step, and by chance: so much further than in those few orders they may get. */
    private static final double BY_CHANCE = 2;

    private final TorchEngine torch = new TorchEngine("cpu");

    @ParameterizedTest
    @EnumSource
    void loss_gradients_and_statistics_are_those_of_libtorch(Layout.Kind kind) {
        SearchSpace space = new SearchSpace(List.of(Operation.values()));
        Random random = new Random(kind.ordinal());
        double worst = 0;
        int onAnEdge = 0;
        for (int i = 0; i < CELLS; i++) {
            Cell cell = space.random(1 + i % 3, random);
            ImageShape image = kind == Layout.Kind.IMAGENET
                    ? new ImageShape(33, 30, 3)
                    : new ImageShape(8 + i % 5, 8 + i % 3, 1 + 2 * (i % 2));
            Layout layout = new Layout(kind, 1, kind == Layout.Kind.IMAGENET ? 16 : 4 + i % 5);
            Network network = NetworkBuilder.build(cell, layout, image, CLASSES, 0);
            String name = layout + " " + cell.text();
            double difference = compare(network, name, 1);
            if (difference > MOST) {
                // A number lies within rounding of the edge of a ReLU or of a pool, and fell to the other side. Another
                // batch has none there.
                onAnEdge++;
                difference = compare(network, name, 2);
            }
            assertThat(difference).as(name).isLessThanOrEqualTo(MOST);
            worst = Math.max(worst, difference);
        }
        assertThat(onAnEdge).isLessThanOrEqualTo(1 + CELLS / 20);
        System.out.printf(
                "%s: of %d cells the largest difference of a gradient is %.1e of the largest; %d had a number on an edge%n",
                kind, CELLS, worst, onAnEdge);
    }

    /** The largest difference of a gradient, as a share of the largest gradient of its weight. */
    private double compare(Network network, String name, long seed) {
        TrainingSettings settings =
                new TrainingSettings(Optimizer.SGD, 1, 0, 0, 8, 1, 0, SMOOTHING, Augmentation.NONE, Precision.FP32, 1);
        Batch batch = Networks.noise(seed, 8, network.image(), CLASSES);
        try (TrainableNetwork theirs = torch.create(network, settings, 1);
                VectorNetwork ours = VectorNetwork.create(network, settings, 2)) {
            Map<String, Tensor> before = theirs.model();
            assertThat(ours.model()).as(name).containsOnlyKeys(before.keySet());
            ours.weights().set(before);
            theirs.step(batch, FAR);
            ours.step(batch, 0);

            double loss = theirs.takeLoss();
            assertThat(ours.takeLoss()).as(name).isCloseTo(loss, within(1e-5 * loss));
            Map<String, Tensor> moved = theirs.model();
            Map<String, Tensor> gradients = ours.weights().tensors(ours.weights().gradients);
            Map<String, Tensor> all = ours.model();
            double most = 0;
            for (String weight : before.keySet()) {
                if (!weight.contains(".running_")) {
                    most = Math.max(most, largest(gradient(before, moved, weight)));
                }
            }
            double worst = 0;
            for (String weight : before.keySet()) {
                if (weight.contains(".running_")) {
                    float[] expected = Networks.named(moved, weight).values();
                    assertThat(Networks.named(all, weight).values())
                            .as("%s: %s", name, weight)
                            .containsExactly(expected, within((float)
                                    (1e-5 * Math.max(1, largest(doubles(expected))))));
                } else {
                    double[] expected = gradient(before, moved, weight);
                    double largest = largest(expected);
                    double difference = 0;
                    for (int i = 0; i < expected.length; i++) {
                        difference = Math.max(
                                difference,
                                Math.abs(Networks.named(gradients, weight).values()[i] - expected[i]));
                    }
                    worst = Math.max(worst, difference / (largest + most * CANCELLED / MOST));
                }
            }
            return worst;
        }
    }

    private static double[] gradient(Map<String, Tensor> before, Map<String, Tensor> moved, String weight) {
        double[] gradient = doubles(Networks.named(before, weight).values());
        float[] after = Networks.named(moved, weight).values();
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (gradient[i] - after[i]) / FAR;
        }
        return gradient;
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    private static double largest(double[] numbers) {
        double largest = 0;
        for (double number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource
    void losses_of_twenty_steps_differ_as_those_of_libtorch_do_among_orders_of_images(Optimizer optimizer) {
        Cell cell = Cell.parse("sep3x3(c-1)+max3x3(c-2) | conv1x7_7x1(c-2)+identity(b1) | dil3x3(b1)+avg3x3(c-1)");
        Network network =
                NetworkBuilder.build(cell, new Layout(Layout.Kind.CIFAR, 1, 6), new ImageShape(8, 8, 1), CLASSES, 0);
        TrainingSettings settings = Networks.settings(optimizer, 32, SMOOTHING);
        double[] theirs = losses(network, settings, 0);
        double own = 0;
        for (int shift = 1; shift <= OTHER_ORDERS; shift++) {
            own = Math.max(own, largestDifference(theirs, losses(network, settings, shift * 7)));
        }
        double[] ours = new double[STEPS];
        try (TrainableNetwork fresh = torch.create(network, settings, 1);
                VectorNetwork trained = VectorNetwork.create(network, settings, 2)) {
            trained.weights().set(fresh.model());
            for (int step = 0; step < STEPS; step++) {
                trained.step(Networks.noise(step % 3, 32, network.image(), CLASSES), 0.002);
                ours[step] = trained.takeLoss();
            }
        }
        double difference = largestDifference(theirs, ours);
        System.out.printf(
                "%s: losses of %d steps differ by %.1e, those of libtorch with its images in other orders by %.1e%n",
                optimizer, STEPS, difference, own);
        assertThat(ours[0]).isCloseTo(theirs[0], within(1e-5 * theirs[0]));
        assertThat(difference).isLessThanOrEqualTo(BY_CHANCE * own);
    }

    /** Losses of libtorch where the images of each batch are moved on by so many places: the same steps, but for the order of sums. */
    private double[] losses(Network network, TrainingSettings settings, int shift) {
        double[] losses = new double[STEPS];
        try (TrainableNetwork trained = torch.create(network, settings, 1)) {
            for (int step = 0; step < STEPS; step++) {
                Batch batch = Networks.noise(step % 3, 32, network.image(), CLASSES);
                trained.step(moved(batch, shift), 0.002);
                losses[step] = trained.takeLoss();
            }
        }
        return losses;
    }

    private static Batch moved(Batch batch, int shift) {
        List<Integer> labels = new ArrayList<>();
        float[] pixels = new float[batch.pixels().length];
        int size = pixels.length / batch.size();
        for (int image = 0; image < batch.size(); image++) {
            int from = (image + shift) % batch.size();
            labels.add(batch.labels()[from]);
            System.arraycopy(batch.pixels(), from * size, pixels, image * size, size);
        }
        return new Batch(pixels, labels.stream().mapToInt(each -> each).toArray(), batch.size(), batch.shape());
    }

    private static double largestDifference(double[] some, double[] others) {
        double largest = 0;
        for (int step = 0; step < some.length; step++) {
            largest = Math.max(largest, Math.abs(some[step] - others[step]) / some[step]);
        }
        return largest;
    }

    @Tag("slow")
    @Test
    void what_libtorch_has_trained_scores_the_same_here() {
        Cell cell = Cell.parse("sep5x5(c-1)+avg3x3(c-2) | identity(c-2)+dil3x3(b1)");
        Network network =
                NetworkBuilder.build(cell, new Layout(Layout.Kind.CIFAR, 1, 8), new ImageShape(8, 8, 1), CLASSES, 0);
        TrainingSettings settings = Networks.settings(Optimizer.ADAM, 32, 0);
        try (TrainableNetwork theirs = torch.create(network, settings, 1);
                VectorNetwork ours = VectorNetwork.create(network, settings, 2)) {
            for (int step = 0; step < 20; step++) {
                theirs.step(Networks.noise(step % 3, 32, network.image(), CLASSES), 0.01);
            }
            ours.weights().set(theirs.model());
            Batch batch = Networks.noise(1, 32, network.image(), CLASSES);
            assertThat(ours.countCorrect(batch))
                    .isEqualTo(theirs.countCorrect(batch))
                    .isGreaterThan(8);
        }
    }
}
