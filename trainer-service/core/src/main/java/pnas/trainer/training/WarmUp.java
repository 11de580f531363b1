package pnas.trainer.training;

import java.util.Random;
import java.util.function.BooleanSupplier;
import pnas.cell.Cell;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.NetworkBuilder;

/** Steps of small networks of all operations, by which the JVM learns what to compile before the first job comes. */
final class WarmUp {
    /** Enough for the second compiler to have seen every kernel. */
    private static final int STEPS = 150;

    private static final int BATCH = 8;
    private static final int CLASSES = 10;
    private static final ImageShape IMAGE = new ImageShape(8, 8, 1);
    private static final Cell CELL = Cell.parse(
            "sep3x3(c-1)+sep5x5(c-2) | sep7x7(c-1)+conv1x7_7x1(c-2) | max3x3(c-1)+avg3x3(c-2) | dil3x3(c-1)+identity(c-2)");
    private static final TrainingSettings SETTINGS =
            new TrainingSettings(Optimizer.SGD, 0.01, 0.9, 5e-4, BATCH, 1, 0, 0, Augmentation.NONE, Precision.FP32, 1);

    private WarmUp() {}

    /** @param wanted whether a job has come; asked before every step */
    static void run(NetworkEngine engine, BooleanSupplier wanted) {
        Batch batch = batch();
        try (TrainableNetwork network = engine.create(
                NetworkBuilder.build(CELL, new Layout(Layout.Kind.CIFAR, 1, 8), IMAGE, CLASSES, 0), SETTINGS, 0)) {
            for (int step = 0; step < STEPS && !wanted.getAsBoolean(); step++) {
                network.step(batch, SETTINGS.learningRate());
                network.countCorrect(batch);
            }
        }
    }

    private static Batch batch() {
        Random random = new Random(0);
        float[] pixels = new float[BATCH * IMAGE.height() * IMAGE.width() * IMAGE.channels()];
        int[] labels = new int[BATCH];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < BATCH; i++) {
            labels[i] = random.nextInt(CLASSES);
        }
        return new Batch(pixels, labels, BATCH, IMAGE);
    }
}
