package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
import pnas.trainer.training.Batch;
import pnas.trainer.training.Processor;

class VectorNetworkTest {
    private static final ImageShape SMALL = new ImageShape(9, 9, 2);
    private static final int CLASSES = 3;
    private static final Cell MIXED = Cell.parse(
            "sep3x3(c-1)+max3x3(c-2) | conv1x7_7x1(c-2)+identity(b1) | dil3x3(b1)+avg3x3(c-1) | sep5x5(b2)+identity(c-2)");

    private final VectorEngine engine = new VectorEngine("cpu");

    @Test
    void says_what_it_is() {
        assertThat(engine.name()).isEqualTo("vector");
        assertThat(engine.version()).matches("[0-9]+");
        assertThat(engine.deviceKind()).isEqualTo(Processor.modelName());
    }

    @Test
    void refuses_a_gpu_and_a_processor_with_short_vectors() {
        assertThatThrownBy(() -> new VectorEngine("cuda:1")).isInstanceOfSatisfying(PnasException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILURE);
            assertThat(e).hasMessage("there is no device cuda:1 for engine vector, which computes on processors");
        });
        assertThatThrownBy(() -> VectorEngine.requireVectors(4))
                .isInstanceOf(PnasException.class)
                .hasMessageContaining("AVX2")
                .hasMessageContaining("take engine torch");
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

    @Test
    void refuses_layers_that_it_has_no_pass_for() {
        Network network = Networks.from(SMALL)
                .then("norm", new Layer.BatchNormalisation(SMALL.channels()))
                .scoring(CLASSES);
        assertThatThrownBy(() -> engine.create(network, Networks.settings(Optimizer.SGD, 4), 1))
                .isInstanceOfSatisfying(PnasException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_IMPOSSIBLE);
                    assertThat(e).hasMessageStartingWith("engine vector has no pass for norm, which is Batch");
                });
    }

    @ParameterizedTest
    @EnumSource
    void steps_are_those_computed_by_hand(Optimizer optimizer) {
        try (VectorNetwork network = create(LinearByHand.network(), LinearByHand.settings(optimizer), 1)) {
            LinearByHand.assertThatItSteps(network, optimizer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whole_vectors_of_weights_move_as_single_ones_do(Optimizer optimizer) {
        TrainingSettings settings = Networks.settings(optimizer, 4);
        Network network = network(0);
        try (VectorNetwork trained = create(network, settings, 1)) {
            Weights weights = trained.weights();
            Descent descent = new Descent(settings, weights);
            Arrays.fill(weights.values, 0.3f);
            float[] first = new float[3];
            for (int step = 0; step < 3; step++) {
                Arrays.fill(weights.gradients, 0.2f - 0.3f * step);
                descent.step(0.05);
                first[step] = weights.values[0];
                for (int i = 0; i < weights.trained; i++) {
                    assertThat(weights.values[i]).isEqualTo(first[step]);
                }
            }
            assertThat(first[2]).isNotEqualTo(first[1]);
            for (int i = weights.trained; i < weights.values.length; i++) {
                assertThat(weights.values[i]).isEqualTo(0.3f);
            }
        }
    }

    @Test
    void the_published_network_has_its_published_number_of_parameters() {
        Cell published = Cell.parse("sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+max3x3(c-1) | sep5x5(c-1)+sep3x3(c-1)"
                + " | sep3x3(b3)+max3x3(c-1) | sep3x3(c-2)+identity(c-1)");
        Network network =
                NetworkBuilder.build(published, new Layout(Layout.Kind.CIFAR, 3, 48), new ImageShape(32, 32, 3), 10, 0);
        try (VectorNetwork created = create(network, Networks.settings(Optimizer.SGD, 1), 1)) {
            assertThat(created.weights().values).hasSize(3_189_082);
            long multiplyAdds = created.plan().passes().stream()
                    .mapToLong(Pass::multiplyAdds)
                    .sum();
            assertThat(multiplyAdds).isEqualTo(574_891_392);
        }
    }

    @Test
    void the_same_seed_gives_the_same_bits_and_another_seed_others() {
        try (VectorNetwork one = create(network(0.3), Networks.settings(Optimizer.SGD, 16), 1);
                VectorNetwork same = create(network(0.3), Networks.settings(Optimizer.SGD, 16), 1);
                VectorNetwork other = create(network(0.3), Networks.settings(Optimizer.SGD, 16), 2)) {
            for (VectorNetwork each : List.of(one, same, other)) {
                train(each, 0, 3);
            }
            assertThat(same.weights().all()).isEqualTo(one.weights().all());
            assertThat(same.takeLoss()).isEqualTo(one.takeLoss());
            assertThat(other.weights().all()).isNotEqualTo(one.weights().all());
        }
    }

    @ParameterizedTest
    @EnumSource
    void goes_on_bit_for_bit_from_what_it_saved(Optimizer optimizer, @TempDir Path directory) throws IOException {
        try (VectorNetwork network = create(network(0.3), Networks.settings(optimizer, 16), 1);
                VectorNetwork resumed = create(network(0.3), Networks.settings(optimizer, 16), 2)) {
            train(network, 0, 3);
            network.save(directory);
            train(network, 3, 6);

            resumed.restore(directory);
            train(resumed, 3, 6);
            assertThat(resumed.weights().all()).isEqualTo(network.weights().all());
        }
    }

    @Test
    void a_checkpoint_that_is_cut_or_of_another_network_is_refused(@TempDir Path directory) throws IOException {
        try (VectorNetwork network = create(network(0), Networks.settings(Optimizer.SGD, 16), 1);
                VectorNetwork other = create(LinearByHand.network(), LinearByHand.settings(Optimizer.SGD), 1)) {
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
    void counting_changes_nothing_and_takes_any_number_of_images() {
        try (VectorNetwork network = create(network(0.3), Networks.settings(Optimizer.ADAM, 16), 1);
                VectorNetwork uncounted = create(network(0.3), Networks.settings(Optimizer.ADAM, 16), 1)) {
            for (int step = 0; step < 3; step++) {
                train(network, step, step + 1);
                train(uncounted, step, step + 1);
                Batch many = Networks.noise(9, 37, SMALL, CLASSES);
                int correct = network.countCorrect(many);
                assertThat(correct).isEqualTo(bestScores(network.scores(many), many));
            }
            assertThat(network.weights().all()).isEqualTo(uncounted.weights().all());
        }
    }

    private static int bestScores(float[] scores, Batch batch) {
        int correct = 0;
        for (int image = 0; image < batch.size(); image++) {
            int best = 0;
            for (int label = 1; label < CLASSES; label++) {
                best = scores[CLASSES * image + label] > scores[CLASSES * image + best] ? label : best;
            }
            correct += best == batch.labels()[image] ? 1 : 0;
        }
        return correct;
    }

    @Test
    void what_a_batch_scores_does_not_depend_on_the_others_in_it() {
        try (VectorNetwork network = create(network(0), Networks.settings(Optimizer.SGD, 16), 1)) {
            train(network, 0, 2);
            Batch seven = Networks.noise(9, 7, SMALL, CLASSES);
            float[] all = network.scores(seven);
            for (int image = 0; image < 7; image++) {
                float[] pixels = Arrays.copyOfRange(
                        seven.pixels(), image * FeatureMap.size(SMALL), (image + 1) * FeatureMap.size(SMALL));
                assertThat(network.scores(new Batch(pixels, new int[1], 1, SMALL)))
                        .containsExactly(Arrays.copyOfRange(all, image * CLASSES, (image + 1) * CLASSES));
            }
        }
    }

    @Test
    void dropout_drops_its_share_and_keeps_the_mean() {
        Network network = network(0.5);
        try (VectorNetwork dropping = create(network, Networks.settings(Optimizer.SGD, 16), 1);
                VectorNetwork other = create(network, Networks.settings(Optimizer.SGD, 16), 1)) {
            Batch batch = Networks.noise(1, 16, SMALL, CLASSES);
            dropping.step(batch, 0);
            double first = dropping.takeLoss();
            dropping.step(batch, 0);
            assertThat(dropping.takeLoss()).as("other features are dropped").isNotEqualTo(first);
            other.step(batch, 0);
            assertThat(other.takeLoss()).isEqualTo(first);
            double mean = 0;
            for (int i = 0; i < 200; i++) {
                other.step(batch, 0);
                mean += other.takeLoss() / 200;
            }
            assertThat(mean).isCloseTo(first, within(0.5));
        }
    }

    @Test
    void the_loss_is_the_mean_since_it_was_last_taken() {
        Batch first = Networks.noise(1, 16, SMALL, CLASSES);
        Batch second = Networks.noise(2, 16, SMALL, CLASSES);
        try (VectorNetwork both = create(network(0), Networks.settings(Optimizer.SGD, 16), 1);
                VectorNetwork each = create(network(0), Networks.settings(Optimizer.SGD, 16), 1)) {
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
        try (VectorNetwork network = create(network(0), Networks.settings(Optimizer.SGD, 16), 1)) {
            for (int step = 0; step < 4; step++) {
                network.step(Networks.noise(step, 16, SMALL, CLASSES), 1e30);
            }
            assertThat(network.takeLoss()).isNaN();
        }
    }

    @Test
    void labels_beyond_the_classes_and_batches_beyond_the_settings_are_an_engine_failure() {
        try (VectorNetwork network = create(network(0), Networks.settings(Optimizer.SGD, 16), 1)) {
            assertThatThrownBy(() -> network.step(Networks.noise(1, 16, SMALL, 99), 0.1))
                    .isInstanceOfSatisfying(
                            PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILURE));
            assertThatThrownBy(() -> network.step(Networks.noise(1, 17, SMALL, CLASSES), 0.1))
                    .isInstanceOf(PnasException.class)
                    .hasMessage("a step has at most 16 images, as its settings say, got 17");
        }
    }

    @Test
    void one_image_that_becomes_one_pixel_cannot_be_normalised() {
        Network network =
                NetworkBuilder.build(MIXED, new Layout(Layout.Kind.CIFAR, 1, 4), new ImageShape(4, 4, 1), 3, 0);
        try (VectorNetwork created = create(network, Networks.settings(Optimizer.SGD, 1), 1)) {
            assertThatThrownBy(() -> created.step(Networks.noise(1, 1, network.image(), 3), 0.1))
                    .isInstanceOfSatisfying(
                            PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_IMPOSSIBLE));
        }
    }

    @Test
    void a_step_that_does_not_fit_into_the_heap_is_refused_with_both_figures() {
        Network network =
                NetworkBuilder.build(MIXED, new Layout(Layout.Kind.CIFAR, 2, 48), new ImageShape(64, 64, 3), 10, 0);
        assertThatThrownBy(() -> create(network, Networks.settings(Optimizer.SGD, 16), 1))
                .isInstanceOfSatisfying(PnasException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                    assertThat(e.getMessage())
                            .matches("a step of 16 images needs \\d+ MB of the heap, which has \\d+ MB in all");
                });
        assertThatThrownBy(() -> create(network, Networks.settings(Optimizer.SGD, 4096), 1))
                .isInstanceOfSatisfying(PnasException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                    assertThat(e.getMessage()).startsWith("a batch of 4096 needs more than the 2147483647 numbers");
                });
    }

    /** With the options of a trainer's child, which trains one network after the other. */
    @Test
    void a_network_takes_the_place_of_the_former_one_in_memory(@TempDir Path folder) throws Exception {
        String network = "network\t" + MIXED.text() + "\tCIFAR\t2\t24\t32x32x3\t32\nmemory\n";
        Path lines = Files.writeString(folder.resolve("lines"), network.repeat(4));
        Process process = new ProcessBuilder(
                        ServiceSettings.java(StepMain.class.getName(), VectorEngine.class.getName()))
                .redirectInput(lines.toFile())
                .start();
        List<String> answers = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();

        // Of each network its parameters, then the most kilobytes that were ever resident.
        assertThat(answers).hasSize(8);
        assertThat(Double.parseDouble(answers.getLast()) / Double.parseDouble(answers.get(1)))
                .isLessThan(1.5);
    }

    /** Once compiled: kernels hand vectors around that only the second compiler keeps in registers. */
    @Test
    void a_step_allocates_nothing() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (VectorNetwork network = create(network(0.3), Networks.settings(Optimizer.ADAM, 16), 1)) {
            Batch batch = Networks.noise(1, 16, SMALL, CLASSES);
            long most = 4096;
            long allocated = Long.MAX_VALUE;
            for (int step = 0; step < 20_000 && allocated > most; step++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                network.step(batch, 1e-4);
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated).isLessThanOrEqualTo(most);
        }
    }

    private VectorNetwork create(Network network, TrainingSettings settings, long seed) {
        return (VectorNetwork) engine.create(network, settings, seed);
    }

    private static Network network(double dropout) {
        return NetworkBuilder.build(MIXED, new Layout(Layout.Kind.CIFAR, 1, 4), SMALL, CLASSES, dropout);
    }

    private static void train(VectorNetwork network, int from, int to) {
        for (int step = from; step < to; step++) {
            network.step(Networks.noise(step, 16, SMALL, CLASSES), 0.05 / (step + 1));
        }
    }

    /** The names of the nodes that have passes tell a reader of the plan what they do. */
    @Test
    void the_plan_is_told_pass_by_pass() throws IOException {
        JsonNode plan = new ObjectMapper()
                .readTree(PlanMain.document("sep3x3(c-1)+max3x3(c-2)", "cifar", "1", "8", "8x8x1", "10", "32"));

        assertThat(plan.propertyStream().map(Map.Entry::getKey)).containsExactlyInAnyOrder("passes", "memoryBytes");
        assertThat(plan.path("passes"))
                .allSatisfy(pass -> assertThat(pass.propertyStream().map(Map.Entry::getKey))
                        .containsExactlyInAnyOrder("name", "kind", "multiplyAdds", "bytes"));
        assertThat(plan.path("passes").findValuesAsText("kind"))
                .contains("convolution", "separable half", "pool", "sum", "head with loss");
        JsonNode stem = plan.path("passes").path(0);
        assertThat(stem.path("name").asText()).isEqualTo("stem.convolution");
        assertThat(stem.path("multiplyAdds").asLong()).isEqualTo(8 * 8 * 9 * 24);
        assertThat(stem.path("bytes").asLong()).isEqualTo(Float.BYTES * 8 * 8 * (1 + 24));
        assertThat(plan.path("memoryBytes").asLong()).isGreaterThan(32 * 8 * 8 * 24 * Float.BYTES);
    }

    @Test
    void every_pass_is_of_a_node_and_every_product_of_the_network_is_in_one() {
        Network network = network(0);
        List<String> names = network.nodes().stream().map(Node::name).toList();
        try (VectorNetwork created = create(network, Networks.settings(Optimizer.SGD, 4), 1)) {
            assertThat(created.plan().passes())
                    .extracting(Pass::name)
                    .doesNotHaveDuplicates()
                    .isSubsetOf(names);
            assertThat(created.plan().passes().stream()
                            .mapToLong(Pass::multiplyAdds)
                            .sum())
                    .isEqualTo(network.evaluated().stream()
                            .mapToLong(node -> node.layer().multiplyAdds(node.output()))
                            .sum());
        }
    }
}
