package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Cell;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Optimizer;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.space.SearchSpace;
import pnas.trainer.engine.torch.TorchReference;
import pnas.trainer.engine.torch.TorchReference.Memory;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;
import pnas.trainer.training.TrainableNetwork;

/** Random networks from equal weights on equal batches, in this engine and in libtorch: 40 of each layout, 1,000 in all in {@code ./pnas test --engines}. */
class AgainstTorchTest {
    private static final int CELLS = Integer.getInteger("pnas.engines.cells", 40);
    private static final int CLASSES = 10;
    private static final double SMOOTHING = 0.1;

    /** Of the loss. */
    private static final double LOSS = 1e-5;

    /** Of the largest gradient of a weight, or of the largest of a statistic. */
    private static final double MOST = 1e-4;

    /** Of the largest gradient of a network: in doubles, what is smaller is zero but for rounding. */
    private static final double ZERO = 1e-12;

    private static final int STEPS = 20;
    private static final int TRAINED_CELLS = 8;

    @ParameterizedTest
    @EnumSource
    void loss_gradients_and_statistics_are_those_of_libtorch(Layout.Kind kind) {
        Random random = new Random(kind.ordinal());
        double worst = 0;
        int onAnEdge = 0;
        for (int i = 0; i < CELLS; i++) {
            Network network = network(kind, i, random);
            double difference = largest(gradientDifferences(network, 1).values());
            if (difference > MOST) {
                // A number lies within rounding of the edge of a ReLU or of a pool, and fell to the other side. Another
                // batch has none there.
                onAnEdge++;
                difference = largest(gradientDifferences(network, 2).values());
            }
            assertThat(difference).as("%s %d", kind, i).isLessThanOrEqualTo(MOST);
            worst = Math.max(worst, difference);
        }
        assertThat(onAnEdge).isLessThanOrEqualTo(1 + CELLS / 40);
        System.out.printf(
                Locale.ROOT,
                "%s: of %d cells the largest difference of a gradient is %.1e of the largest; %d had a number on an edge%n",
                kind,
                CELLS,
                worst,
                onAnEdge);
    }

    private static Network network(Layout.Kind kind, int number, Random random) {
        Cell cell = SearchSpace.full().random(1 + number % 3, random);
        ImageShape image = kind == Layout.Kind.IMAGENET
                ? new ImageShape(33, 30, 3)
                : new ImageShape(8 + number % 5, 8 + number % 3, 1 + 2 * (number % 2));
        return NetworkBuilder.build(
                cell, new Layout(kind, 1, kind == Layout.Kind.IMAGENET ? 16 : 4 + number % 5), image, CLASSES, 0);
    }

    /** The largest difference of a gradient by weight, as a share of the largest gradient of that weight. Loss and statistics are asserted. */
    private static Map<String, Double> gradientDifferences(Network network, long seed) {
        TrainingSettings settings = Networks.settings(Optimizer.SGD, 8, SMOOTHING);
        Batch batch = Networks.noise(seed, 8, network.image(), CLASSES);
        try (TrainableNetwork theirs = TorchReference.create(network, settings, 1, Memory.CHANNELS_LAST);
                VectorNetwork ours = VectorNetwork.create(network, settings, 2)) {
            Map<String, Tensor> before = theirs.model();
            assertThat(ours.model()).containsOnlyKeys(before.keySet());
            ours.weights().set(before);
            // A rate of zero leaves the weights as they were.
            theirs.step(batch, 0);
            ours.step(batch, 0);

            double loss = theirs.takeLoss();
            assertThat(ours.takeLoss()).isCloseTo(loss, within(LOSS * loss));
            theirs.model().forEach((name, expected) -> {
                if (name.contains(".running_")) {
                    double[] values = doubles(expected);
                    assertThat(difference(doubles(Networks.named(ours.model(), name)), values))
                            .as(name)
                            .isLessThanOrEqualTo(MOST * largest(values));
                }
            });
            Map<String, Tensor> expected = TorchReference.gradients(theirs);
            Map<String, Tensor> actual = ours.weights().tensors(ours.weights().gradients);
            Map<String, Double> differences = new HashMap<>();
            for (String name : ours.weights().trainedNames()) {
                double[] values = doubles(Networks.named(expected, name));
                double difference = difference(doubles(Networks.named(actual, name)), values);
                differences.put(name, largest(values) == 0 ? difference : difference / largest(values));
            }
            if (largest(differences.values()) > MOST) {
                differences.keySet().removeAll(zeros(network, before, batch));
            }
            return differences;
        }
    }

    /**
     * The weights whose gradient is zero and comes out as rounding in every engine: as that of a norm's shift that nothing but norms read, since they take out again
     * what it adds.
     */
    private static Set<String> zeros(Network network, Map<String, Tensor> weights, Batch batch) {
        Reference reference = new Reference(network, weights);
        assertThat(reference.loss(batch, SMOOTHING)).isPositive();
        reference.passBack();
        Map<String, Double> largest = new HashMap<>();
        reference.gradients().forEach((name, values) -> largest.put(name, largest(values)));
        double most = largest(largest.values());
        largest.values().removeIf(each -> each > ZERO * most);
        return largest.keySet();
    }

    /**
     * From step to step a difference hardly grows, until a number lies so close to the edge of a ReLU or of a pool that it falls to the other side in one of
     * the trainings: that jump is some thousand times rounding, and it is chance in which of the three it happens. So the largest difference of some networks
     * counts, each from the nearer one of libtorch's two.
     */
    @Tag("slow")
    @ParameterizedTest
    @EnumSource
    void losses_of_twenty_steps_differ_no_more_than_those_of_libtorch_in_its_two_layouts_of_memory(
            Optimizer optimizer) {
        TrainingSettings settings = Networks.settings(optimizer, 32, SMOOTHING);
        Random random = new Random(20);
        double ours = 0;
        double theirs = 0;
        for (int i = 0; i < TRAINED_CELLS; i++) {
            Network network = network(Layout.Kind.CIFAR, i, random);
            double[] expected = losses(network, TorchReference.create(network, settings, 1, Memory.CHANNELS_LAST));
            double[] others = losses(network, TorchReference.create(network, settings, 1, Memory.CONTIGUOUS));
            VectorNetwork fresh = VectorNetwork.create(network, settings, 2);
            try (TrainableNetwork weights = TorchReference.create(network, settings, 1, Memory.CHANNELS_LAST)) {
                fresh.weights().set(weights.model());
            }
            double[] actual = losses(network, fresh);
            assertThat(actual[0]).isCloseTo(expected[0], within(LOSS * expected[0]));
            ours = Math.max(ours, Math.min(relativeDifference(actual, expected), relativeDifference(actual, others)));
            theirs = Math.max(theirs, relativeDifference(others, expected));
        }
        System.out.printf(
                Locale.ROOT,
                "%s: in %d steps of %d networks losses differ by %.1e at most, those of libtorch in its two layouts by %.1e%n",
                optimizer,
                STEPS,
                TRAINED_CELLS,
                ours,
                theirs);
        assertThat(ours).isLessThanOrEqualTo(theirs);
    }

    /** The losses of some steps, after which the network is closed. */
    private static double[] losses(Network network, TrainableNetwork trained) {
        double[] losses = new double[STEPS];
        try (trained) {
            for (int step = 0; step < STEPS; step++) {
                trained.step(Networks.noise(step % 3, 32, network.image(), CLASSES), 0.002);
                losses[step] = trained.takeLoss();
            }
        }
        return losses;
    }

    @Tag("slow")
    @Test
    void what_libtorch_has_trained_scores_the_same_here() {
        Cell cell = Cell.parse("sep5x5(c-1)+avg3x3(c-2) | identity(c-2)+dil3x3(b1)");
        Network network =
                NetworkBuilder.build(cell, new Layout(Layout.Kind.CIFAR, 1, 8), new ImageShape(8, 8, 1), CLASSES, 0);
        TrainingSettings settings = Networks.settings(Optimizer.ADAM, 32, 0);
        try (TrainableNetwork theirs = TorchReference.create(network, settings, 1, Memory.CHANNELS_LAST);
                VectorNetwork ours = VectorNetwork.create(network, settings, 2)) {
            for (int step = 0; step < STEPS; step++) {
                theirs.step(Networks.noise(step % 3, 32, network.image(), CLASSES), 0.01);
            }
            ours.weights().set(theirs.model());
            Batch batch = Networks.noise(1, 32, network.image(), CLASSES);
            assertThat(ours.countCorrect(batch))
                    .isEqualTo(theirs.countCorrect(batch))
                    .isGreaterThan(8);
        }
    }

    private static double difference(double[] some, double[] others) {
        double largest = 0;
        for (int i = 0; i < some.length; i++) {
            largest = Math.max(largest, Math.abs(some[i] - others[i]));
        }
        return largest;
    }

    private static double relativeDifference(double[] some, double[] others) {
        double largest = 0;
        for (int i = 0; i < some.length; i++) {
            largest = Math.max(largest, Math.abs(some[i] - others[i]) / others[i]);
        }
        return largest;
    }

    private static double[] doubles(Tensor tensor) {
        double[] doubles = new double[tensor.values().length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = tensor.values()[i];
        }
        return doubles;
    }

    private static double largest(double[] numbers) {
        return Arrays.stream(numbers).map(Math::abs).max().orElse(0);
    }

    private static double largest(Collection<Double> numbers) {
        return numbers.stream().mapToDouble(each -> each).max().orElse(0);
    }
}
