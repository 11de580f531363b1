package pnas.trainer.engine.dl4j;

import java.util.List;
import pnas.trainer.engine.NetworkEngineContract;

class Dl4jContractTest extends NetworkEngineContract {
    @Override
    protected String engine() {
        return Dl4jEngine.NAME;
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
