package pnas.trainer.engine.dl4j;

import pnas.trainer.dataset.DataSets;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingEngineProvider;
import pnas.trainer.training.TrainingLoop;

/** Opens the engine {@code dl4j}. */
public final class Dl4jEngineProvider implements TrainingEngineProvider {
    @Override
    public String name() {
        return Dl4jEngine.NAME;
    }

    @Override
    public TrainingEngine open(EngineSettings settings) {
        return new TrainingLoop(
                new Dl4jEngine(settings.device()), settings.checkpointStore(), new DataSets(settings.dataFolder()));
    }
}
