package pnas.trainer.engine.vector;

import pnas.trainer.dataset.DataSets;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingEngineProvider;
import pnas.trainer.training.TrainingLoop;

/** Opens the engine {@code vector}. */
public final class VectorEngineProvider implements TrainingEngineProvider {
    @Override
    public String name() {
        return VectorEngine.NAME;
    }

    @Override
    public TrainingEngine open(EngineSettings settings) {
        return new TrainingLoop(
                new VectorEngine(settings.device()), settings.checkpointStore(), new DataSets(settings.dataFolder()));
    }
}
