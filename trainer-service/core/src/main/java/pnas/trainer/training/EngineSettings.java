package pnas.trainer.training;

import java.nio.file.Path;
import java.util.Optional;
import pnas.dataset.DataFolder;
import pnas.trainer.checkpoint.CheckpointDirectory;
import pnas.trainer.checkpoint.CheckpointStore;

/**
 * What an engine is opened with.
 *
 * @param device {@code auto}, {@code cpu} or {@code cuda:0}, {@code cuda:1} and so on; {@code auto} is the first GPU where there is one
 * @param checkpoints the directory of checkpoints, shared by all trainers
 * @param models the directory that gets the models of finished trainings, empty where none is kept
 * @param tables the directory of replay tables
 * @param data the directory of data sets
 * @param dataCache the directory of those that were fetched from elsewhere
 * @param dataLinks whether a data set may be a link that leads out of the first
 */
public record EngineSettings(
        String device,
        Path checkpoints,
        Optional<Path> models,
        Path tables,
        Path data,
        Path dataCache,
        boolean dataLinks) {
    public EngineSettings {
        if (!device.matches("auto|cpu|cuda:[0-9]{1,3}")) {
            throw new IllegalArgumentException("device must be auto, cpu or cuda:N, got '" + device + "'");
        }
    }

    /** Where checkpoints and models are kept. */
    public CheckpointStore checkpointStore() {
        return new CheckpointDirectory(checkpoints, models);
    }

    /** Where data sets are read. */
    public DataFolder dataFolder() {
        return new DataFolder(data, dataCache, dataLinks);
    }
}
