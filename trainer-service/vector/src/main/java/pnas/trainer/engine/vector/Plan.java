package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.random.Draws;

/**
 * A network as passes over one array. A step goes through the passes from the first to the last, then back. Made once: afterwards no step decides or
 * allocates anything.
 *
 * <p>Nodes become passes like this: a norm belongs to the convolution before it, a ReLU to what reads it, a depthwise convolution to the 1x1
 * convolution behind it, a concatenation to whatever reads it, and the two paths of a factorised reduction are one convolution.
 */
final class Plan {
    /** What stands for the output of a node while passes are made. */
    private sealed interface Value {
        /**
         * Feature maps that are concatenated, or one.
         *
         * @param relu whether zero is taken for what is less
         * @param shifted whether the first row and column are left out
         */
        record Maps(List<FeatureMap> maps, boolean relu, boolean shifted) implements Value {}

        /** A depthwise convolution whose 1x1 convolution is still to come. */
        record DepthwiseFirst(Layer.Convolution layer, String name, Maps input) implements Value {}

        /** A path of a factorised reduction. */
        record Path(Layer.Convolution layer, String name, Maps input) implements Value {}

        /** Features of the head. */
        record Features(List<FeatureMap> maps, boolean relu, double dropout) implements Value {}
    }

    /** Numbers of the largest feature map of an evaluation: it and those that are needed with it stay in the second cache. No bits depend on it. */
    private static final int TOGETHER = 1 << 18;

    private final Network network;
    private final Weights weights;
    private final Draws draws;
    private final int batch;

    private final Memory memory = new Memory();
    private final List<Pass> passes = new ArrayList<>();
    private final List<FeatureMap> maps = new ArrayList<>();
    /** The buffers that are written at the moment of a pass forward, and read until its pass back. */
    private final IdentityHashMap<Memory.Buffer, Integer> producers = new IdentityHashMap<>();

    private final IdentityHashMap<Norm, FeatureMap> normalised = new IdentityHashMap<>();
    private final Set<Integer> paths = new HashSet<>();
    private final FeatureMap image;
    private final HeadPass head;
    private final int length;
    /** Images of an evaluation that go through all passes together. */
    private final int together;

    /**
     * Compiles a network.
     *
     * @param batch the most images of a step
     * @param draws give what dropout drops
     * @throws PnasException {@code OUT_OF_MEMORY} where the network needs more than one array can have, {@code TRAINING_IMPOSSIBLE} where layers
     *     follow each other as in no network of this search
     */
    Plan(Network network, Weights weights, Draws draws, int batch) {
        this.network = network;
        this.weights = weights;
        this.draws = draws;
        this.batch = batch;
        try {
            for (Node node : network.evaluated()) {
                if (node.layer() instanceof Layer.Concatenate) {
                    paths.addAll(node.inputs());
                }
            }
            Map<Integer, Value> values = new HashMap<>();
            this.image = map(network.image());
            values.put(0, maps(image));
            for (Node node : network.evaluated()) {
                if (node.id() > 0) {
                    values.put(node.id(), value(node, values));
                }
            }
            this.head = (HeadPass) passes.getLast();
            int largest = maps.stream().mapToInt(map -> map.size).max().orElseThrow();
            this.together = Math.clamp(TOGETHER / largest, 1, batch);
            scheduleMemory();
            this.length = memory.layOut();
        } catch (ArithmeticException e) {
            throw new PnasException(
                    ErrorCode.OUT_OF_MEMORY,
                    "a batch of " + batch + " needs more than the " + Integer.MAX_VALUE
                            + " numbers that one array holds: take a smaller batch",
                    e);
        }
    }

    private FeatureMap map(ImageShape shape) {
        FeatureMap map = new FeatureMap(shape, buffer(FeatureMap.size(shape)));
        maps.add(map);
        return map;
    }

    private Memory.Buffer buffer(int ofImage) {
        Memory.Buffer buffer = memory.buffer(Math.multiplyExact((long) ofImage, batch), passes.size());
        producers.put(buffer, passes.size());
        return buffer;
    }

    private static Value.Maps maps(FeatureMap map) {
        return new Value.Maps(List.of(map), false, false);
    }

    private Value value(Node node, Map<Integer, Value> values) {
        List<Value> inputs = node.inputs().stream().map(values::get).toList();
        Value input = inputs.getFirst();
        return switch (node.layer()) {
            case Layer.Input _ -> throw unknown(node);
            case Layer.Relu _ -> {
                Value.Maps read = plain(node, input);
                yield new Value.Maps(read.maps, true, read.shifted);
            }
            case Layer.Shift _ -> {
                Value.Maps read = mapsOf(node, input);
                yield new Value.Maps(read.maps, read.relu, true);
            }
            case Layer.Convolution layer -> convolution(node, layer, input);
            case Layer.BatchNormalisation layer -> {
                FeatureMap map = single(node, input);
                if (map == image || map.norm() instanceof Norm || !(passes.getLast() instanceof ConvolutionPass)) {
                    throw unknown(node);
                }
                Norm norm = new Norm(node.name(), layer, weights);
                map.normalise(norm);
                normalised.put(norm, map);
                yield input;
            }
            case Layer.MaxPool layer -> pool(node, true, layer.stride(), single(node, input));
            case Layer.AveragePool layer -> pool(node, false, layer.stride(), single(node, input));
            case Layer.Add _ -> {
                FeatureMap left = single(node, input);
                FeatureMap right = single(node, inputs.getLast());
                FeatureMap output = map(node.output());
                add(new BlockSum(node.name(), left, right, output));
                yield maps(output);
            }
            case Layer.Concatenate _ -> concatenation(node, inputs);
            case Layer.GlobalAveragePool _ -> {
                Value.Maps read = mapsOf(node, input);
                yield new Value.Features(read.maps, read.relu, 0);
            }
            case Layer.Dropout layer -> {
                Value.Features read = features(node, input);
                yield new Value.Features(read.maps, read.relu, layer.rate());
            }
            case Layer.Linear _ -> {
                Value.Features read = features(node, input);
                add(new HeadPass(
                        node.name(),
                        read.maps,
                        read.relu,
                        !read.maps.contains(image),
                        read.dropout,
                        draws,
                        weights,
                        batch,
                        memory,
                        passes.size()));
                yield read;
            }
        };
    }

    private Value convolution(Node node, Layer.Convolution layer, Value input) {
        if (input instanceof Value.DepthwiseFirst first) {
            return half(node, layer, first);
        }
        Value.Maps read = mapsOf(node, input);
        if (paths.contains(node.id())) {
            return new Value.Path(layer, node.name(), read);
        }
        if (read.shifted) {
            throw unknown(node);
        }
        if (layer.groups() > 1) {
            if (layer.groups() != layer.inputChannels()
                    || layer.groups() != layer.outputChannels()
                    || read.maps.size() > 1) {
                throw unknown(node);
            }
            return new Value.DepthwiseFirst(layer, node.name(), read);
        }
        Window window = Window.of(
                read.maps.getFirst().shape,
                layer.kernelHeight(),
                layer.kernelWidth(),
                layer.strideHeight(),
                layer.strideWidth(),
                layer.dilation(),
                Window.Layout.NUMBERS);
        FeatureMap output = map(node.output());
        add(new ConvolutionPass.Builder(node.name(), read.maps, read.relu, weights, memory)
                .build(
                        window,
                        List.of(new ConvolutionPass.Part(
                                weights.parameter(node.name() + ".weight"), 0, firstNumbers(window.taps()))),
                        output,
                        !read.maps.contains(image),
                        batch));
        return maps(output);
    }

    private static int[] firstNumbers(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    private Value half(Node node, Layer.Convolution layer, Value.DepthwiseFirst first) {
        Layer.Convolution depthwise = first.layer;
        FeatureMap source = first.input.maps.getFirst();
        Window window = Window.of(
                source.shape,
                depthwise.kernelHeight(),
                depthwise.kernelWidth(),
                depthwise.strideHeight(),
                depthwise.strideWidth(),
                depthwise.dilation(),
                Window.Layout.BLOCKS);
        ImageShape between = new ImageShape(window.outputHeight, window.outputWidth, depthwise.outputChannels());
        Window product = Window.of(between, 1, 1, 1, 1, 1, Window.Layout.NUMBERS);
        if (layer.kernelHeight() * layer.kernelWidth() != 1
                || layer.strideHeight() * layer.strideWidth() != 1
                || layer.groups() != 1
                || source == image) {
            throw unknown(node);
        }
        Memory.Buffer kept = buffer(FeatureMap.size(between));
        FeatureMap output = map(node.output());
        add(new ConvolutionPass.Builder(node.name(), first.input.maps, first.input.relu, weights, memory)
                .depthwise(window, weights.parameter(first.name + ".weight"), kept)
                .build(
                        product,
                        List.of(new ConvolutionPass.Part(
                                weights.parameter(node.name() + ".weight"), 0, firstNumbers(1))),
                        output,
                        true,
                        batch));
        return maps(output);
    }

    private Value pool(Node node, boolean isMaximum, int stride, FeatureMap input) {
        if (input == image) {
            throw unknown(node);
        }
        int kernel = Layer.MaxPool.KERNEL;
        Window window = Window.of(input.shape, kernel, kernel, stride, stride, 1, Window.Layout.BLOCKS);
        FeatureMap output = map(node.output());
        add(new PoolPass(node.name(), isMaximum, input, window, output, weights, batch, memory));
        return maps(output);
    }

    private Value concatenation(Node node, List<Value> inputs) {
        if (inputs.getFirst() instanceof Value.Path) {
            return reduction(node, inputs);
        }
        List<FeatureMap> parts =
                inputs.stream().map(input -> single(node, input)).toList();
        if (parts.stream().map(part -> part.shape).distinct().count() > 1) {
            throw unknown(node);
        }
        return new Value.Maps(parts, false, false);
    }

    /** Convolutions of one place each, whose outputs are concatenated: one convolution of as many taps. */
    private Value reduction(Node node, List<Value> inputs) {
        List<Window.Tap> taps = new ArrayList<>();
        List<ConvolutionPass.Part> parts = new ArrayList<>();
        Value.Path one = path(node, inputs.getFirst());
        int outputs = 0;
        for (Value input : inputs) {
            Value.Path path = path(node, input);
            Layer.Convolution layer = path.layer;
            if (!path.input.maps.equals(one.input.maps)
                    || path.input.relu != one.input.relu
                    || layer.kernelHeight() * layer.kernelWidth() != 1
                    || layer.groups() != 1
                    || layer.strideHeight() != one.layer.strideHeight()
                    || layer.strideWidth() != one.layer.strideWidth()) {
                throw unknown(node);
            }
            int shift = path.input.shifted ? 1 : 0;
            parts.add(new ConvolutionPass.Part(
                    weights.parameter(path.name + ".weight"), outputs, new int[] {taps.size()}));
            taps.add(new Window.Tap(shift, shift));
            outputs += layer.outputChannels();
        }
        Window window = new Window(
                one.input.maps.getFirst().shape,
                taps,
                one.layer.strideHeight(),
                one.layer.strideWidth(),
                0,
                0,
                Window.Layout.NUMBERS);
        FeatureMap output = map(node.output());
        add(new ConvolutionPass.Builder(node.name(), one.input.maps, one.input.relu, weights, memory)
                .build(window, parts, output, !one.input.maps.contains(image), batch));
        return maps(output);
    }

    private void add(Pass pass) {
        pass.inputs().forEach(input -> input.readBy(pass));
        passes.add(pass);
    }

    private static Value.Maps mapsOf(Node node, Value value) {
        if (value instanceof Value.Maps read) {
            return read;
        }
        throw unknown(node);
    }

    /** Feature maps of which no ReLU is taken yet. */
    private static Value.Maps plain(Node node, Value value) {
        if (value instanceof Value.Maps read && !read.relu && !read.shifted) {
            return read;
        }
        throw unknown(node);
    }

    private static FeatureMap single(Node node, Value value) {
        Value.Maps read = plain(node, value);
        if (read.maps.size() > 1) {
            throw unknown(node);
        }
        return read.maps.getFirst();
    }

    private static Value.Path path(Node node, Value value) {
        if (value instanceof Value.Path path) {
            return path;
        }
        throw unknown(node);
    }

    private static Value.Features features(Node node, Value value) {
        return switch (value) {
            case Value.Features features -> features;
            case Value.Maps read -> new Value.Features(read.maps, read.relu, 0);
            case Value.DepthwiseFirst _, Value.Path _ -> throw unknown(node);
        };
    }

    private static PnasException unknown(Node node) {
        return new PnasException(
                ErrorCode.TRAINING_IMPOSSIBLE,
                "engine " + VectorEngine.NAME + " has no pass for " + node.name() + ", which is " + node.layer()
                        + ", behind what it reads: take another engine");
    }

    /** When each buffer is in use: a pass has the moment of its number forward, and back the moments in the opposite order. */
    private void scheduleMemory() {
        producers.forEach((buffer, pass) -> buffer.use(back(pass)));
        image.values().use(back(0));
        IdentityHashMap<Pass, Integer> moments = new IdentityHashMap<>();
        for (int i = 0; i < passes.size(); i++) {
            moments.put(passes.get(i), i);
        }
        for (FeatureMap map : maps.reversed()) {
            int producer = producers.getOrDefault(map.values(), 0);
            int last = map.readers().stream()
                    .mapToInt(reader -> moments.getOrDefault(reader, 0))
                    .max()
                    .orElse(producer);
            map.values().inEvaluation((long) map.size * together, producer, last);
            if (map == image) {
                continue;
            }
            if (map.readers().size() == 1 && map.readers().getFirst() instanceof BlockSum sum) {
                Memory.Buffer shared = sum.output().gradient();
                if (shared == null) {
                    throw new IllegalStateException(sum.name() + " has no gradient");
                }
                shared.use(back(producer));
                map.gradient(shared);
            } else {
                Memory.Buffer gradient = memory.buffer(Math.multiplyExact((long) map.size, batch), back(last));
                gradient.use(back(producer));
                map.gradient(gradient);
            }
        }
    }

    /** The moment of the pass back. */
    private int back(int pass) {
        return 2 * passes.size() - pass;
    }

    List<Pass> passes() {
        return Collections.unmodifiableList(passes);
    }

    HeadPass head() {
        return head;
    }

    FeatureMap image() {
        return image;
    }

    /** Numbers of the array. */
    int length() {
        return length;
    }

    /** The most images of a step. */
    int batch() {
        return batch;
    }

    Network network() {
        return network;
    }

    /** The node whose norm sees the fewest numbers for each image, and how many: a batch of one number has no deviation. */
    int fewestPixels() {
        return normalised.values().stream().mapToInt(FeatureMap::pixels).min().orElse(Integer.MAX_VALUE);
    }

    /** Images of an evaluation that go through the passes together. */
    int together() {
        return together;
    }

    /** Begins an evaluation: feature maps get the places that they have in one. */
    void beginEvaluation(float[] m) {
        memory.place(Memory.Use.EVALUATION);
        for (Pass pass : passes) {
            pass.prepare(m);
        }
    }

    /** Ends it: feature maps get the places that they have in a step of a training. */
    void endEvaluation() {
        memory.place(Memory.Use.TRAINING);
    }

    /** Computes the scores of the images that lie in {@link #image}. */
    void forward(float[] m, int images, boolean training) {
        for (int i = 0; i < passes.size(); i++) {
            passes.get(i).forward(m, images, training);
        }
    }

    void begin() {
        for (int i = 0; i < maps.size(); i++) {
            maps.get(i).beginGradient();
        }
    }

    /** Gives every weight its gradient. */
    void backward(float[] m, int images) {
        begin();
        for (int i = passes.size() - 1; i >= 0; i--) {
            passes.get(i).backward(m, images);
        }
    }
}
