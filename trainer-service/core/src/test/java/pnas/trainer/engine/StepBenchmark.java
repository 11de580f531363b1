package pnas.trainer.engine;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.random.Draws;
import pnas.trainer.training.Batch;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.TrainableNetwork;

/** Steps of one network in one engine. Not part of the suite; prints what it measures (docs/benchmarks.md). */
public abstract class StepBenchmark {
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int BATCH = 32;
    private static final int CLASSES = 10;
    private static final ImageShape IMAGE = new ImageShape(32, 32, 3);

    protected abstract NetworkEngine engine();

    @Test
    void steps() {
        Cell published = Cell.parse("sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+max3x3(c-1) | sep5x5(c-1)+sep3x3(c-1)"
                + " | sep3x3(b3)+max3x3(c-1) | sep3x3(c-2)+identity(c-1)");
        Network network =
                NetworkBuilder.build(published.canonical(), new Layout(Layout.Kind.CIFAR, 1, 24), IMAGE, CLASSES, 0);
        TrainingSettings settings = new TrainingSettings(
                Optimizer.SGD, 0.01, 0.9, 5e-4, BATCH, 1, 0, 0, Augmentation.NONE, Precision.FP32, 1);
        Batch batch = batch();
        NetworkEngine engine = engine();
        List<Double> seconds = new ArrayList<>();
        try (TrainableNetwork trained = engine.create(network, settings, 1)) {
            for (int round = -1; round < ROUNDS; round++) {
                long startedAt = System.nanoTime();
                trained.step(batch, settings.learningRate());
                double loss = trained.takeLoss();
                double taken = (System.nanoTime() - startedAt) / 1e9;
                System.out.printf(
                        "%s %s%s: %.3f s, loss %.5f%n",
                        engine.name(), engine.version(), round < 0 ? ", warm up" : "", taken, loss);
                if (round >= 0) {
                    seconds.add(taken);
                }
            }
        }
        seconds.sort(null);
        System.out.printf(
                "%s: median %.3f s, from %.3f to %.3f, %d rounds%n",
                engine.name(), seconds.get(ROUNDS / 2), seconds.getFirst(), seconds.getLast(), ROUNDS);
    }

    private static Batch batch() {
        Draws draws = new Draws(1);
        float[] pixels = new float[Math.toIntExact(BATCH * IMAGE.area() * IMAGE.channels())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) draws.nextNormal();
        }
        int[] labels = new int[BATCH];
        for (int i = 0; i < BATCH; i++) {
            labels[i] = draws.nextInt(CLASSES);
        }
        return new Batch(pixels, labels, BATCH, IMAGE);
    }
}
