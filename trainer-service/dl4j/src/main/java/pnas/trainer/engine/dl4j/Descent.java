package pnas.trainer.engine.dl4j;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import pnas.message.TrainingSettings;

/**
 * The optimiser, over all weights as one vector. Written out because the library's own differ from those of {@link TrainingSettings}: its weight
 * decay spares biases and norms, its RMSProp has its epsilon within the root and no momentum.
 */
final class Descent implements AutoCloseable {
    private static final double ADAM_FIRST_DECAY = 0.9;
    private static final double ADAM_SECOND_DECAY = 0.999;
    private static final double ADAM_EPSILON = 1e-8;
    private static final double RMSPROP_DECAY = 0.9;
    private static final double RMSPROP_EPSILON = 1;

    private final TrainingSettings settings;
    /** Velocity, or the mean of the gradients. */
    private final INDArray first;
    /** Mean of the squares of the gradients. */
    private final INDArray second;

    private final INDArray scratch;
    private long steps;

    Descent(TrainingSettings settings, INDArray weights) {
        this.settings = settings;
        this.first = Nd4j.zeros(weights.dataType(), weights.shape());
        this.second = Nd4j.zeros(weights.dataType(), weights.shape());
        this.scratch = Nd4j.zeros(weights.dataType(), weights.shape());
    }

    /**
     * Changes the weights by one step.
     *
     * @param gradient of the loss by the weights, zero where something is no weight; overwritten
     * @param trained one for a weight, zero for anything else
     */
    void step(INDArray weights, INDArray gradient, INDArray trained, double learningRate) {
        steps++;
        if (settings.weightDecay() > 0) {
            gradient.addi(scratch.assign(weights).muli(trained).muli(settings.weightDecay()));
        }
        switch (settings.optimizer()) {
            case SGD -> {
                first.muli(settings.momentum()).addi(gradient);
                weights.subi(scratch.assign(first)
                        .muli(settings.momentum())
                        .addi(gradient)
                        .muli(learningRate));
            }
            case ADAM -> {
                mean(first, scratch.assign(gradient), ADAM_FIRST_DECAY);
                mean(second, gradient.muli(gradient), ADAM_SECOND_DECAY);
                scratch.assign(second).divi(1 - Math.pow(ADAM_SECOND_DECAY, (double) steps));
                Transforms.sqrt(scratch, false).addi(ADAM_EPSILON);
                // Not in use any more: holds the step.
                gradient.assign(first)
                        .divi(scratch)
                        .muli(learningRate / (1 - Math.pow(ADAM_FIRST_DECAY, (double) steps)));
                weights.subi(gradient);
            }
            case RMSPROP -> {
                mean(second, scratch.assign(gradient).muli(gradient), RMSPROP_DECAY);
                Transforms.sqrt(scratch.assign(second), false).addi(RMSPROP_EPSILON);
                first.muli(settings.momentum()).addi(gradient.divi(scratch));
                weights.subi(scratch.assign(first).muli(learningRate));
            }
        }
    }

    /** {@code mean = decay·mean + (1 - decay)·value}; overwrites the value. */
    private static void mean(INDArray mean, INDArray value, double decay) {
        mean.muli(decay).addi(value.muli(1 - decay));
    }

    /** Everything that the next step depends on, except how many there were. */
    Map<String, INDArray> state() {
        return Map.of("optimizer.first", first, "optimizer.second", second);
    }

    /** How many steps there were. */
    long steps() {
        return steps;
    }

    /** Goes on after this many steps; the arrays of {@link #state} are to be set beside it. */
    void restore(long steps) {
        this.steps = steps;
    }

    @Override
    public void close() {
        List.of(first, second, scratch).forEach(INDArray::close);
    }
}
