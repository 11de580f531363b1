package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.random.Draws;
import pnas.trainer.tensor.Tensor;

/**
 * Weights and running statistics of a network, each kind in one array, named and shaped as {@link Layer} has them. The weights that a score depends
 * on come first: the others have values, and are never trained.
 */
final class Weights {
    /** A tensor within an array. */
    record Place(int at, List<Integer> shape) {
        int length() {
            return shape.stream().reduce(1, Math::multiplyExact);
        }
    }

    private static final float TINY = 0x1p-30f;

    final float[] values;
    final float[] gradients;
    final float[] running;
    /** How many of the values are trained. */
    final int trained;

    private final Map<String, Place> parameters = new LinkedHashMap<>();
    private final Map<String, Place> statistics = new LinkedHashMap<>();

    /**
     * Fresh weights: Kaiming normal with fan-out for convolutions, one and zero for norms, uniform for the linear layer.
     *
     * @param draws give the initial weights, in the order of the nodes, whether or not a score depends on them
     */
    Weights(Network network, Draws draws) {
        Set<Node> evaluated = Set.copyOf(network.evaluated());
        int at = 0;
        int trainedLength = 0;
        for (boolean isTrained : List.of(true, false)) {
            for (Node node : network.nodes()) {
                if (evaluated.contains(node) == isTrained) {
                    at = place(node, at);
                }
            }
            trainedLength = isTrained ? at : trainedLength;
        }
        this.trained = trainedLength;
        this.values = new float[at];
        this.gradients = new float[at];
        this.running =
                new float[statistics.values().stream().mapToInt(Place::length).sum()];
        network.nodes().forEach(node -> initialise(node, draws));
    }

    private int place(Node node, int from) {
        String name = node.name();
        return switch (node.layer()) {
            case Layer.Convolution layer ->
                parameter(
                        name + ".weight",
                        from,
                        layer.outputChannels(),
                        layer.inputChannels() / layer.groups(),
                        layer.kernelHeight(),
                        layer.kernelWidth());
            case Layer.BatchNormalisation layer -> {
                for (String statistic : List.of(".running_mean", ".running_var")) {
                    int end =
                            statistics.values().stream().mapToInt(Place::length).sum();
                    statistics.put(name + statistic, new Place(end, List.of(layer.channels())));
                }
                yield parameter(name + ".bias", parameter(name + ".weight", from, layer.channels()), layer.channels());
            }
            case Layer.Linear layer ->
                parameter(
                        name + ".bias",
                        parameter(name + ".weight", from, layer.outputs(), layer.inputs()),
                        layer.outputs());
            case Layer.Unweighted _ -> from;
        };
    }

    private int parameter(String name, int at, Integer... shape) {
        Place place = new Place(at, List.of(shape));
        parameters.put(name, place);
        return Math.addExact(at, place.length());
    }

    private void initialise(Node node, Draws draws) {
        String name = node.name();
        switch (node.layer()) {
            case Layer.Convolution layer -> {
                // For a depthwise convolution PyTorch counts all output channels too.
                double deviation =
                        Math.sqrt(2.0 / (layer.outputChannels() * layer.kernelHeight() * layer.kernelWidth()));
                draw(name + ".weight", () -> deviation * draws.nextNormal());
            }
            case Layer.BatchNormalisation _ -> {
                draw(name + ".weight", () -> 1);
                Place variance = statistic(name + ".running_var");
                Arrays.fill(running, variance.at, variance.at + variance.length(), 1);
            }
            case Layer.Linear layer -> {
                double bound = 1 / Math.sqrt(layer.inputs());
                draw(name + ".weight", () -> bound * (2 * draws.nextDouble() - 1));
                draw(name + ".bias", () -> bound * (2 * draws.nextDouble() - 1));
            }
            case Layer.Unweighted _ -> {}
        }
    }

    private void draw(String name, java.util.function.DoubleSupplier next) {
        Place place = parameter(name);
        for (int i = 0; i < place.length(); i++) {
            values[place.at + i] = (float) next.getAsDouble();
        }
    }

    /** A weight by node and role, for instance {@code stem.convolution.weight}. */
    Place parameter(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    /** A running statistic, for instance {@code stem.norm.running_mean}. */
    Place statistic(String name) {
        return Objects.requireNonNull(statistics.get(name), name);
    }

    /** The places of all weights, in the order of the array. */
    Map<String, Place> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** Weights, then running statistics, by name. */
    Map<String, Tensor> all() {
        Map<String, Tensor> all = new LinkedHashMap<>(tensors(values));
        statistics.forEach((name, place) -> all.put(name, copy(running, place)));
        return all;
    }

    /** Numbers of an array that has one for each weight, by the names of the weights. */
    Map<String, Tensor> tensors(float[] ofWeights) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.forEach((name, place) -> tensors.put(name, copy(ofWeights, place)));
        return tensors;
    }

    private static Tensor copy(float[] array, Place place) {
        return new Tensor(place.shape, Arrays.copyOfRange(array, place.at, place.at + place.length()));
    }

    /** Takes over values by name; each must be one of {@link #all} in its shape. */
    void set(Map<String, Tensor> tensors) {
        tensors.forEach((name, tensor) -> {
            boolean isParameter = parameters.containsKey(name);
            Place place = isParameter ? parameter(name) : statistic(name);
            if (!place.shape.equals(tensor.shape())) {
                throw new IllegalArgumentException(
                        name + " must have the shape " + place.shape + ", got " + tensor.shape());
            }
            System.arraycopy(tensor.values(), 0, isParameter ? values : running, place.at, place.length());
        });
    }

    /**
     * What a convolution takes for a weight: zero for one that is tiny. Decay shrinks the weights of a branch that nothing needs without end; what is computed with
     * them would become denormal numbers, with which a processor computes ten times as long.
     */
    float read(int at) {
        return notTiny(values[at]);
    }

    /** Zero for a number that is lost beside any of usual size. */
    static float notTiny(float number) {
        return Math.abs(number) < TINY ? 0 : number;
    }

    /** The names of the weights that are trained. */
    List<String> trainedNames() {
        List<String> names = new ArrayList<>();
        parameters.forEach((name, place) -> {
            if (place.at < trained) {
                names.add(name);
            }
        });
        return names;
    }
}
