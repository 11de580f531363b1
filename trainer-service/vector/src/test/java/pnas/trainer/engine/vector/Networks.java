package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** Networks, settings and batches for tests. */
final class Networks {
    private final List<Node> nodes = new ArrayList<>();

    private Networks() {}

    /** Begins with an image. */
    static Networks from(ImageShape image) {
        Networks network = new Networks();
        network.add("image", new Layer.Input(image));
        return network;
    }

    /** Adds a layer behind the last one. */
    Networks then(String name, Layer layer) {
        return then(name, layer, nodes.size() - 1);
    }

    /** Adds a layer behind others. */
    Networks then(String name, Layer layer, Integer... inputs) {
        add(name, layer, inputs);
        return this;
    }

    private void add(String name, Layer layer, Integer... inputs) {
        List<Integer> before = List.of(inputs);
        ImageShape output =
                layer.output(before.stream().map(nodes::get).map(Node::output).toList());
        nodes.add(new Node(nodes.size(), name, layer, before, output));
    }

    int channels() {
        return nodes.getLast().output().channels();
    }

    int last() {
        return nodes.size() - 1;
    }

    /** Ends with a head. */
    Network scoring(int classes) {
        then("head.relu", new Layer.Relu());
        then("head.pool", new Layer.GlobalAveragePool());
        then("head.linear", new Layer.Linear(nodes.getLast().output().channels(), classes));
        return new Network(nodes);
    }

    /** What a map has under a name. */
    static <T> T named(Map<String, T> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    static TrainingSettings settings(Optimizer optimizer, int batchSize) {
        return settings(optimizer, batchSize, 0);
    }

    static TrainingSettings settings(Optimizer optimizer, int batchSize, double smoothing) {
        return new TrainingSettings(
                optimizer, 0.05, 0.9, 5e-4, batchSize, 1, 0, smoothing, Augmentation.NONE, Precision.FP32, 1);
    }

    static Batch noise(long seed, int size, ImageShape shape, int classes) {
        return StepMain.noise(seed, size, shape, classes);
    }
}
