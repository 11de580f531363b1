package pnas.trainer.engine.torch;

import java.util.List;
import pnas.trainer.engine.NetworkEngineContract;

class TorchContractTest extends NetworkEngineContract {
    @Override
    protected String engine() {
        return TorchEngine.NAME;
    }

    @Override
    protected List<String> javaOptions() {
        return List.of("-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");
    }
}
