package pnas.trainer.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.message.TrainingSettings;
import pnas.trainer.engine.Exchange;
import pnas.trainer.tensor.SafeTensors;
import pnas.trainer.tensor.Tensor;

/** The scores that libtorch gave, from the same weights. */
class ExchangeTest {
    @Test
    void the_weights_of_the_file_give_its_scores(@TempDir Path directory) throws IOException {
        SafeTensors file = Exchange.read(directory);
        for (Exchange.Sample sample : Exchange.samples()) {
            Map<String, Tensor> weights = Exchange.weights(file, sample);
            try (Dl4jNetwork network =
                    (Dl4jNetwork) new Dl4jEngine("cpu").create(sample.network(), TrainingSettings.DEFAULT, 1)) {
                // Layers that no score depends on are not in the graph.
                assertThat(weights)
                        .containsKeys(network.weights().all().keySet().toArray(String[]::new));
                set(network.weights(), weights);

                assertThat(network.scores(Exchange.batch()).values())
                        .as(sample.name())
                        .containsExactly(Exchange.scores(file, sample).values(), within(Exchange.TOLERANCE));
            }
        }
    }

    /** Gives every array of a network its values. */
    static void set(Dl4jWeights weights, Map<String, Tensor> values) {
        weights.all()
                .forEach((name, array) -> Dl4jWeights.set(
                        array, Objects.requireNonNull(values.get(name)).values()));
    }
}
