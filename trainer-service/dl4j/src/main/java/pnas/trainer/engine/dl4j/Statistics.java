package pnas.trainer.engine.dl4j;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;

/**
 * The running statistics among the parameters of a graph. The library gives each of them a gradient, {@code momentum · (running - batch)}, and
 * leaves the subtraction to its optimisers. Its variance of a batch is that of the sample itself; PyTorch's, which {@link Layer} means, is the
 * unbiased estimate, {@code n / (n - 1)} times as large for n values.
 */
final class Statistics implements AutoCloseable {
    private static final int WEIGHT = 0;
    private static final int MEAN = -1;

    /** By place in the vector of all parameters: {@link #WEIGHT}, {@link #MEAN}, or of a variance the number of values an image has. */
    private final int[] kinds;

    private final INDArray trained;
    /** What the gradients of the statistics are multiplied by, for the batch size of the last step. */
    private final INDArray ofGradient;
    /** What of the statistics themselves is added to that. */
    private final INDArray ofRunning;

    private final INDArray change;
    private int batchSize;

    /** Overwrites the parameters of the graph. */
    Statistics(Network network, ComputationGraph graph, Dl4jWeights weights) {
        INDArray parameters = graph.params();
        parameters.assign(WEIGHT);
        for (Node node : network.evaluated()) {
            if (node.layer() instanceof Layer.BatchNormalisation) {
                weights.named(node.name() + ".running_mean").assign(MEAN);
                weights.named(node.name() + ".running_var").assign(node.output().area());
            }
        }
        this.kinds = parameters.dup('c').data().asInt();
        this.trained = parameters.like();
        this.ofGradient = parameters.like();
        this.ofRunning = parameters.like();
        this.change = parameters.like();
        fill(trained, kind -> kind == WEIGHT ? 1 : 0);
    }

    /** One for each parameter that is a weight, zero for each that is a statistic. */
    INDArray trained() {
        return trained;
    }

    /**
     * Brings the statistics up to date and leaves no gradient for them.
     *
     * @param gradients of all parameters, as the graph has them after a step
     */
    void update(INDArray parameters, INDArray gradients, int size) {
        prepare(size);
        parameters.subi(change.assign(parameters).muli(ofRunning));
        parameters.subi(change.assign(gradients).muli(ofGradient));
        gradients.muli(trained);
    }

    /** {@code running = 0.9·running + 0.1·n/(n-1)·batch}, said by the running value and its gradient. */
    private void prepare(int size) {
        if (size != batchSize) {
            fill(ofGradient, kind -> kind == WEIGHT ? 0 : kind == MEAN ? 1 : unbiased((long) size * kind));
            fill(
                    ofRunning,
                    kind -> kind <= 0 ? 0 : Layer.BatchNormalisation.MOMENTUM * (1 - unbiased((long) size * kind)));
            batchSize = size;
        }
    }

    private static double unbiased(long values) {
        return (double) values / (values - 1);
    }

    private void fill(INDArray array, IntToDoubleFunction valueOfKind) {
        float[] values = new float[kinds.length];
        for (int i = 0; i < kinds.length; i++) {
            values[i] = (float) valueOfKind.applyAsDouble(kinds[i]);
        }
        Dl4jWeights.set(array, values);
    }

    @Override
    public void close() {
        List.of(trained, ofGradient, ofRunning, change).forEach(INDArray::close);
    }
}
