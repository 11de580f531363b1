package pnas.trainer.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.network.Node;
import pnas.trainer.benchmark.StepMain;
import pnas.trainer.engine.LinearByHand;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;
import pnas.trainer.training.Processor;

class Dl4jNetworkTest {
    private static final ImageShape SMALL = new ImageShape(8, 8, 1);
    private static final int CLASSES = 3;

    private final Dl4jEngine engine = new Dl4jEngine("cpu");

    @Test
    void says_what_it_is() {
        assertThat(engine.name()).isEqualTo("dl4j");
        assertThat(engine.version()).matches("1\\.0\\.0-M2\\.1/nd4j-native/[0-9]+");
        assertThat(engine.deviceKind()).isEqualTo(Processor.modelName());
    }

    @Test
    void refuses_a_gpu_that_its_backend_does_not_know() {
        assertThatThrownBy(() -> new Dl4jEngine("cuda:1")).isInstanceOfSatisfying(PnasException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILURE);
            assertThat(e).hasMessage("there is no device cuda:1: the backend nd4j-native computes on the CPU");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "BF16_FORCED"})
    void refuses_other_precisions(Precision precision) {
        TrainingSettings settings =
                new TrainingSettings(Optimizer.SGD, 0.1, 0.9, 0, 4, 1, 0, 0, Augmentation.NONE, precision, 1);
        assertThatThrownBy(() -> engine.create(network(0), settings, 1))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_IMPOSSIBLE));
    }

    @ParameterizedTest
    @EnumSource
    void steps_are_those_computed_by_hand(Optimizer optimizer) {
        try (Dl4jNetwork network = create(LinearByHand.network(), LinearByHand.settings(optimizer), 1)) {
            LinearByHand.assertThatItSteps(network, optimizer);
        }
    }

    @Test
    void running_statistics_move_a_tenth_of_the_way_to_the_mean_and_the_unbiased_variance() {
        ImageShape image = new ImageShape(2, 2, 1);
        Network norm = new Network(List.of(
                new Node(0, "image", new Layer.Input(image), List.of(), image),
                new Node(1, "norm", new Layer.BatchNormalisation(1), List.of(0), image),
                new Node(2, "pool", new Layer.GlobalAveragePool(), List.of(1), new ImageShape(1, 1, 1)),
                new Node(3, "linear", new Layer.Linear(1, 2), List.of(2), new ImageShape(1, 1, 2))));
        Batch batch = new Batch(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new int[] {0, 1}, 2, image);
        try (Dl4jNetwork network = create(norm, settings(Optimizer.SGD, 2), 1)) {
            network.step(batch, 0.1);
            assertThat(values(network, "norm.running_mean")).containsExactly(new float[] {0.45f}, within(1e-5f));
            assertThat(values(network, "norm.running_var")).containsExactly(new float[] {0.9f + 0.6f}, within(1e-5f));

            network.step(batch, 0.1);
            assertThat(values(network, "norm.running_mean")).containsExactly(new float[] {0.855f}, within(1e-5f));
            assertThat(values(network, "norm.running_var")).containsExactly(new float[] {1.95f}, within(1e-5f));
        }
    }

    @Test
    void the_same_seed_gives_the_same_bits_and_another_seed_others() {
        try (Dl4jNetwork one = create(network(0.3), settings(Optimizer.SGD, 16), 1);
                Dl4jNetwork same = create(network(0.3), settings(Optimizer.SGD, 16), 1);
                Dl4jNetwork other = create(network(0.3), settings(Optimizer.SGD, 16), 2)) {
            for (Dl4jNetwork each : List.of(one, same, other)) {
                train(each, 0, 3);
            }
            assertThat(all(same)).isEqualTo(all(one));
            assertThat(same.takeLoss()).isEqualTo(one.takeLoss());
            assertThat(all(other)).isNotEqualTo(all(one));
        }
    }

    @ParameterizedTest
    @EnumSource
    void goes_on_bit_for_bit_from_what_it_saved(Optimizer optimizer, @TempDir Path directory) throws IOException {
        try (Dl4jNetwork network = create(network(0.3), settings(optimizer, 16), 1);
                Dl4jNetwork resumed = create(network(0.3), settings(optimizer, 16), 2)) {
            train(network, 0, 3);
            network.save(directory);
            train(network, 3, 6);

            resumed.restore(directory);
            train(resumed, 3, 6);
            assertThat(all(resumed)).isEqualTo(all(network));
        }
    }

    @Test
    void a_checkpoint_that_is_cut_or_of_another_network_is_refused(@TempDir Path directory) throws IOException {
        try (Dl4jNetwork network = create(network(0), settings(Optimizer.SGD, 16), 1);
                Dl4jNetwork other = create(LinearByHand.network(), LinearByHand.settings(Optimizer.SGD), 1)) {
            assertThatThrownBy(() -> network.restore(directory)).isInstanceOf(IOException.class);
            network.save(directory);
            assertThatThrownBy(() -> other.restore(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("of another network");

            Path file = directory.resolve("network.safetensors");
            byte[] content = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(content, content.length / 2));
            assertThatThrownBy(() -> network.restore(directory)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void counting_changes_nothing() {
        try (Dl4jNetwork network = create(network(0.3), settings(Optimizer.ADAM, 16), 1);
                Dl4jNetwork uncounted = create(network(0.3), settings(Optimizer.ADAM, 16), 1)) {
            for (int step = 0; step < 3; step++) {
                train(network, step, step + 1);
                train(uncounted, step, step + 1);
                assertThat(network.countCorrect(StepMain.noise(9, 16, SMALL, CLASSES)))
                        .isBetween(0, 16);
            }
            assertThat(all(network)).isEqualTo(all(uncounted));
        }
    }

    @Test
    void labels_beyond_the_classes_are_an_engine_failure() {
        try (Dl4jNetwork network = create(network(0), settings(Optimizer.SGD, 16), 1)) {
            assertThatThrownBy(() -> network.step(StepMain.noise(1, 16, SMALL, 99), 0.1))
                    .isInstanceOfSatisfying(
                            PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILURE));
        }
    }

    private Dl4jNetwork create(Network network, TrainingSettings settings, long seed) {
        return (Dl4jNetwork) engine.create(network, settings, seed);
    }

    private static Network network(double dropout) {
        return NetworkBuilder.build(
                Cell.parse("sep3x3(c-1)+max3x3(c-2) | avg3x3(b1)+identity(b1)"),
                new Layout(Layout.Kind.CIFAR, 1, 4),
                SMALL,
                CLASSES,
                dropout);
    }

    private static TrainingSettings settings(Optimizer optimizer, int batchSize) {
        return new TrainingSettings(
                optimizer, 0.05, 0.9, 5e-4, batchSize, 1, 0, 0, Augmentation.NONE, Precision.FP32, 1);
    }

    private static void train(Dl4jNetwork network, int from, int to) {
        for (int step = from; step < to; step++) {
            network.step(StepMain.noise(step, 16, SMALL, CLASSES), 0.05 / (step + 1));
        }
    }

    private static float[] values(Dl4jNetwork network, String name) {
        return Dl4jWeights.tensor(network.weights().named(name)).values();
    }

    private static Map<String, Tensor> all(Dl4jNetwork network) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        network.weights().all().forEach((name, array) -> all.put(name, Dl4jWeights.tensor(array)));
        return all;
    }
}
