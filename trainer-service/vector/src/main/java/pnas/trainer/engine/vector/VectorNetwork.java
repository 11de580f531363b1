package pnas.trainer.engine.vector;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingSettings;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.random.Draws;
import pnas.trainer.tensor.SafeTensors;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;
import pnas.trainer.training.TrainableNetwork;

/** A network in training: its weights, its plan and the one array that the plan works in. */
final class VectorNetwork implements TrainableNetwork {
    private static final String FILE = "network.safetensors";
    private static final String DRAWS = "draws";
    private static final String STEPS = "steps";
    private static final String FIRST = "optimizer.first/";
    private static final String SECOND = "optimizer.second/";

    private final Network network;
    private final Draws draws;
    private final Weights weights;
    private final Plan plan;
    private final Descent descent;
    private final double labelSmoothing;
    private float @Nullable [] memory;

    private double losses;
    private long steps;

    private VectorNetwork(Network network, TrainingSettings settings, long seed) {
        this.network = network;
        this.draws = new Draws(seed);
        this.weights = new Weights(network, draws);
        this.plan = new Plan(network, weights, draws, settings.batchSize());
        this.descent = new Descent(settings, weights);
        this.labelSmoothing = settings.labelSmoothing();
        this.memory = allocate(plan, settings.batchSize());
    }

    /**
     * Makes a network with fresh weights.
     *
     * @throws PnasException {@code OUT_OF_MEMORY} where the heap has no room for a step, {@code TRAINING_IMPOSSIBLE}
     */
    static VectorNetwork create(Network network, TrainingSettings settings, long seed) {
        return new VectorNetwork(network, settings, seed);
    }

    private static float[] allocate(Plan plan, int batch) {
        long bytes = (long) Float.BYTES * plan.length();
        if (Runtime.getRuntime().freeMemory() < bytes) {
            // A heap that may grow does so before it is collected: what former networks left would stay resident.
            System.gc();
        }
        try {
            return new float[plan.length()];
        } catch (OutOfMemoryError e) {
            throw new PnasException(
                    ErrorCode.OUT_OF_MEMORY,
                    "a step of " + batch + " images needs " + megabytes(bytes) + " of the heap, which has "
                            + megabytes(Runtime.getRuntime().maxMemory()) + " in all",
                    e);
        }
    }

    private static String megabytes(long bytes) {
        return ((bytes + (1 << 20) - 1) >> 20) + " MB";
    }

    @Override
    public void step(Batch batch, double learningRate) {
        float[] m = load(batch, 0, batch.size());
        requireNormalisable(batch);
        plan.forward(m, batch.size(), true);
        losses += plan.head().loss(m, batch.labels(), batch.size(), labelSmoothing);
        steps++;
        plan.backward(m, batch.size());
        descent.step(learningRate);
    }

    /** Copies images to where the plan reads them. */
    private float[] load(Batch batch, int first, int count) {
        float[] m = requireOpen();
        if (!batch.shape().equals(network.image())) {
            throw new PnasException(
                    ErrorCode.ENGINE_FAILURE, "images must be " + network.image() + ", got " + batch.shape());
        }
        if (count > plan.batch()) {
            throw new PnasException(
                    ErrorCode.ENGINE_FAILURE,
                    "a step has at most " + plan.batch() + " images, as its settings say, got " + count);
        }
        for (int image = first; image < first + count; image++) {
            int label = batch.labels()[image];
            if (label < 0 || label >= network.classes()) {
                throw new PnasException(
                        ErrorCode.ENGINE_FAILURE,
                        "a label must be 0 to " + (network.classes() - 1) + ", as there are " + network.classes()
                                + " classes, got " + label);
            }
        }
        FeatureMap image = plan.image();
        System.arraycopy(batch.pixels(), first * image.size, m, image.at(0), count * image.size);
        return m;
    }

    private float[] requireOpen() {
        float[] m = memory;
        if (m == null) {
            throw new PnasException(ErrorCode.ENGINE_FAILURE, "the network is closed");
        }
        return m;
    }

    private void requireNormalisable(Batch batch) {
        if ((long) batch.size() * plan.fewestPixels() == 1) {
            throw new PnasException(
                    ErrorCode.TRAINING_IMPOSSIBLE,
                    "a batch of one image becomes feature maps of one pixel, which have no deviation to normalise by:"
                            + " take a larger batch or larger images");
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
        return batch.countCorrect(scores(batch), network.classes());
    }

    /** Scores (N, classes) with running statistics and without dropout, of any number of images. */
    float[] scores(Batch batch) {
        int classes = network.classes();
        float[] scores = new float[batch.size() * classes];
        float[] m = requireOpen();
        plan.beginEvaluation(m);
        try {
            for (int first = 0; first < batch.size(); first += plan.together()) {
                int count = Math.min(plan.together(), batch.size() - first);
                load(batch, first, count);
                plan.forward(m, count, false);
                for (int i = 0; i < count * classes; i++) {
                    scores[first * classes + i] = plan.head().score(m, i / classes, i % classes);
                }
            }
        } finally {
            plan.endEvaluation();
        }
        return scores;
    }

    Weights weights() {
        return weights;
    }

    float @Nullable [] memory() {
        return memory;
    }

    Plan plan() {
        return plan;
    }

    @Override
    public Map<String, Tensor> model() {
        Set<String> evaluated = network.evaluated().stream().map(Node::name).collect(Collectors.toSet());
        Map<String, Tensor> model = weights.all();
        model.keySet().removeIf(name -> !evaluated.contains(name.substring(0, name.lastIndexOf('.'))));
        return model;
    }

    @Override
    public void save(Path directory) throws IOException {
        new SafeTensors(Map.of(DRAWS, Long.toString(draws.state()), STEPS, Long.toString(descent.steps())), state())
                .write(directory.resolve(FILE));
    }

    /** Everything that the next step depends on, except two numbers. */
    private Map<String, Tensor> state() {
        Map<String, Tensor> state = weights.all();
        weights.tensors(descent.first).forEach((name, tensor) -> state.put(FIRST + name, tensor));
        weights.tensors(descent.second).forEach((name, tensor) -> state.put(SECOND + name, tensor));
        return state;
    }

    @Override
    public void restore(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        SafeTensors saved = SafeTensors.read(file);
        Map<String, Tensor> state = state();
        saved.requireTensors(file, state.keySet());
        for (Map.Entry<String, Tensor> each : saved.tensors().entrySet()) {
            Tensor expected = Objects.requireNonNull(state.get(each.getKey()));
            if (!expected.shape().equals(each.getValue().shape())) {
                throw new IOException(file + " is of another network: " + each.getKey() + " has the shape "
                        + each.getValue().shape() + ", expected was " + expected.shape());
            }
        }
        long state0 = saved.number(file, DRAWS);
        long done = saved.number(file, STEPS);
        Map<String, Tensor> values = new LinkedHashMap<>();
        saved.tensors().forEach((name, tensor) -> {
            if (name.startsWith(FIRST)) {
                set(descent.first, name.substring(FIRST.length()), tensor);
            } else if (name.startsWith(SECOND)) {
                set(descent.second, name.substring(SECOND.length()), tensor);
            } else {
                values.put(name, tensor);
            }
        });
        weights.set(values);
        draws.restore(state0);
        descent.restore(done);
    }

    private void set(float[] array, String name, Tensor tensor) {
        System.arraycopy(tensor.values(), 0, array, weights.parameter(name).at(), tensor.values().length);
    }

    /** Gives the array back, the largest part of the heap. */
    @Override
    public void close() {
        memory = null;
    }
}
