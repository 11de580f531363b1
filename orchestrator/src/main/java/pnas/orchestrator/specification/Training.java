package pnas.orchestrator.specification;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import pnas.message.DataSet;
import pnas.message.TrainingSettings;

/** How each network is trained: reads and shows {@link TrainingSettings}. */
public final class Training {
    private static final int MAX_BATCH = 65_536;
    private static final String PREFIX = "training.";

    private Training() {}

    /** See {@link TrainingSettings}. */
    public record TrainingDraft(
            @Nullable String optimizer,
            @Nullable Double learningRate,
            @Nullable Double momentum,
            @Nullable Double weightDecay,
            @Nullable Integer batchSize,
            @Nullable Integer epochs,
            @Nullable Double dropout,
            @Nullable Double labelSmoothing,
            @Nullable String augmentation,
            @Nullable String precision,
            @Nullable Integer threads) {}

    static TrainingSettings read(Given<TrainingDraft> given, DataSet dataSet) {
        TrainingSettings usual = TrainingSettings.DEFAULT;
        Problems problems = given.problems();
        int most = problems.areIn(Data.FIELDS) ? MAX_BATCH : Math.min(dataSet.training(), MAX_BATCH);
        var optimizer =
                problems.constant(PREFIX + "optimizer", given.value(TrainingDraft::optimizer), usual.optimizer());
        int batch = problems.between(
                PREFIX + "batchSize", given.value(TrainingDraft::batchSize, usual.batchSize()), 1, most);
        double learningRate = problems.between(
                PREFIX + "learningRate", given.value(TrainingDraft::learningRate, usual.learningRate()), 1e-9, 10);
        double momentum = problems.between(
                PREFIX + "momentum", given.value(TrainingDraft::momentum, usual.momentum()), 0, 0.9999);
        double weightDecay = problems.between(
                PREFIX + "weightDecay", given.value(TrainingDraft::weightDecay, usual.weightDecay()), 0, 1);
        int epochs = problems.between(PREFIX + "epochs", given.value(TrainingDraft::epochs, usual.epochs()), 1, 10_000);
        double dropout =
                problems.between(PREFIX + "dropout", given.value(TrainingDraft::dropout, usual.dropout()), 0, 0.99);
        double labelSmoothing = problems.between(
                PREFIX + "labelSmoothing", given.value(TrainingDraft::labelSmoothing, usual.labelSmoothing()), 0, 0.5);
        var augmentation = problems.constant(
                PREFIX + "augmentation",
                given.value(TrainingDraft::augmentation),
                TrainingSettings.Augmentation.usualFor(dataSet.image()));
        var precision =
                problems.constant(PREFIX + "precision", given.value(TrainingDraft::precision), usual.precision());
        int threads =
                problems.between(PREFIX + "threads", given.value(TrainingDraft::threads, usual.threads()), 1, 256);
        return problems.areBelow(PREFIX)
                ? usual
                : new TrainingSettings(
                        optimizer,
                        learningRate,
                        momentum,
                        weightDecay,
                        batch,
                        epochs,
                        dropout,
                        labelSmoothing,
                        augmentation,
                        precision,
                        threads);
    }

    static String text(TrainingSettings training) {
        return switch (training.optimizer()) {
                    case SGD -> "SGD, momentum " + training.momentum();
                    case ADAM -> "Adam";
                    case RMSPROP -> "RMSProp, momentum " + training.momentum();
                }
                + ", learning rate " + training.learningRate()
                + ", batch " + training.batchSize()
                + ", " + training.epochs() + " epochs"
                + ", weight decay "
                + BigDecimal.valueOf(training.weightDecay())
                        .stripTrailingZeros()
                        .toPlainString()
                + (training.dropout() == 0 ? "" : ", dropout " + training.dropout())
                + (training.labelSmoothing() == 0 ? "" : ", label smoothing " + training.labelSmoothing())
                + switch (training.augmentation()) {
                    case NONE -> "";
                    case CROP_FLIP -> ", random crop and flip";
                }
                + switch (training.precision()) {
                    case FP32 -> "";
                    case BF16, BF16_FORCED -> ", bf16";
                };
    }
}
