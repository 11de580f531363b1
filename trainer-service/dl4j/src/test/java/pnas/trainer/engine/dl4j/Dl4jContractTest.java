package pnas.trainer.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import pnas.trainer.engine.NetworkEngineContract;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.TrainableNetwork;

class Dl4jContractTest extends NetworkEngineContract {
    @Override
    protected String engine() {
        return Dl4jEngine.NAME;
    }

    @Override
    protected NetworkEngine opened() {
        return new Dl4jEngine("cpu");
    }

    @Override
    protected void set(TrainableNetwork network, Map<String, Tensor> model) {
        Dl4jWeights weights = ((Dl4jNetwork) network).weights();
        assertThat(model).containsOnlyKeys(weights.all().keySet());
        ExchangeTest.set(weights, model);
    }

    @Override
    protected List<String> javaOptions() {
        return List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }
}
