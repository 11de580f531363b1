package pnas.trainer.dataset;

import org.jspecify.annotations.Nullable;
import pnas.dataset.Contents;
import pnas.dataset.DataFolder;
import pnas.dataset.Images;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.DataSet;

/** The data sets that this trainer has. Keeps the last one, which the next job is most likely about. For use by one thread. */
public final class DataSets {
    private final DataFolder folder;
    private @Nullable Loaded last;

    private record Loaded(DataSet dataSet, TrainingData data) {}

    public DataSets(DataFolder folder) {
        this.folder = folder;
    }

    /**
     * The data that a job names, split as it asks.
     *
     * @throws PnasException {@code DATA_SET_MISMATCH} where this trainer has no such data set or another one under its name, and whatever
     *     {@link DataFolder#read} throws
     */
    public TrainingData load(DataSet expected) {
        Loaded loaded = last;
        if (loaded == null || !loaded.dataSet().equals(expected)) {
            last = null; // Two data sets at once may be more than the memory holds.
            loaded = new Loaded(expected, read(expected));
            last = loaded;
        }
        return loaded.data();
    }

    private TrainingData read(DataSet expected) {
        Images images = folder.read(expected.name(), expected.image());
        Contents contents = images.contents();
        DataSet found =
                contents.dataSet(expected.name(), expected.training(), expected.validation(), expected.splitSeed());
        if (!found.equals(expected)) {
            throw mismatch("expected " + expected + ", found " + found);
        }
        if (expected.training() + expected.validation() > contents.trainable()) {
            throw mismatch(
                    "expected " + expected + ", found " + contents.trainable() + " images to train and validate on");
        }
        return new TrainingData(images, Split.of(images, expected));
    }

    private static PnasException mismatch(String what) {
        return new PnasException(
                ErrorCode.DATA_SET_MISMATCH, "the job is about another data set than this trainer has: " + what);
    }
}
