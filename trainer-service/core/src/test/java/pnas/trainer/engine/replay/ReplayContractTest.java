package pnas.trainer.engine.replay;

import java.util.List;
import pnas.message.TrainingJob;
import pnas.trainer.Jobs;
import pnas.trainer.engine.EngineContract;

class ReplayContractTest extends EngineContract {
    @Override
    protected String engine() {
        return "replay";
    }

    @Override
    protected List<String> javaOptions() {
        return List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    }

    @Override
    protected TrainingJob longJob() {
        return Jobs.oracle("long", 1000);
    }
}
