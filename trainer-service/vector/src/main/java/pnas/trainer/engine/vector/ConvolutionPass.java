package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution with all that goes with it: the ReLU before it, the concatenation that it reads, a depthwise convolution before it, the
 * statistics of the norm behind it. Each is done for a group of images at a time, of such a size that a group stays in the cache from the one to the
 * next.
 *
 * <p>A concatenation is never written: the convolution reads its parts one after the other, as further taps. A factorised reduction, two
 * convolutions whose outputs are concatenated, is one convolution of two taps, each of which has weights for its own outputs alone.
 */
final class ConvolutionPass implements Pass {
    /** So many numbers of a group are about what a cache of the first or second level holds. It decides where sums are split, so it never changes. */
    private static final int GROUP = 1 << 15;

    /**
     * Weights of some of the outputs.
     *
     * @param weight where they are, in the shape of {@link pnas.network.Layer.Convolution}
     * @param firstOutput the first of the outputs
     * @param taps the taps that they are of, in the order of their kernel
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Part(Weights.Place weight, int firstOutput, int[] taps) {
        int outputs() {
            return weight.shape().getFirst();
        }
    }

    /**
     * Where the gradients of the pixels of one input at one place within a stride come from.
     *
     * @param matrix weights of its taps: outputs down, channels of the input across
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Back(int input, Window.Parity parity, int[] rows, Memory.Buffer matrix) {}

    private final String name;
    private final List<FeatureMap> inputs;
    private final boolean relu;
    private final boolean wanted;
    private final Window window;
    private final Window.GradientPlane gradients;
    private final List<Part> parts;
    private final FeatureMap output;
    private final Weights weights;
    private final @Nullable Depthwise depthwise;
    private final Memory.@Nullable Buffer between;

    private final int channels;
    private final int outputs;
    private final int pixels;
    private final int group;
    private final int pitch;
    private final int inputPitch;
    private final int[] rows;
    private final int[] taps;
    private final List<Back> back = new ArrayList<>();

    private final Memory.Buffer planes;
    private final Memory.Buffer row;
    private final Memory.Buffer matrix;
    private final Memory.Buffer ofMatrix;
    private final Memory.Buffer gradient;
    private final Memory.Buffer gradientPlanes;
    private final Memory.Buffer someRows;
    private final Memory.Buffer result;

    /** What a convolution is made of. */
    static final class Builder {
        private final String name;
        private final List<FeatureMap> inputs;
        private final boolean relu;
        private final Weights weights;
        private final Memory memory;
        private @Nullable Window depthwiseWindow;
        private Weights.@Nullable Place depthwiseWeight;
        private Memory.@Nullable Buffer between;

        /**
         * Begins one.
         *
         * @param inputs the parts of the concatenation that it reads, or one feature map
         */
        Builder(String name, List<FeatureMap> inputs, boolean relu, Weights weights, Memory memory) {
            this.name = name;
            this.inputs = inputs;
            this.relu = relu;
            this.weights = weights;
            this.memory = memory;
        }

        /**
         * Has a depthwise convolution before it, to which the ReLU and the inputs belong.
         *
         * @param output where what it computes is kept for the pass back
         */
        Builder depthwise(Window by, Weights.Place weight, Memory.Buffer output) {
            this.depthwiseWindow = by;
            this.depthwiseWeight = weight;
            this.between = output;
            return this;
        }

        ConvolutionPass build(Window window, List<Part> parts, FeatureMap output, boolean wanted, int batch) {
            return new ConvolutionPass(this, window, parts, output, wanted, batch);
        }
    }

    /**
     * A convolution.
     *
     * @param window of its taps, over the output of the depthwise convolution where there is one
     * @param wanted whether the gradients of the inputs are read
     */
    private ConvolutionPass(
            Builder from, Window window, List<Part> parts, FeatureMap output, boolean wanted, int batch) {
        this.name = from.name;
        this.inputs = List.copyOf(from.inputs);
        this.relu = from.relu;
        this.wanted = wanted;
        this.window = window;
        this.parts = List.copyOf(parts);
        this.output = output;
        this.weights = from.weights;
        this.between = from.between;
        this.channels = window.input.channels();
        this.outputs = output.shape.channels();
        this.pixels = output.pixels();
        this.gradients = window.gradients(outputs);
        this.inputPitch = inputs.size() * window.planeSize;
        this.pitch = Lanes.padded(outputs);
        int planesOfImage = from.depthwiseWindow == null ? inputPitch : from.depthwiseWindow.planeSize;
        this.group = Math.clamp(GROUP / Math.max(1, Math.max(planesOfImage, output.size)), 1, batch);
        Memory.Scratch scratch = from.memory.scratch();
        this.depthwise = from.depthwiseWindow == null
                ? null
                : new Depthwise(
                        inputs.getFirst(), relu, from.depthwiseWindow, weights, from.depthwiseWeight, group, scratch);
        this.rows = window.outputs(group, inputPitch);
        this.taps = new int[inputs.size() * window.taps()];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = t / window.taps() * window.planeSize + window.offsets[t % window.taps()];
        }
        int inputPixels = Math.toIntExact(window.input.area());
        this.planes = scratch.part(depthwise == null ? (long) group * inputPitch : 0);
        this.row = scratch.part((long) window.input.width() * channels);
        this.matrix =
                scratch.part(Products.length(taps.length * channels, outputs)).forAllOfEvaluation();
        this.ofMatrix = scratch.part((long) taps.length * channels * pitch);
        this.gradient = scratch.part((long) group * output.size);
        this.gradientPlanes = isStraight() ? gradient : scratch.part((long) group * gradients.size());
        this.someRows = scratch.part(window.isDense() ? 0 : (long) group * inputPixels * channels);
        this.result = scratch.part((long) group * inputPixels * channels);
        for (int input = 0; input < inputs.size(); input++) {
            for (Window.Parity parity : gradients.parities()) {
                back.add(new Back(
                        input,
                        parity,
                        rows(parity),
                        scratch.part(Products.length(parity.taps().length * outputs, channels))));
            }
        }
    }

    /** Whether the plane of gradients is nothing but the gradients. */
    private boolean isStraight() {
        return gradients.size() == output.size && gradients.origin() == 0;
    }

    private int[] rows(Window.Parity parity) {
        int[] places = new int[group * parity.rows() * parity.columns()];
        int i = 0;
        for (int image = 0; image < group; image++) {
            for (int y = 0; y < parity.rows(); y++) {
                for (int x = 0; x < parity.columns(); x++) {
                    places[i++] = image * gradients.size() + parity.base() + y * gradients.pitch() + x * outputs;
                }
            }
        }
        return places;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<FeatureMap> inputs() {
        return inputs;
    }

    /** Whether a depthwise convolution comes first. */
    boolean isSeparable() {
        return depthwise != null;
    }

    boolean relu() {
        return relu;
    }

    @Override
    public long multiplyAdds() {
        long all = 0;
        for (Part part : parts) {
            all += (long) part.weight.length() * pixels;
        }
        return all + (depthwise == null ? 0 : depthwise.multiplyAdds());
    }

    @Override
    public long bytes() {
        long read = inputs.stream().mapToLong(input -> input.size).sum();
        long kept = between == null ? 0 : inputPitch;
        return Float.BYTES * (read + kept + output.size);
    }

    @Override
    public void prepare(float[] m) {
        pack(m);
        if (depthwise != null) {
            depthwise.prepare(m);
        }
        if (output.norm() instanceof Norm norm) {
            norm.useRunning();
        }
    }

    @Override
    public void forward(float[] m, int images, boolean training) {
        if (training) {
            pack(m);
        }
        if (depthwise != null) {
            if (training) {
                depthwise.prepare(m);
            }
            depthwise.beginForward(m);
        } else {
            clearPlanes(m);
        }
        Norm norm = training && output.norm() instanceof Norm each ? each : null;
        for (int first = 0; first < images; first += group) {
            int count = Math.min(group, images - first);
            int from = depthwise != null && !training ? result.at() : readPlace(first);
            read(m, first, count, from, true);
            Products.multiply(m, from, rows, count * pixels, taps, channels, matrix.at(), output.at(first), outputs);
            if (norm != null) {
                norm.count(m, output.at(first), count * pixels);
            }
        }
        if (norm != null) {
            norm.finish();
        }
    }

    private void clearPlanes(float[] m) {
        if (!window.isPlain()) {
            Arrays.fill(m, planes.at(), planes.at() + (int) planes.length(), 0);
        }
    }

    /** Where the taps of a group read in a step of a training: behind a depthwise convolution it is kept for the pass back. */
    private int readPlace(int first) {
        return between == null ? planes.at() : between.at() + first * inputPitch;
    }

    /** Brings what the taps of a group read to one place. */
    private void read(float[] m, int first, int count, int to, boolean forward) {
        if (depthwise != null) {
            if (forward) {
                depthwise.forward(m, first, count, to);
            }
            return;
        }
        for (int image = 0; image < count; image++) {
            for (int input = 0; input < inputs.size(); input++) {
                FeatureMap map = inputs.get(input);
                window.fill(
                        m,
                        map.at(first + image),
                        map.norm(),
                        relu,
                        to + image * inputPitch + input * window.planeSize,
                        row.at());
            }
        }
    }

    /** The weights as a matrix: for each tap of each input its channels down, outputs across. */
    private void pack(float[] m) {
        Arrays.fill(m, matrix.at(), matrix.at() + (int) matrix.length(), 0);
        int depth = taps.length * channels;
        for (Part part : parts) {
            for (int input = 0; input < inputs.size(); input++) {
                for (int k = 0; k < part.taps.length; k++) {
                    int row = (input * window.taps() + part.taps[k]) * channels;
                    for (int o = 0; o < part.outputs(); o++) {
                        int from = weight(part, o, input, k);
                        int to = matrix.at() + Products.place(depth, row, part.firstOutput + o);
                        for (int c = 0; c < channels; c++) {
                            m[to + c * Lanes.BLOCK] = weights.read(from + c * part.taps.length);
                        }
                    }
                }
            }
        }
    }

    /** Where the weight of an output for the first channel of an input is. */
    private int weight(Part part, int output, int input, int tap) {
        return part.weight.at() + (output * inputs.size() + input) * channels * part.taps.length + tap;
    }

    /** The other way round: for each tap that reaches a pixel its outputs down, channels of the pixel across. */
    private void packBack(float[] m) {
        for (Back each : back) {
            Memory.Buffer to = each.matrix;
            Arrays.fill(m, to.at(), to.at() + (int) to.length(), 0);
            int[] reaching = each.parity.taps();
            for (Part part : parts) {
                for (int t = 0; t < reaching.length; t++) {
                    for (int k = 0; k < part.taps.length; k++) {
                        if (part.taps[k] == reaching[t]) {
                            packBack(m, part, each, k, t);
                        }
                    }
                }
            }
        }
    }

    private void packBack(float[] m, Part part, Back to, int tap, int reaching) {
        int depth = to.parity.taps().length * outputs;
        for (int o = 0; o < part.outputs(); o++) {
            int from = weight(part, o, to.input, tap);
            int row = reaching * outputs + part.firstOutput + o;
            for (int c = 0; c < channels; c++) {
                m[to.matrix.at() + Products.place(depth, row, c)] = weights.read(from + c * part.taps.length);
            }
        }
    }

    @Override
    public void backward(float[] m, int images) {
        if (output.norm() instanceof Norm norm) {
            norm.passBack(m, output.gradientAt(0), output.at(0), group * pixels);
        }
        Arrays.fill(m, ofMatrix.at(), ofMatrix.at() + (int) ofMatrix.length(), 0);
        if (wanted) {
            packBack(m);
        }
        if (depthwise != null) {
            depthwise.beginBackward(m);
        } else {
            clearPlanes(m);
            if (wanted) {
                inputs.forEach(FeatureMap::beginReceiving);
            }
        }
        if (!isStraight()) {
            Arrays.fill(m, gradientPlanes.at(), gradientPlanes.at() + (int) gradientPlanes.length(), 0);
        }
        for (int first = 0; first < images; first += group) {
            backward(m, first, Math.min(group, images - first));
        }
        if (depthwise != null) {
            depthwise.endBackward(m);
        } else if (wanted) {
            inputs.forEach(FeatureMap::endReceiving);
        }
        unpack(m);
    }

    private void backward(float[] m, int first, int count) {
        if (output.norm() instanceof Norm norm) {
            Elementwise.throughNorm(
                    m, output.gradientAt(first), output.at(first), gradient.at(), count * output.size, norm);
        } else {
            System.arraycopy(m, output.gradientAt(first), m, gradient.at(), count * output.size);
        }
        int from = readPlace(first);
        read(m, first, count, from, false);
        Products.gradient(m, from, rows, count * pixels, taps, channels, gradient.at(), outputs, ofMatrix.at(), pitch);
        if (!wanted) {
            return;
        }
        if (!isStraight()) {
            int length = window.outputWidth * outputs;
            for (int image = 0; image < count; image++) {
                Depthwise.copyRows(
                        m,
                        gradient.at() + image * output.size,
                        length,
                        gradientPlanes.at() + image * gradients.size() + gradients.origin(),
                        gradients.pitch(),
                        window.outputHeight,
                        length);
            }
        }
        int parities = gradients.parities().size();
        for (int i = 0; i < back.size(); i++) {
            Back each = back.get(i);
            boolean dense = window.isDense();
            Products.multiply(
                    m,
                    gradientPlanes.at(),
                    each.rows,
                    count * each.parity.rows() * each.parity.columns(),
                    each.parity.offsets(),
                    outputs,
                    each.matrix.at(),
                    dense ? result.at() : someRows.at(),
                    channels);
            if (!dense) {
                window.scatter(m, each.parity, someRows.at(), each.parity.columns() * channels, result.at(), count);
            }
            if ((i + 1) % parities == 0) {
                if (depthwise != null) {
                    depthwise.backward(m, first, count, result.at());
                } else {
                    inputs.get(each.input).receive(m, result.at(), first, count, relu);
                }
            }
        }
    }

    private void unpack(float[] m) {
        for (Part part : parts) {
            for (int input = 0; input < inputs.size(); input++) {
                for (int k = 0; k < part.taps.length; k++) {
                    int from = ofMatrix.at()
                            + (input * window.taps() + part.taps[k]) * channels * pitch
                            + part.firstOutput;
                    for (int o = 0; o < part.outputs(); o++) {
                        int to = weight(part, o, input, k);
                        for (int c = 0; c < channels; c++) {
                            weights.gradients[to + c * part.taps.length] = m[from + c * pitch + o];
                        }
                    }
                }
            }
        }
    }
}
