package pnas.trainer;

import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.DataSet;
import pnas.message.Replay;
import pnas.message.TrainingJob;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Layout;

/** Jobs on the digits. */
public final class Jobs {
    public static final Cell CELL = Cell.parse("sep3x3(c-1)+identity(c-2)").canonical();

    private Jobs() {}

    public static TrainingSettings settings(int batchSize, int epochs) {
        return new TrainingSettings(
                Optimizer.SGD, 0.1, 0.9, 5e-4, batchSize, epochs, 0, 0, Augmentation.NONE, Precision.FP32, 1);
    }

    /** Settings under which every step's images are varied. */
    public static TrainingSettings varied(int batchSize, int epochs) {
        return new TrainingSettings(
                Optimizer.SGD, 0.1, 0.9, 5e-4, batchSize, epochs, 0, 0, Augmentation.CROP_FLIP, Precision.FP32, 1);
    }

    public static TrainingJob training(String trial, int attempt, TrainingSettings settings) {
        return job(trial, attempt, DataSet.digits(0), settings, false, null);
    }

    /** On a third of the images. */
    public static TrainingJob brief(String trial, int attempt, TrainingSettings settings) {
        DataSet all = DataSet.digits(0);
        DataSet some = new DataSet(
                all.name(), all.contentHash(), all.image(), all.classes(), 400, 100, all.test(), all.splitSeed());
        return job(trial, attempt, some, settings, false, null);
    }

    public static TrainingJob atHalfBatch(String trial, int attempt, TrainingSettings settings) {
        return job(trial, attempt, DataSet.digits(0), settings, true, null);
    }

    public static TrainingJob on(DataSet dataSet) {
        return job("trial", 1, dataSet, settings(128, 1), false, null);
    }

    public static TrainingJob replay(String trial, @Nullable Replay replay) {
        return job(trial, 1, DataSet.digits(0), settings(128, 1), false, replay);
    }

    public static TrainingJob oracle(String trial, double seconds) {
        return replay(trial, new Replay(new Replay.Oracle(7, 0.004), null, seconds));
    }

    private static TrainingJob job(
            String trial,
            int attempt,
            DataSet dataSet,
            TrainingSettings settings,
            boolean halfBatch,
            @Nullable Replay replay) {
        return new TrainingJob(
                TrainingJob.SCHEMA_VERSION,
                "experiment",
                trial,
                attempt,
                CELL,
                dataSet,
                new Layout(Layout.Kind.CIFAR, 1, 8),
                settings,
                halfBatch,
                42,
                replay,
                null);
    }
}
