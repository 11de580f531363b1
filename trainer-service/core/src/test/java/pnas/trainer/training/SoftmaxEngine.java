package pnas.trainer.training;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import pnas.message.TrainingSettings;
import pnas.network.Network;
import pnas.trainer.random.Draws;
import pnas.trainer.tensor.Tensor;

/** Softmax regression on the pixels, whatever the network: the smallest engine that really learns. SGD with momentum. */
final class SoftmaxEngine implements NetworkEngine {
    private static final int CLASSES = 10;

    private final String version;

    SoftmaxEngine(String version) {
        this.version = version;
    }

    @Override
    public String name() {
        return "softmax";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String deviceKind() {
        return Processor.modelName();
    }

    @Override
    public TrainableNetwork create(Network network, TrainingSettings settings, long seed) {
        return new Regression(settings, seed);
    }

    private static final class Regression implements TrainableNetwork {
        private final TrainingSettings settings;
        private final float[] weights = new float[CLASSES * 65];
        private final float[] velocity = new float[weights.length];
        private double loss;
        private int steps;

        Regression(TrainingSettings settings, long seed) {
            this.settings = settings;
            Draws draws = new Draws(seed);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (0.01 * draws.nextNormal());
            }
        }

        @Override
        public void step(Batch batch, double learningRate) {
            double[] gradient = new double[weights.length];
            for (int image = 0; image < batch.size(); image++) {
                double[] probabilities = probabilities(batch, image);
                loss -= Math.log(probabilities[batch.labels()[image]]) / batch.size();
                for (int label = 0; label < CLASSES; label++) {
                    double error = probabilities[label] - (label == batch.labels()[image] ? 1 : 0);
                    for (int i = 0; i < 64; i++) {
                        gradient[label * 65 + i] += error * batch.pixels()[image * 64 + i] / batch.size();
                    }
                    gradient[label * 65 + 64] += error / batch.size();
                }
            }
            for (int i = 0; i < weights.length; i++) {
                velocity[i] =
                        (float) (settings.momentum() * velocity[i] + gradient[i] + settings.weightDecay() * weights[i]);
                weights[i] -= (float) (learningRate * velocity[i]);
            }
            steps++;
        }

        @Override
        public double takeLoss() {
            double mean = loss / steps;
            loss = 0;
            steps = 0;
            return mean;
        }

        @Override
        public int countCorrect(Batch batch) {
            int correct = 0;
            for (int image = 0; image < batch.size(); image++) {
                double[] probabilities = probabilities(batch, image);
                int best = 0;
                for (int label = 1; label < CLASSES; label++) {
                    best = probabilities[label] > probabilities[best] ? label : best;
                }
                correct += best == batch.labels()[image] ? 1 : 0;
            }
            return correct;
        }

        private double[] probabilities(Batch batch, int image) {
            double[] scores = new double[CLASSES];
            double greatest = Double.NEGATIVE_INFINITY;
            for (int label = 0; label < CLASSES; label++) {
                double score = weights[label * 65 + 64];
                for (int i = 0; i < 64; i++) {
                    score += weights[label * 65 + i] * batch.pixels()[image * 64 + i];
                }
                scores[label] = score;
                greatest = Math.max(greatest, score);
            }
            double sum = 0;
            for (int label = 0; label < CLASSES; label++) {
                scores[label] = Math.exp(scores[label] - greatest);
                sum += scores[label];
            }
            for (int label = 0; label < CLASSES; label++) {
                scores[label] /= sum;
            }
            return scores;
        }

        @Override
        public Map<String, Tensor> model() {
            return Map.of("weights", new Tensor(List.of(CLASSES, 65), weights));
        }

        @Override
        public void save(Path directory) throws IOException {
            try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(directory.resolve("weights")))) {
                for (int i = 0; i < weights.length; i++) {
                    out.writeFloat(weights[i]);
                    out.writeFloat(velocity[i]);
                }
            }
        }

        @Override
        public void restore(Path directory) throws IOException {
            try (DataInputStream in = new DataInputStream(Files.newInputStream(directory.resolve("weights")))) {
                for (int i = 0; i < weights.length; i++) {
                    weights[i] = in.readFloat();
                    velocity[i] = in.readFloat();
                }
            }
        }

        @Override
        public void close() {}
    }
}
