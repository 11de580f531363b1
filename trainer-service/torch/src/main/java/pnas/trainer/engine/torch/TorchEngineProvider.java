package pnas.trainer.engine.torch;

import pnas.trainer.dataset.DataSets;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingEngineProvider;
import pnas.trainer.training.TrainingLoop;

/** Opens the engine {@code torch}. */
public final class TorchEngineProvider implements TrainingEngineProvider {
    @Override
    public String name() {
        return TorchEngine.NAME;
    }

    @Override
    public TrainingEngine open(EngineSettings settings) {
        return new TrainingLoop(
                new TorchEngine(settings.device()), settings.checkpointStore(), new DataSets(settings.dataFolder()));
    }
}
