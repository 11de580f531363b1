package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.cell.Cell;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.NetworkBuilder;

/** A training that goes on from a checkpoint ends with the bits of one that was never interrupted. */
class ResumeTest {
    private static final ImageShape IMAGE = new ImageShape(8, 8, 1);
    private static final int STEPS = 6;
    private static final int STEPS_BEFORE_CHECKPOINT = 3;

    @Test
    void goes_on_bit_for_bit_in_a_new_process(@TempDir Path directory) throws Exception {
        Map<Optimizer, Map<String, float[]>> uninterrupted = new EnumMap<>(Optimizer.class);
        for (Optimizer optimizer : Optimizer.values()) {
            try (TorchNetwork network = network(optimizer, 1)) {
                train(network, 0, STEPS_BEFORE_CHECKPOINT);
                network.save(Files.createDirectory(checkpoint(directory, optimizer)));
                train(network, STEPS_BEFORE_CHECKPOINT, STEPS);
                uninterrupted.put(optimizer, Values.all(network));
            }
        }

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ResumeTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("output")))
                .isZero();

        for (Optimizer optimizer : Optimizer.values()) {
            try (TorchNetwork resumed = network(optimizer, 3)) {
                resumed.restore(end(directory, optimizer));
                assertThat(Values.all(resumed)).usingRecursiveComparison().isEqualTo(uninterrupted.get(optimizer));
            }
        }
    }

    /** The second process: goes on from the checkpoints in a directory. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        for (Optimizer optimizer : Optimizer.values()) {
            // Another seed than before: whatever the checkpoint lacks would come out different.
            try (TorchNetwork network = network(optimizer, 2)) {
                network.restore(checkpoint(directory, optimizer));
                train(network, STEPS_BEFORE_CHECKPOINT, STEPS);
                network.save(Files.createDirectory(end(directory, optimizer)));
            }
        }
    }

    private static Path checkpoint(Path directory, Optimizer optimizer) {
        return directory.resolve("checkpoint-" + optimizer);
    }

    private static Path end(Path directory, Optimizer optimizer) {
        return directory.resolve("end-" + optimizer);
    }

    @Test
    void a_fresh_network_can_be_saved_and_restored(@TempDir Path directory) throws IOException {
        try (TorchNetwork fresh = network(Optimizer.SGD, 1);
                TorchNetwork other = network(Optimizer.SGD, 2)) {
            fresh.save(directory);
            other.restore(directory);
            train(fresh, 0, 2);
            train(other, 0, 2);

            assertThat(Values.all(other)).usingRecursiveComparison().isEqualTo(Values.all(fresh));
        }
    }

    @Test
    void a_file_that_cannot_be_read_or_written_is_a_failure_of_storage(@TempDir Path directory) throws IOException {
        try (TorchNetwork network = network(Optimizer.SGD, 1)) {
            assertThatThrownBy(() -> network.save(directory.resolve("absent"))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> network.restore(directory)).isInstanceOf(IOException.class);

            network.save(directory);
            Path file;
            try (var files = Files.list(directory)) {
                file = files.findFirst().orElseThrow();
            }
            byte[] content = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(content, content.length / 2));
            assertThatThrownBy(() -> network.restore(directory)).isInstanceOf(IOException.class);
        }
    }

    private static TorchNetwork network(Optimizer optimizer, long seed) {
        Cell cell = Cell.parse("sep3x3(c-1)+dil3x3(c-2) | max3x3(b1)+identity(c-1)");
        TrainingSettings settings =
                new TrainingSettings(optimizer, 0.05, 0.9, 1e-3, 16, 1, 0.3, 0, Augmentation.NONE, Precision.FP32, 1);
        return (TorchNetwork) new TorchEngine("cpu")
                .create(
                        NetworkBuilder.build(cell, new Layout(Layout.Kind.CIFAR, 1, 4), IMAGE, 10, settings.dropout()),
                        settings,
                        seed);
    }

    private static void train(TorchNetwork network, int from, int to) {
        for (int step = from; step < to; step++) {
            network.step(Values.noise(step, 16, IMAGE, 10), 0.05 / (step + 1));
        }
    }
}
