package pnas.trainer.engine.vector;

import static pnas.trainer.engine.vector.Lanes.LENGTH;
import static pnas.trainer.engine.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import pnas.message.TrainingSettings;

/** The optimiser: one step for all weights at once. Decay is added to the gradient of every weight. */
final class Descent {
    private static final float RMSPROP_DECAY = 0.9f;
    private static final float NEW_OF_RMSPROP = 0.1f;
    private static final double ADAM_FIRST = 0.9;
    private static final double ADAM_SECOND = 0.999;
    private static final float ADAM_EPSILON = 1e-8f;
    // Rounded once each, as libtorch does: one less the rounded share would be off by more.
    private static final float KEPT_OF_FIRST = (float) ADAM_FIRST;
    private static final float NEW_OF_FIRST = (float) (1 - ADAM_FIRST);
    private static final float KEPT_OF_SECOND = (float) ADAM_SECOND;
    private static final float NEW_OF_SECOND = (float) (1 - ADAM_SECOND);

    private final TrainingSettings settings;
    private final Weights weights;
    /** Momentum, or the mean of the gradients. */
    final float[] first;
    /** The mean of their squares. */
    final float[] second;

    private long steps;

    Descent(TrainingSettings settings, Weights weights) {
        this.settings = settings;
        this.weights = weights;
        this.first = new float[weights.values.length];
        this.second = new float[weights.values.length];
    }

    long steps() {
        return steps;
    }

    void restore(long done) {
        this.steps = done;
    }

    /** Moves the weights by their gradients. */
    void step(double learningRate) {
        steps++;
        int whole = weights.trained - weights.trained % LENGTH;
        float decay = (float) settings.weightDecay();
        float rate = (float) learningRate;
        float momentum = (float) settings.momentum();
        switch (settings.optimizer()) {
            case SGD -> {
                sgd(whole, decay, rate, momentum);
                sgdRest(whole, decay, rate, momentum);
            }
            case ADAM -> {
                float size = (float) (learningRate / (1 - StrictMath.pow(ADAM_FIRST, (double) steps)));
                float inverse = (float) (1 / Math.sqrt(1 - StrictMath.pow(ADAM_SECOND, (double) steps)));
                adam(whole, decay, size, inverse);
                adamRest(whole, decay, size, inverse);
            }
            case RMSPROP -> {
                rmsprop(whole, decay, rate, momentum);
                rmspropRest(whole, decay, rate, momentum);
            }
        }
    }

    private static FloatVector at(float[] array, int i) {
        return FloatVector.fromArray(SPECIES, array, i);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** With Nesterov's momentum. */
    private void sgd(int whole, float decay, float rate, float momentum) {
        float[] values = weights.values;
        float[] gradients = weights.gradients;
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector w = at(values, i);
            FloatVector g = w.fma(all(decay), at(gradients, i));
            FloatVector v = at(first, i).fma(all(momentum), g);
            v.intoArray(first, i);
            v.fma(all(momentum), g).fma(all(-rate), w).intoArray(values, i);
        }
    }

    private void sgdRest(int whole, float decay, float rate, float momentum) {
        for (int i = whole; i < weights.trained; i++) {
            float w = weights.values[i];
            float g = Math.fma(w, decay, weights.gradients[i]);
            first[i] = Math.fma(first[i], momentum, g);
            weights.values[i] = Math.fma(Math.fma(first[i], momentum, g), -rate, w);
        }
    }

    private void adam(int whole, float decay, float size, float inverse) {
        float[] values = weights.values;
        float[] gradients = weights.gradients;
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector w = at(values, i);
            FloatVector g = w.fma(all(decay), at(gradients, i));
            FloatVector mean = at(first, i).fma(all(KEPT_OF_FIRST), g.mul(NEW_OF_FIRST));
            FloatVector square = at(second, i).fma(all(KEPT_OF_SECOND), g.mul(g).mul(NEW_OF_SECOND));
            mean.intoArray(first, i);
            square.intoArray(second, i);
            FloatVector deviation = square.sqrt().fma(all(inverse), all(ADAM_EPSILON));
            mean.div(deviation).fma(all(-size), w).intoArray(values, i);
        }
    }

    private void adamRest(int whole, float decay, float size, float inverse) {
        for (int i = whole; i < weights.trained; i++) {
            float w = weights.values[i];
            float g = Math.fma(w, decay, weights.gradients[i]);
            first[i] = Math.fma(first[i], KEPT_OF_FIRST, g * NEW_OF_FIRST);
            second[i] = Math.fma(second[i], KEPT_OF_SECOND, g * g * NEW_OF_SECOND);
            float deviation = Math.fma((float) Math.sqrt(second[i]), inverse, ADAM_EPSILON);
            weights.values[i] = Math.fma(first[i] / deviation, -size, w);
        }
    }

    /** With an epsilon of 1 beside the root. */
    private void rmsprop(int whole, float decay, float rate, float momentum) {
        float[] values = weights.values;
        float[] gradients = weights.gradients;
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector w = at(values, i);
            FloatVector g = w.fma(all(decay), at(gradients, i));
            FloatVector square = at(second, i).fma(all(RMSPROP_DECAY), g.mul(g).mul(NEW_OF_RMSPROP));
            square.intoArray(second, i);
            FloatVector v = at(first, i).fma(all(momentum), g.div(square.sqrt().add(1)));
            v.intoArray(first, i);
            v.fma(all(-rate), w).intoArray(values, i);
        }
    }

    private void rmspropRest(int whole, float decay, float rate, float momentum) {
        for (int i = whole; i < weights.trained; i++) {
            float w = weights.values[i];
            float g = Math.fma(w, decay, weights.gradients[i]);
            second[i] = Math.fma(second[i], RMSPROP_DECAY, g * g * NEW_OF_RMSPROP);
            first[i] = Math.fma(first[i], momentum, g / ((float) Math.sqrt(second[i]) + 1));
            weights.values[i] = Math.fma(first[i], -rate, w);
        }
    }
}
