package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
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
import pnas.network.Node;
import pnas.trainer.engine.LinearByHand;
import pnas.trainer.training.Batch;

class TorchNetworkTest {
    private static final ImageShape SMALL = new ImageShape(9, 9, 2);
    private static final Cell MIXED = Cell.parse(
            "sep3x3(c-1)+max3x3(c-2) | conv1x7_7x1(c-2)+identity(b1) | dil3x3(b1)+avg3x3(c-1) | sep5x5(b2)+identity(c-2)");

    private final TorchEngine engine = new TorchEngine("cpu");

    @ParameterizedTest
    @EnumSource
    void scores_every_class_in_every_layout_with_the_parameters_of_the_network(Operation operation) {
        Cell cell = Cell.parse("%1$s(c-1)+%1$s(c-2) | %1$s(b1)+%1$s(c-2)".formatted(operation.text()));
        for (Layout.Kind kind : Layout.Kind.values()) {
            Network network = NetworkBuilder.build(cell, new Layout(kind, 1, 4), new ImageShape(17, 14, 3), 5, 0);
            Batch batch = Values.noise(1, 4, network.image(), 5);
            try (TorchNetwork trained = create(network, settings(Optimizer.SGD), 1);
                    PointerScope _ = new PointerScope()) {
                assertThat(parameters(trained)).as(kind.name()).isEqualTo(network.parameters());
                assertThat(trained.scores(batch).sizes().vec().get()).containsExactly(4, 5);
                trained.step(batch, 0.01);
                assertThat(trained.takeLoss()).isBetween(0.1, 10.0);
            }
        }
    }

    @Test
    void the_published_network_has_its_published_number_of_parameters() {
        Cell published = Cell.parse("sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+max3x3(c-1) | sep5x5(c-1)+sep3x3(c-1)"
                + " | sep3x3(b3)+max3x3(c-1) | sep3x3(c-2)+identity(c-1)");
        Network network =
                NetworkBuilder.build(published, new Layout(Layout.Kind.CIFAR, 3, 48), new ImageShape(32, 32, 3), 10, 0);

        try (TorchNetwork created = create(network, settings(Optimizer.SGD), 1)) {
            assertThat(parameters(created)).isEqualTo(3_189_082);
        }
    }

    @Test
    void the_same_seed_gives_the_same_bits_and_another_seed_others() {
        Network network = network(0.3);
        try (TorchNetwork one = create(network, settings(Optimizer.SGD), 1);
                TorchNetwork same = create(network, settings(Optimizer.SGD), 1);
                TorchNetwork other = create(network, settings(Optimizer.SGD), 2)) {
            for (int step = 0; step < 4; step++) {
                Batch batch = Values.noise(step, 16, SMALL, 3);
                for (TorchNetwork each : List.of(one, same, other)) {
                    each.step(batch, 0.05);
                }
            }

            assertSameBits(same, one);
            assertThat(same.takeLoss()).isEqualTo(one.takeLoss());
            Values.all(other)
                    .forEach((name, values) -> assertThat(values)
                            .as(name)
                            .isNotEqualTo(Values.all(one).get(name)));
        }
    }

    @Test
    void a_training_has_the_threads_that_it_asks_for() {
        for (int threads : List.of(2, 1)) {
            TrainingSettings settings = new TrainingSettings(
                    Optimizer.SGD, 0.1, 0.9, 0, 16, 1, 0, 0, Augmentation.NONE, Precision.FP32, threads);
            try (TorchNetwork _ = create(network(0), settings, 1)) {
                assertThat(torch.get_num_threads()).isEqualTo(threads);
            }
        }
    }

    @Test
    void gradients_are_those_of_autograd() {
        Network network = network(0);
        Batch batch = Values.noise(1, 16, SMALL, 3);
        try (PointerScope _ = new PointerScope()) {
            TorchDevice cpu = TorchDevice.find("cpu");
            TorchModule module = new TorchModule(network, cpu, new GeneratorOptional(torch.make_generator_cpu(1)));
            Tensor scores = module.forward(pixels(batch), true);
            module.backward(scores, loss(scores, batch));

            // The same network, computed node by node as it says.
            TorchWeights plainWeights = new TorchWeights(cpu);
            TorchLayers layers = new TorchLayers(plainWeights, cpu, new GeneratorOptional(torch.make_generator_cpu(1)));
            List<Tensor> outputs = new ArrayList<>(List.of(pixels(batch)));
            for (Node node : network.nodes().subList(1, network.nodes().size())) {
                outputs.add(layers.operation(node)
                        .apply(node.inputs().stream().map(outputs::get).toList(), true));
            }
            loss(outputs.getLast(), batch).backward();

            module.weights().parameters().forEach((name, weight) -> {
                Tensor plain = Values.named(plainWeights, name).grad();
                assertThat(weight.grad().defined()).as(name).isEqualTo(plain.defined());
                if (plain.defined()) {
                    assertThat(Values.of(weight.grad())).as(name).containsExactly(Values.of(plain), within(1e-6f));
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void steps_are_those_computed_by_hand(Optimizer optimizer) {
        try (TorchNetwork network = create(LinearByHand.network(), LinearByHand.settings(optimizer), 1)) {
            LinearByHand.assertThatItSteps(network, optimizer);
        }
    }

    @Test
    void bfloat16_learns_nearly_what_32_bits_learn() {
        TrainingSettings settings = new TrainingSettings(
                Optimizer.SGD, 0.05, 0.9, 5e-4, 16, 1, 0, 0, Augmentation.NONE, Precision.BF16_FORCED, 1);
        Batch batch = Values.noise(1, 16, SMALL, 3);
        try (TorchNetwork coarse = create(network(0), settings, 1);
                TorchNetwork same = create(network(0), settings, 1);
                TorchNetwork exact = create(network(0), settings(Optimizer.SGD), 1)) {
            for (int step = 0; step < 3; step++) {
                coarse.step(batch, 0.05);
                same.step(batch, 0.05);
                exact.step(batch, 0.05);
                double loss = coarse.takeLoss();

                assertThat(loss).isEqualTo(same.takeLoss());
                assertThat(loss).isCloseTo(exact.takeLoss(), within(0.1));
            }
            assertSameBits(same, coarse);
            assertThat(Values.all(coarse)).usingRecursiveComparison().isNotEqualTo(Values.all(exact));
        }
    }

    @Test
    void the_loss_is_the_mean_since_it_was_last_taken() {
        Batch first = Values.noise(1, 16, SMALL, 3);
        Batch second = Values.noise(2, 16, SMALL, 3);
        try (TorchNetwork both = create(network(0), settings(Optimizer.SGD), 1);
                TorchNetwork each = create(network(0), settings(Optimizer.SGD), 1)) {
            both.step(first, 0.05);
            both.step(second, 0.05);
            each.step(first, 0.05);
            double lossOfFirst = each.takeLoss();
            each.step(second, 0.05);

            assertThat(both.takeLoss()).isCloseTo((lossOfFirst + each.takeLoss()) / 2, within(1e-9));
        }
    }

    @Test
    void a_learning_rate_that_is_far_too_high_gives_no_number_for_a_loss() {
        try (TorchNetwork network = create(network(0), settings(Optimizer.SGD), 1)) {
            for (int step = 0; step < 4; step++) {
                network.step(Values.noise(step, 16, SMALL, 3), 1e30);
            }
            assertThat(network.takeLoss()).isNaN();
        }
    }

    @Test
    void counting_changes_nothing_and_agrees_with_the_scores() {
        try (TorchNetwork network = create(network(0.3), settings(Optimizer.ADAM), 1);
                TorchNetwork uncounted = create(network(0.3), settings(Optimizer.ADAM), 1)) {
            for (int step = 0; step < 3; step++) {
                Batch batch = Values.noise(step, 16, SMALL, 3);
                network.step(batch, 0.01);
                uncounted.step(batch, 0.01);

                int correct = network.countCorrect(batch);

                assertThat(correct).isEqualTo(network.countCorrect(batch)).isEqualTo(bestScores(network, batch));
            }
            assertSameBits(network, uncounted);
        }
    }

    private static int bestScores(TorchNetwork network, Batch batch) {
        float[] scores;
        try (PointerScope _ = new PointerScope()) {
            scores = Values.of(network.scores(batch));
        }
        int correct = 0;
        for (int image = 0; image < batch.size(); image++) {
            int best = 0;
            for (int label = 1; label < 3; label++) {
                best = scores[3 * image + label] > scores[3 * image + best] ? label : best;
            }
            correct += best == batch.labels()[image] ? 1 : 0;
        }
        return correct;
    }

    private TorchNetwork create(Network network, TrainingSettings settings, long seed) {
        return (TorchNetwork) engine.create(network, settings, seed);
    }

    private static Network network(double dropout) {
        return NetworkBuilder.build(MIXED, new Layout(Layout.Kind.CIFAR, 1, 4), SMALL, 3, dropout);
    }

    private static TrainingSettings settings(Optimizer optimizer) {
        return new TrainingSettings(optimizer, 0.05, 0.9, 5e-4, 16, 1, 0, 0, Augmentation.NONE, Precision.FP32, 1);
    }

    private static long parameters(TorchNetwork network) {
        return network.weights().parameters().values().stream()
                .mapToLong(Tensor::numel)
                .sum();
    }

    private static Tensor pixels(Batch batch) {
        ImageShape shape = batch.shape();
        return Values.tensor(batch.pixels(), batch.size(), shape.height(), shape.width(), shape.channels())
                .permute(0, 3, 1, 2);
    }

    private static Tensor loss(Tensor scores, Batch batch) {
        long[] labels = Arrays.stream(batch.labels()).asLongStream().toArray();
        return torch.cross_entropy_loss(scores, torch.tensor(labels));
    }

    private static void assertSameBits(TorchNetwork actual, TorchNetwork expected) {
        assertThat(Values.all(actual)).usingRecursiveComparison().isEqualTo(Values.all(expected));
    }
}
