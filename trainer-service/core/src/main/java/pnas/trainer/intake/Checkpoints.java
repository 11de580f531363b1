package pnas.trainer.intake;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import pnas.trainer.checkpoint.CheckpointDirectory;
import pnas.trainer.checkpoint.CheckpointStore;

/** Where this trainer's checkpoints and models are. */
final class Checkpoints {
    @Produces
    @Singleton
    static CheckpointStore store(TrainerConfiguration trainer, ModelConfiguration models) {
        return new CheckpointDirectory(trainer.checkpoints(), models.folder());
    }
}
