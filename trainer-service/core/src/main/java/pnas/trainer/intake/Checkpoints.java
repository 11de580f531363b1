package pnas.trainer.intake;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import pnas.trainer.checkpoint.CheckpointDirectory;
import pnas.trainer.checkpoint.CheckpointStore;

/** Where this trainer's checkpoints are. */
final class Checkpoints {
    @Produces
    @Singleton
    static CheckpointStore store(TrainerConfiguration configuration) {
        return new CheckpointDirectory(configuration.checkpoints());
    }
}
