package pnas.trainer.engine.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;

/**
 * A {@link Network} as operations of libtorch. Feature maps are tensors of shape (N, C, H, W) that lie channels-last in memory, which is the
 * faster layout on CPUs and GPUs alike.
 */
final class TorchModule {
    /**
     * A node to compute.
     *
     * @param inputs the nodes that it reads
     * @param readLast the nodes that nothing after this one reads
     */
    private record Step(int node, List<Integer> inputs, Operation operation, List<Integer> readLast) {}

    private final TorchWeights weights;
    private final TorchLayers layers;
    private final List<Step> steps;
    private final int nodes;

    /**
     * Makes a module with fresh weights. It lives as long as the scope that is open.
     *
     * @param generator draws the initial weights in the order of the nodes, later on what dropout drops
     */
    TorchModule(Network network, TorchDevice device, GeneratorOptional generator) {
        this.weights = new TorchWeights(device);
        this.layers = new TorchLayers(weights, device, generator);
        this.steps = steps(network, operations(network, layers));
        this.nodes = network.nodes().size();
    }

    /**
     * Computes the scores of images.
     *
     * @param images (N, C, H, W), channels-last
     * @param training whether norms take the statistics of the batch, and update the running ones, and whether dropout drops
     * @return scores (N, classes)
     */
    Tensor forward(Tensor images, boolean training) {
        Tensor[] outputs = new Tensor[nodes];
        outputs[0] = images;
        for (Step step : steps) {
            List<Tensor> inputs =
                    step.inputs.stream().map(input -> outputs[input]).toList();
            outputs[step.node] = step.operation.apply(inputs, training);
            // Without its handle a feature map lives on only where the backward pass needs it.
            step.readLast.forEach(node -> outputs[node].close());
        }
        return outputs[nodes - 1];
    }

    /** Gives every weight its gradient, by the loss (a single number) of the scores of the last {@link #forward} in training. */
    void backward(Tensor loss) {
        layers.backward(loss);
    }

    TorchWeights weights() {
        return weights;
    }

    /** Operations by node. Layers without a reader get their weights too: the draws depend on the network alone. */
    private static List<Operation> operations(Network network, TorchLayers layers) {
        Set<Integer> concatenated = new HashSet<>();
        for (Node node : network.nodes()) {
            if (node.layer() instanceof Layer.Concatenate) {
                concatenated.addAll(node.inputs());
            }
        }
        List<Operation> operations = new ArrayList<>();
        operations.add((inputs, training) -> inputs.getFirst()); // The image, which is given.
        for (Node node : network.nodes().subList(1, network.nodes().size())) {
            Operation operation = layers.operation(node);
            boolean isBlockOfSeveral = node.layer() instanceof Layer.Add && concatenated.contains(node.id());
            operations.add(isBlockOfSeveral ? withDenseGradient(operation) : operation);
        }
        return operations;
    }

    /**
     * An operation whose output gets a gradient of its own. The gradient of a concatenation is a slice of a larger tensor, for which the backward
     * pass of batch normalisation takes a path that makes a step half as slow again. Multiplying by one gives a dense gradient and changes no bit.
     */
    private static Operation withDenseGradient(Operation operation) {
        return (inputs, training) -> {
            try (Tensor output = operation.apply(inputs, training);
                    Scalar one = new Scalar(1.0)) {
                return output.mul(one);
            }
        };
    }

    /** The nodes that are evaluated, the ReLUs of one feature map once. */
    private static List<Step> steps(Network network, List<Operation> operations) {
        Map<Integer, Integer> reluOf = new HashMap<>();
        Map<Integer, Integer> computedBy = new HashMap<>();
        List<Node> computed = new ArrayList<>();
        for (Node node : network.evaluated()) {
            int same = node.layer() instanceof Layer.Relu
                    ? reluOf.computeIfAbsent(node.inputs().getFirst(), _ -> node.id())
                    : node.id();
            computedBy.put(node.id(), same);
            if (same == node.id() && !(node.layer() instanceof Layer.Input)) {
                computed.add(node);
            }
        }
        int[] readers = new int[network.nodes().size()];
        computed.stream()
                .flatMap(node -> node.inputs().stream())
                .forEach(input -> readers[computedBy.getOrDefault(input, input)]++);
        List<Step> steps = new ArrayList<>();
        Set<Integer> readLater = new HashSet<>();
        for (Node node : computed.reversed()) {
            List<Integer> inputs = node.inputs().stream()
                    .map(input -> computedBy.getOrDefault(input, input))
                    .toList();
            boolean inPlace = node.layer() instanceof Layer.Relu
                    && readers[inputs.getFirst()] == 1
                    && isFree(network.nodes().get(inputs.getFirst()).layer());
            steps.add(new Step(
                    node.id(),
                    inputs,
                    inPlace ? TorchLayers::reluInPlace : operations.get(node.id()),
                    inputs.stream().filter(readLater::add).toList()));
        }
        return List.copyOf(steps.reversed());
    }

    /** Whether the layer's output is memory of its own that its backward pass doesn't read, so that its one reader may write there. */
    private static boolean isFree(Layer layer) {
        return switch (layer) {
            case Layer.BatchNormalisation _, Layer.Add _, Layer.Concatenate _ -> true;
            case Layer.Input _,
                    Layer.Convolution _,
                    Layer.Relu _,
                    Layer.MaxPool _,
                    Layer.AveragePool _,
                    Layer.Shift _,
                    Layer.GlobalAveragePool _,
                    Layer.Dropout _,
                    Layer.Linear _ -> false;
        };
    }
}
