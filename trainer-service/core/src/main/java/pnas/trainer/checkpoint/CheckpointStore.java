package pnas.trainer.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps the state of trainings between two epochs, and the models of those that are finished. What it keeps is complete or not there, whenever
 * its writer dies. Safe for use by many processes at once. Every method throws {@link pnas.failure.PnasException} with {@code STORAGE_FAILURE} where
 * the storage does not answer and {@code INVALID_INPUT} where a trial id is no safe name.
 */
public interface CheckpointStore {
    /**
     * A complete checkpoint.
     *
     * @param attempt the attempt that wrote it
     * @param epoch epochs done
     * @param directory its files
     */
    record Checkpoint(int attempt, int epoch, Path directory) {}

    /** Writes the files of a checkpoint into an empty directory. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path directory) throws IOException;
    }

    /** Writes the file of a model, which does not exist. */
    @FunctionalInterface
    interface Model {
        void writeTo(Path file) throws IOException;
    }

    /**
     * The complete checkpoint of the trial, of whatever attempt, that is furthest in training and has exactly this identity.
     *
     * @param identity everything that the bits of the training depend on
     */
    Optional<Checkpoint> furthest(String trialId, String identity);

    /** Writes a checkpoint, then removes the earlier ones of the same attempt. */
    void write(String trialId, int attempt, int epoch, String identity, Content content);

    /** Keeps the model of a trial, in place of one that is there, where this store keeps models; otherwise does nothing. */
    void keep(String trialId, Model model);

    /** Removes every checkpoint of a trial; it needs none to exist. A model stays. */
    void remove(String trialId);
}
