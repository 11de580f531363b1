package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.training.Processor;
import pnas.trainer.training.TrainableNetwork;

class TorchEngineTest {
    @Test
    void says_what_it_is() {
        TorchEngine engine = new TorchEngine("cpu");

        assertThat(engine.name()).isEqualTo("torch");
        assertThat(engine.version()).matches("2\\.10\\.0-1\\.5\\.13/[0-9]+");
        assertThat(torch.show_config().getString())
                .contains("TORCH_VERSION="
                        + engine.version().substring(0, engine.version().indexOf('-')) + ",");
        assertThat(engine.deviceKind()).isEqualTo(Processor.modelName());
    }

    @Test
    void auto_is_the_cpu_where_there_is_no_gpu() {
        assertThat(torch.cuda_is_available()).isFalse(); // The build takes the libraries for CPUs.
        assertThat(TorchDevice.find("auto")).isEqualTo(TorchDevice.find("cpu"));
    }

    @Test
    void refuses_a_gpu_that_is_not_there() {
        assertThatThrownBy(() -> new TorchEngine("cuda:1")).isInstanceOfSatisfying(PnasException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILURE);
            assertThat(e).hasMessageStartingWith("there is no device cuda:1: libtorch finds 0 GPUs; it needs");
        });
    }

    @Test
    void refuses_bfloat16_on_a_cpu_unless_it_is_forced() {
        TorchEngine engine = new TorchEngine("cpu");
        Network network = network(new ImageShape(8, 8, 1));
        assertThatThrownBy(() -> engine.create(network, settings(4, Precision.BF16), 1))
                .isInstanceOfSatisfying(PnasException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_IMPOSSIBLE);
                    assertThat(e)
                            .hasMessageContaining("precision bf16 is refused")
                            .hasMessageContaining(Processor.modelName())
                            .hasMessageContaining("bf16-forced");
                });
        engine.create(network, settings(4, Precision.BF16_FORCED), 1).close();
    }

    @Test
    void labels_beyond_the_classes_are_an_engine_failure() {
        Network network = network(new ImageShape(8, 8, 1));
        try (TrainableNetwork trained = new TorchEngine("cpu").create(network, settings(4), 1)) {
            assertThatThrownBy(() -> trained.step(Values.noise(1, 64, network.image(), 99), 0.1))
                    .isInstanceOfSatisfying(
                            PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILURE));
        }
    }

    @Test
    void a_closed_network_leaves_no_native_object() {
        TorchEngine engine = new TorchEngine("cpu");
        Network network = network(new ImageShape(8, 8, 1));
        trainSome(engine, network, 1);
        long before = Pointer.totalCount();

        trainSome(engine, network, 3);

        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }

    /** A step holds about 20 MB here, so that a leak of a single step or network shows. */
    @Test
    void memory_stays_flat_over_many_networks() throws IOException {
        TorchEngine engine = new TorchEngine("cpu");
        Network network = network(new ImageShape(16, 16, 3));
        trainSome(engine, network, 10);
        long before = residentBytes();

        trainSome(engine, network, 60);

        assertThat(residentBytes() - before).isLessThan(100L << 20);
    }

    private static void trainSome(TorchEngine engine, Network network, int count) {
        for (int i = 0; i < count; i++) {
            try (TrainableNetwork trained = engine.create(network, settings(64), i)) {
                trained.step(Values.noise(i, 64, network.image(), 10), 0.1);
                trained.countCorrect(Values.noise(i, 64, network.image(), 10));
            }
        }
    }

    private static Network network(ImageShape image) {
        return NetworkBuilder.build(
                Cell.parse("sep3x3(c-1)+max3x3(c-2)"), new Layout(Layout.Kind.CIFAR, 1, 8), image, 10, 0);
    }

    private static TrainingSettings settings(int batchSize) {
        return settings(batchSize, Precision.FP32);
    }

    private static TrainingSettings settings(int batchSize, Precision precision) {
        return new TrainingSettings(Optimizer.SGD, 0.1, 0.9, 5e-4, batchSize, 1, 0, 0, Augmentation.NONE, precision, 1);
    }

    private static long residentBytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    << 10;
        }
    }
}
