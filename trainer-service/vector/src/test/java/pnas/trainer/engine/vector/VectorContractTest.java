package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import pnas.trainer.engine.NetworkEngineContract;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.TrainableNetwork;

class VectorContractTest extends NetworkEngineContract {
    @Override
    protected String engine() {
        return VectorEngine.NAME;
    }

    @Override
    protected NetworkEngine opened() {
        return new VectorEngine("cpu");
    }

    @Override
    protected void set(TrainableNetwork network, Map<String, Tensor> model) {
        assertThat(model).containsOnlyKeys(network.model().keySet());
        ((VectorNetwork) network).weights().set(model);
    }

    @Override
    protected List<String> javaOptions() {
        return ServiceSettings.javaOptions();
    }
}
