package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import pnas.trainer.engine.NetworkEngineContract;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.TrainableNetwork;

class TorchContractTest extends NetworkEngineContract {
    @Override
    protected String engine() {
        return TorchEngine.NAME;
    }

    @Override
    protected NetworkEngine opened() {
        return new TorchEngine("cpu");
    }

    @Override
    protected void set(TrainableNetwork network, Map<String, Tensor> model) {
        assertThat(model).containsOnlyKeys(network.model().keySet());
        Values.set((TorchNetwork) network, model);
    }

    @Override
    protected List<String> javaOptions() {
        return List.of("-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");
    }
}
