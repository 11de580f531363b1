package pnas.trainer.engine.torch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;

/**
 * A {@link Network} as operations of libtorch. Feature maps are tensors of shape (N, C, H, W) that lie in memory as the device says.
 */
final class TorchModule {
    /**
     * A node to compute.
     *
     * @param inputs the nodes that it reads
     * @param readLast the nodes that nothing after this one reads
     */
    private record Step(int node, List<Integer> inputs, BoundLayer operation, List<Integer> readLast) {}

    /** What the last pass forward left to the pass back. */
    private record Recorded(Step step, Trained trained) {}

    /**
     * The gradient of a feature map.
     *
     * @param mine whether nothing else reads it
     */
    private record Gradient(Tensor tensor, boolean mine) {}

    private final TorchWeights weights;
    private final TorchDevice device;
    private final List<Step> steps;
    private final int nodes;
    private final List<Recorded> recorded = new ArrayList<>();

    /**
     * Makes a module with fresh weights. It lives as long as the scope that is open.
     *
     * @param generator draws the initial weights in the order of the nodes, later on what dropout drops
     */
    TorchModule(Network network, TorchDevice device, GeneratorOptional generator) {
        this.weights = new TorchWeights(device);
        this.device = device;
        this.steps = steps(network, operations(network, new TorchLayers(weights, device, generator)));
        this.nodes = network.nodes().size();
    }

    /**
     * Computes the scores of images.
     *
     * @param images (N, C, H, W)
     * @param training whether norms take the statistics of the batch, and update the running ones, and whether dropout drops
     * @return scores (N, classes)
     */
    Tensor forward(Tensor images, boolean training) {
        recorded.clear();
        if (training && passesBackItself()) {
            try (NoGradGuard _ = new NoGradGuard()) {
                return compute(images, (step, inputs) -> {
                            Trained trained = step.operation.train(inputs, !step.inputs.contains(0));
                            recorded.add(new Recorded(step, trained));
                            return trained.output();
                        })
                        .requires_grad_(true);
            }
        }
        return compute(images, (step, inputs) -> step.operation.apply(inputs, training));
    }

    /** The passes back of the layers are measured on CPUs only, and gradients that autocast converted are autograd's matter. */
    private boolean passesBackItself() {
        return device.isCpu()
                && device.format() == torch.MemoryFormat.ChannelsLast
                && !torch.is_autocast_enabled(device.type());
    }

    /**
     * Computes the scores.
     *
     * @param layer computes a node from its inputs
     */
    private Tensor compute(Tensor images, BiFunction<Step, List<Tensor>, Tensor> layer) {
        Tensor[] outputs = new Tensor[nodes];
        outputs[0] = images;
        for (Step step : steps) {
            outputs[step.node] = layer.apply(
                    step, step.inputs.stream().map(input -> outputs[input]).toList());
            // Without its handle a feature map lives on only where the backward pass needs it.
            step.readLast.forEach(node -> outputs[node].close());
        }
        return outputs[nodes - 1];
    }

    /**
     * Gives every weight its gradient.
     *
     * @param scores of the last {@link #forward} in training
     * @param loss of the scores, a single number
     */
    void backward(Tensor scores, Tensor loss) {
        loss.backward();
        if (!recorded.isEmpty()) {
            try (NoGradGuard _ = new NoGradGuard()) {
                passBack(scores.grad());
            }
        }
    }

    private void passBack(Tensor ofScores) {
        @Nullable Gradient[] gradients = new Gradient[nodes];
        gradients[nodes - 1] = new Gradient(ofScores, false);
        PointerScope whole = PointerScope.getInnerScope();
        for (Recorded each : recorded.reversed()) {
            Step step = each.step;
            Gradient gradient = requireNonNull(gradients[step.node]);
            try (PointerScope _ = new PointerScope()) {
                List<Tensor> ofInputs = each.trained.backward().apply(gradient.tensor, gradient.mine);
                for (int i = 0; i < ofInputs.size(); i++) {
                    int input = step.inputs.get(i);
                    Gradient before = gradients[input];
                    if (before != null && before.mine) {
                        before.tensor.add_(ofInputs.get(i));
                    } else {
                        gradients[input] = sum(before, ofInputs.get(i), step.operation instanceof Convolution);
                        whole.attach(gradients[input].tensor);
                    }
                }
            }
            gradient.tensor.close();
            each.trained.saved().forEach(Tensor::close);
        }
        recorded.clear();
    }

    /** The sum of the gradients of a feature map so far and another one. */
    private static Gradient sum(@Nullable Gradient sum, Tensor more, boolean mine) {
        if (sum == null) {
            return new Gradient(more, mine);
        }
        try (Tensor before = sum.tensor) {
            return new Gradient(before.add(more), true);
        }
    }

    TorchWeights weights() {
        return weights;
    }

    /** Operations by node. Layers without a reader get their weights too: the draws depend on the network alone. */
    private static List<BoundLayer> operations(Network network, TorchLayers layers) {
        List<BoundLayer> operations = new ArrayList<>();
        operations.add((inputs, training) -> inputs.getFirst()); // The image, which is given.
        network.nodes().stream().skip(1).map(layers::operation).forEach(operations::add);
        return operations;
    }

    /** The nodes that are evaluated, the ReLUs of one feature map once. */
    private static List<Step> steps(Network network, List<BoundLayer> operations) {
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
                    inPlace ? new Relu(true) : operations.get(node.id()),
                    inputs.stream().filter(readLater::add).toList()));
        }
        return List.copyOf(steps.reversed());
    }

    /** Whether the layer's output is memory of its own that its backward pass doesn't read, so that its one reader may write there. */
    private static boolean isFree(Layer layer) {
        return switch (layer) {
            case Layer.BatchNormalisation _, Layer.Add _, Layer.Concatenate _ -> true;
            case Layer.Unweighted _, Layer.Convolution _, Layer.Linear _ -> false;
        };
    }
}
