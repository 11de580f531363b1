package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.message.TrainingSettings.Optimizer;
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
            // Fewer images at a time than there are.
            try (VectorNetwork network =
                    VectorNetwork.create(sample.network(), Networks.settings(Optimizer.SGD, 3), 1)) {
                assertThat(weights).containsOnlyKeys(network.weights().all().keySet());
                network.weights().set(weights);

                assertThat(network.scores(Exchange.batch()))
                        .as(sample.name())
                        .containsExactly(Exchange.scores(file, sample).values(), within(Exchange.TOLERANCE));
            }
        }
    }
}
