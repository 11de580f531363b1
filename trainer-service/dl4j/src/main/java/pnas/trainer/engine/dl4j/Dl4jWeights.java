package pnas.trainer.engine.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.random.Draws;
import pnas.trainer.tensor.Tensor;

/**
 * The named arrays of one network: views of its parameters in the layout of {@link Layer}. The library keeps those of a depthwise convolution as
 * (kernel height, kernel width, channels, 1), those of a linear layer as (inputs, outputs), and the running statistics of a norm among its
 * parameters.
 */
final class Dl4jWeights {
    private final Map<String, INDArray> parameters = new LinkedHashMap<>();
    private final Map<String, INDArray> statistics = new LinkedHashMap<>();

    Dl4jWeights(Network network, ComputationGraph graph) {
        for (Node node : network.evaluated()) {
            String name = node.name();
            switch (node.layer()) {
                case Layer.Convolution layer -> {
                    INDArray weight = parameter(graph, name, "W");
                    parameters.put(name + ".weight", layer.groups() == 1 ? weight : weight.permute(2, 3, 0, 1));
                }
                case Layer.BatchNormalisation layer -> {
                    long channels = layer.channels();
                    parameters.put(
                            name + ".weight", parameter(graph, name, "gamma").reshape(channels));
                    parameters.put(
                            name + ".bias", parameter(graph, name, "beta").reshape(channels));
                    statistics.put(
                            name + ".running_mean",
                            parameter(graph, name, "mean").reshape(channels));
                    statistics.put(
                            name + ".running_var", parameter(graph, name, "var").reshape(channels));
                }
                case Layer.Linear layer -> {
                    parameters.put(name + ".weight", parameter(graph, name, "W").permute(1, 0));
                    parameters.put(name + ".bias", parameter(graph, name, "b").reshape(layer.outputs()));
                }
                case Layer.Unweighted _ -> {}
            }
        }
    }

    private static INDArray parameter(ComputationGraph graph, String node, String key) {
        return graph.getLayer(node).getParam(key);
    }

    /** The trained arrays by node and role, for instance {@code stem.convolution.weight}. */
    Map<String, INDArray> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** The running statistics of the norms, for instance {@code stem.norm.running_mean}. */
    Map<String, INDArray> statistics() {
        return Collections.unmodifiableMap(statistics);
    }

    /** A parameter or a statistic. */
    INDArray named(String name) {
        return Objects.requireNonNull(find(name), name);
    }

    private @Nullable INDArray find(String name) {
        INDArray parameter = parameters.get(name);
        return parameter == null ? statistics.get(name) : parameter;
    }

    /** Parameters and statistics. */
    Map<String, INDArray> all() {
        Map<String, INDArray> all = new LinkedHashMap<>(parameters);
        all.putAll(statistics);
        return all;
    }

    /**
     * Gives every weight its initial value, drawn in the order of the nodes. Layers without a reader, which the graph leaves out, take their draws
     * too: the values depend on the network alone.
     */
    void initialise(Network network, Draws draws) {
        for (Node node : network.nodes()) {
            String weight = node.name() + ".weight";
            String bias = node.name() + ".bias";
            switch (node.layer()) {
                case Layer.Convolution layer -> {
                    // Kaiming normal, fan-out. For a depthwise convolution all output channels count too.
                    double deviation =
                            Math.sqrt(2.0 / (layer.outputChannels() * layer.kernelHeight() * layer.kernelWidth()));
                    fill(weight, draw(layer.parameters(), () -> draws.nextNormal() * deviation));
                }
                case Layer.BatchNormalisation layer -> {
                    fill(weight, draw(layer.channels(), () -> 1));
                    fill(bias, draw(layer.channels(), () -> 0));
                    fill(node.name() + ".running_mean", draw(layer.channels(), () -> 0));
                    fill(node.name() + ".running_var", draw(layer.channels(), () -> 1));
                }
                case Layer.Linear layer -> {
                    double bound = 1 / Math.sqrt(layer.inputs());
                    fill(
                            weight,
                            draw((long) layer.inputs() * layer.outputs(), () -> (2 * draws.nextDouble() - 1) * bound));
                    fill(bias, draw(layer.outputs(), () -> (2 * draws.nextDouble() - 1) * bound));
                }
                case Layer.Unweighted _ -> {}
            }
        }
    }

    private static float[] draw(long count, DoubleSupplier value) {
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.getAsDouble();
        }
        return values;
    }

    private void fill(String name, float[] values) {
        INDArray array = find(name);
        if (array != null) {
            set(array, values);
        }
    }

    /** Gives an array the values, in the order of its indices. */
    static void set(INDArray array, float[] values) {
        try (INDArray given = Nd4j.create(values, array.shape(), 'c')) {
            array.assign(given);
        }
    }

    /** Fails where what a file holds for an array has another shape. */
    static void require(Path file, String name, Tensor tensor, INDArray array) throws IOException {
        List<Integer> expected =
                Arrays.stream(array.shape()).mapToObj(Math::toIntExact).toList();
        if (!tensor.shape().equals(expected)) {
            throw new IOException(file + " is of another network: " + name + " must have the shape " + expected
                    + ", got " + tensor.shape());
        }
    }

    /** The values of an array, in the order of its indices. */
    static Tensor tensor(INDArray array) {
        try (INDArray ordered = array.dup('c')) {
            return Tensor.of(array.shape(), ordered.data().asFloat());
        }
    }
}
