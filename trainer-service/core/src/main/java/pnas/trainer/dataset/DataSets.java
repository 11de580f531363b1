package pnas.trainer.dataset;

import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.DataSet;

/** The data sets that this trainer has. Reads each once. For use by one thread. */
public final class DataSets {
    private @Nullable Images digits;

    /**
     * The data that a job names, split as it asks.
     *
     * @throws PnasException {@code DATA_SET_MISMATCH} where this trainer has no such data set or another one under its name
     */
    public TrainingData load(DataSet expected) {
        if (!expected.name().equals(DataSet.DIGITS)) {
            throw new PnasException(
                    ErrorCode.DATA_SET_MISMATCH,
                    "this trainer has no data set '" + expected.name() + "', only " + DataSet.DIGITS);
        }
        Images images = digits();
        DataSet known = DataSet.digits(expected.splitSeed());
        DataSet found = new DataSet(
                known.name(),
                images.contentHash(),
                images.shape(),
                images.classes(),
                images.size() - known.validation() - known.test(),
                known.validation(),
                known.test(),
                known.splitSeed());
        if (!found.equals(expected)) {
            throw new PnasException(
                    ErrorCode.DATA_SET_MISMATCH,
                    "the job is about another data set than this trainer has: expected " + expected + ", found "
                            + found);
        }
        return new TrainingData(
                images,
                Split.stratified(images, found.contentHash(), found.splitSeed(), found.validation(), found.test()));
    }

    private Images digits() {
        Images images = digits;
        if (images == null) {
            images = DigitsReader.read();
            digits = images;
        }
        return images;
    }
}
