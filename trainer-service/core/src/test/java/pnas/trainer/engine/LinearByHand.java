package pnas.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.benchmark.StepMain;
import pnas.trainer.training.Batch;
import pnas.trainer.training.TrainableNetwork;

/**
 * A linear layer of three inputs and two outputs with its loss and optimiser, in doubles: the network whose gradient is known in closed form. For
 * batches of two images.
 */
public final class LinearByHand {
    private static final ImageShape IMAGE = new ImageShape(1, 1, 3);
    private static final double DECAY = 0.1;
    private static final double SMOOTHING = 0.2;
    private static final int WEIGHTS = 6;

    private final Optimizer optimizer;
    /** Six weights, then two biases. */
    private final double[] values = new double[8];

    private final double[] first = new double[8];
    private final double[] second = new double[8];
    private double loss;
    private int steps;

    /**
     * Starts where an engine starts.
     *
     * @param weight initial weights (2, 3)
     * @param bias initial biases (2)
     */
    private LinearByHand(Optimizer optimizer, float[] weight, float[] bias) {
        this.optimizer = optimizer;
        for (int i = 0; i < values.length; i++) {
            values[i] = i < WEIGHTS ? weight[i] : bias[i - WEIGHTS];
        }
    }

    /** The same for an engine. */
    public static Network network() {
        return new Network(List.of(
                new Node(0, "image", new Layer.Input(IMAGE), List.of(), IMAGE),
                new Node(1, "linear", new Layer.Linear(3, 2), List.of(0), new ImageShape(1, 1, 2))));
    }

    /** The settings that the steps here follow. */
    public static TrainingSettings settings(Optimizer optimizer) {
        return new TrainingSettings(
                optimizer, 0.5, 0.9, DECAY, 2, 1, 0, SMOOTHING, Augmentation.NONE, Precision.FP32, 1);
    }

    /** Fails unless a network of an engine, made of {@link #network} and {@link #settings}, steps as this does. */
    public static void assertThatItSteps(TrainableNetwork network, Optimizer optimizer) {
        LinearByHand byHand =
                new LinearByHand(optimizer, values(network, "linear.weight"), values(network, "linear.bias"));
        for (int step = 1; step <= 3; step++) {
            Batch batch = StepMain.noise(step, 2, IMAGE, 2);
            network.step(batch, 0.5 / step);
            byHand.step(batch, 0.5 / step);

            assertThat(network.takeLoss()).isCloseTo(byHand.loss, within(1e-5));
            assertThat(values(network, "linear.weight")).containsExactly(byHand.floats(0, WEIGHTS), within(1e-5f));
            assertThat(values(network, "linear.bias"))
                    .containsExactly(byHand.floats(WEIGHTS, byHand.values.length), within(1e-5f));
        }
    }

    private static float[] values(TrainableNetwork network, String name) {
        return Objects.requireNonNull(network.model().get(name), name).values();
    }

    private float[] floats(int from, int to) {
        float[] floats = new float[to - from];
        for (int i = from; i < to; i++) {
            floats[i - from] = (float) values[i];
        }
        return floats;
    }

    private void step(Batch batch, double learningRate) {
        double[] gradient = gradient(batch);
        steps++;
        for (int i = 0; i < values.length; i++) {
            double g = gradient[i] + DECAY * values[i];
            values[i] -= learningRate
                    * switch (optimizer) {
                        case SGD -> {
                            first[i] = steps == 1 ? g : 0.9 * first[i] + g;
                            yield g + 0.9 * first[i];
                        }
                        case ADAM -> {
                            first[i] = 0.9 * first[i] + 0.1 * g;
                            second[i] = 0.999 * second[i] + 0.001 * g * g;
                            double mean = first[i] / (1 - Math.pow(0.9, steps));
                            yield mean / (Math.sqrt(second[i] / (1 - Math.pow(0.999, steps))) + 1e-8);
                        }
                        case RMSPROP -> {
                            second[i] = 0.9 * second[i] + 0.1 * g * g;
                            first[i] = 0.9 * first[i] + g / (Math.sqrt(second[i]) + 1);
                            yield first[i];
                        }
                    };
        }
    }

    private double[] gradient(Batch batch) {
        double[] gradient = new double[values.length];
        loss = 0;
        for (int image = 0; image < 2; image++) {
            double[] scores = new double[2];
            for (int output = 0; output < 2; output++) {
                scores[output] = values[WEIGHTS + output];
                for (int input = 0; input < 3; input++) {
                    scores[output] += values[3 * output + input] * batch.pixels()[3 * image + input];
                }
            }
            double sum = Math.exp(scores[0]) + Math.exp(scores[1]);
            for (int output = 0; output < 2; output++) {
                double target = SMOOTHING / 2 + (batch.labels()[image] == output ? 1 - SMOOTHING : 0);
                loss -= target * Math.log(Math.exp(scores[output]) / sum) / 2;
                double error = (Math.exp(scores[output]) / sum - target) / 2;
                gradient[WEIGHTS + output] += error;
                for (int input = 0; input < 3; input++) {
                    gradient[3 * output + input] += error * batch.pixels()[3 * image + input];
                }
            }
        }
        return gradient;
    }
}
