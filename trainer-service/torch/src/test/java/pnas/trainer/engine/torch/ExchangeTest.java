package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import pnas.message.TrainingSettings;
import pnas.trainer.engine.Exchange;
import pnas.trainer.tensor.SafeTensors;
import pnas.trainer.tensor.Tensor;

/** The scores in the file of weights that engines exchange. */
class ExchangeTest {
    private static final String WRITE = "pnas.write-exchange";

    private final TorchEngine engine = new TorchEngine("cpu");

    @Test
    // The file is written then, by the other test: before that it may have other scores or be missing.
    @DisabledIfSystemProperty(named = WRITE, matches = "true")
    void the_weights_of_the_file_give_its_scores(@TempDir Path directory) throws IOException {
        SafeTensors file = Exchange.read(directory);
        for (Exchange.Sample sample : Exchange.samples()) {
            try (TorchNetwork network = create(sample)) {
                Map<String, Tensor> weights = Exchange.weights(file, sample);
                assertThat(weights).containsOnlyKeys(Values.all(network).keySet());
                Values.set(network, weights);
                assertThat(scores(network).values())
                        .as(sample.name())
                        .containsExactly(Exchange.scores(file, sample).values(), within(Exchange.TOLERANCE));
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = WRITE, matches = "true")
    void writes_the_file() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Exchange.Sample sample : Exchange.samples()) {
            try (TorchNetwork network = create(sample)) {
                Map<String, Tensor> weights = new LinkedHashMap<>();
                Values.all(network)
                        .keySet()
                        .forEach(name -> weights.put(
                                name,
                                Exchange.invented(
                                        name,
                                        Tensor.of(
                                                        Values.named(network.weights(), name)
                                                                .sizes()
                                                                .vec()
                                                                .get(),
                                                        Values.of(network.weights(), name))
                                                .shape())));
                Values.set(network, weights);
                Exchange.add(tensors, sample, weights, scores(network));
            }
        }
        Path file =
                Path.of("..", "core", "src", "test", "resources", "pnas", "trainer", "engine", "exchange.safetensors");
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        new SafeTensors(Map.of(), tensors).write(file);
    }

    private TorchNetwork create(Exchange.Sample sample) {
        return (TorchNetwork) engine.create(sample.network(), TrainingSettings.DEFAULT, 1);
    }

    private static Tensor scores(TorchNetwork network) {
        try (PointerScope _ = new PointerScope()) {
            var scores = network.scores(Exchange.batch());
            return Tensor.of(scores.sizes().vec().get(), Values.of(scores));
        }
    }
}
