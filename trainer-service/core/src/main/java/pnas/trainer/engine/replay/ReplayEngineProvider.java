package pnas.trainer.engine.replay;

import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingEngineProvider;

/** Opens the engine {@code replay}. */
public final class ReplayEngineProvider implements TrainingEngineProvider {
    @Override
    public String name() {
        return ReplayEngine.NAME;
    }

    @Override
    public TrainingEngine open(EngineSettings settings) {
        return new ReplayEngine(settings.tables());
    }
}
