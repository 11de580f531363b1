package pnas.trainer.engine.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingSettings;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.random.Draws;
import pnas.trainer.tensor.SafeTensors;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;
import pnas.trainer.training.TrainableNetwork;

/** A network in training. Every random number comes from draws of its own. */
final class Dl4jNetwork implements TrainableNetwork {
    private static final String FILE = "network.safetensors";
    private static final String DRAWS = "draws";
    private static final String STEPS = "steps";

    private final Network network;
    private final double labelSmoothing;
    private final Draws draws;
    private final ComputationGraph graph;
    private final Dl4jWeights weights;
    private final Statistics statistics;
    private final Descent descent;
    /** The norm that sees the fewest values of an image, which the variance of a batch must not be computed of. */
    private final Optional<Node> smallestNorm;

    private double losses;
    private long steps;

    private Dl4jNetwork(Network network, TrainingSettings settings, long seed) {
        this.network = network;
        this.labelSmoothing = settings.labelSmoothing();
        this.draws = Draws.seededBy("network:" + seed);
        this.graph = Dl4jGraph.build(network, draws);
        this.weights = new Dl4jWeights(network, graph);
        this.statistics = new Statistics(network, graph, weights);
        weights.initialise(network, draws);
        this.descent = new Descent(settings, graph.params());
        this.smallestNorm = network.evaluated().stream()
                .filter(node -> node.layer() instanceof Layer.BatchNormalisation)
                .filter(node -> node.output().area() == 1)
                .findFirst();
    }

    /**
     * Makes a network with fresh weights.
     *
     * @throws PnasException {@code OUT_OF_MEMORY} or {@code ENGINE_FAILURE}
     */
    static Dl4jNetwork create(Network network, TrainingSettings settings, long seed) {
        return NativeWork.call(() -> new Dl4jNetwork(network, settings, seed));
    }

    @Override
    public void step(Batch batch, double learningRate) {
        NativeWork.run(() -> {
            requireNormalisable(batch);
            try (INDArray images = images(batch);
                    INDArray targets = targets(batch)) {
                graph.setInputs(images);
                graph.setLabels(targets);
                graph.computeGradientAndScore();
                losses += graph.score();
                steps++;
                INDArray gradient =
                        graph.getFlattenedGradients().reshape(graph.params().shape());
                statistics.update(graph.params(), gradient, batch.size());
                descent.step(graph.params(), gradient, statistics.trained(), learningRate);
            } finally {
                graph.clearLayersStates();
            }
        });
    }

    private void requireNormalisable(Batch batch) {
        if (batch.size() == 1 && smallestNorm.isPresent()) {
            throw new PnasException(
                    ErrorCode.TRAINING_IMPOSSIBLE,
                    smallestNorm.get().name()
                            + " cannot normalise a batch of one feature map of 1x1: take a larger batch or larger images");
        }
    }

    @Override
    public double takeLoss() {
        double mean = losses / steps;
        losses = 0;
        steps = 0;
        return Double.isFinite(mean) ? mean : Double.NaN;
    }

    @Override
    public int countCorrect(Batch batch) {
        return batch.countCorrect(scores(batch).values(), network.classes());
    }

    /** Scores (N, classes) with running statistics and without dropout. */
    Tensor scores(Batch batch) {
        return NativeWork.call(() -> {
            try (INDArray images = images(batch);
                    INDArray scores = graph.outputSingle(false, images)) {
                return Dl4jWeights.tensor(scores);
            } finally {
                graph.clearLayersStates();
            }
        });
    }

    Dl4jWeights weights() {
        return weights;
    }

    @Override
    public Map<String, Tensor> model() {
        return tensors(weights.all());
    }

    private static Map<String, Tensor> tensors(Map<String, INDArray> arrays) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        NativeWork.run(() -> arrays.forEach((name, array) -> tensors.put(name, Dl4jWeights.tensor(array))));
        return tensors;
    }

    @Override
    public void save(Path directory) throws IOException {
        Map<String, String> metadata =
                Map.of(DRAWS, Long.toString(draws.state()), STEPS, Long.toString(descent.steps()));
        new SafeTensors(metadata, tensors(state())).write(directory.resolve(FILE));
    }

    @Override
    public void restore(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        SafeTensors saved = SafeTensors.read(file);
        Map<String, INDArray> state = state();
        saved.requireTensors(file, state.keySet());
        for (Map.Entry<String, Tensor> each : saved.tensors().entrySet()) {
            Dl4jWeights.require(file, each.getKey(), each.getValue(), Objects.requireNonNull(state.get(each.getKey())));
        }
        NativeWork.run(() -> saved.tensors()
                .forEach((name, tensor) -> Dl4jWeights.set(Objects.requireNonNull(state.get(name)), tensor.values())));
        draws.restore(saved.number(file, DRAWS));
        descent.restore(saved.number(file, STEPS));
    }

    /** Everything that the next step depends on, except two numbers. */
    private Map<String, INDArray> state() {
        Map<String, INDArray> state = new LinkedHashMap<>(weights.all());
        state.putAll(descent.state());
        return state;
    }

    @Override
    public void close() {
        NativeWork.run(() -> {
            descent.close();
            statistics.close();
            graph.close();
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        });
    }

    /** Images (N, C, H, W) of the array's (N, H, W, C). */
    private static INDArray images(Batch batch) {
        ImageShape shape = batch.shape();
        int area = Math.toIntExact(shape.area());
        int channels = shape.channels();
        float[] pixels = new float[batch.size() * area * channels];
        for (int image = 0; image < batch.size(); image++) {
            int start = image * area * channels;
            for (int position = 0; position < area; position++) {
                for (int channel = 0; channel < channels; channel++) {
                    pixels[start + channel * area + position] = batch.pixels()[start + position * channels + channel];
                }
            }
        }
        return Nd4j.create(pixels, new long[] {batch.size(), channels, shape.height(), shape.width()}, 'c');
    }

    /** Targets (N, classes): the share of the true class and that of every class. */
    private INDArray targets(Batch batch) {
        int classes = network.classes();
        float[] targets = new float[batch.size() * classes];
        Arrays.fill(targets, (float) (labelSmoothing / classes));
        for (int image = 0; image < batch.size(); image++) {
            int label = batch.labels()[image];
            if (label < 0 || label >= classes) {
                throw new PnasException(
                        ErrorCode.ENGINE_FAILURE,
                        "a label must be 0 to " + (classes - 1) + ", as there are " + classes + " classes, got "
                                + label);
            }
            targets[image * classes + label] += (float) (1 - labelSmoothing);
        }
        return Nd4j.create(targets, new long[] {batch.size(), classes}, 'c');
    }
}
