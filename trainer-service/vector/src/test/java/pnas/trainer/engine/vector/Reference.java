package pnas.trainer.engine.vector;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;

/**
 * A network in doubles, computed node by node with plain loops, in training: what passes are compared with. Feature maps are (N, H, W, C). Has no
 * dropout.
 */
final class Reference {
    private final Network network;
    private final Map<String, double[]> weights = new LinkedHashMap<>();
    private final Map<String, double[]> gradients = new LinkedHashMap<>();
    private final Map<String, double[]> running = new LinkedHashMap<>();
    private final double[][] values;
    private final double[][] ofValues;
    private final double[][] deviations;
    private int images;

    /**
     * A network with given weights.
     *
     * @param weights weights and running statistics by name
     */
    Reference(Network network, Map<String, Tensor> weights) {
        this.network = network;
        int nodes = network.nodes().size();
        this.values = new double[nodes][];
        this.ofValues = new double[nodes][];
        this.deviations = new double[nodes][];
        weights.forEach((name, tensor) -> {
            double[] doubles = new double[tensor.values().length];
            for (int i = 0; i < doubles.length; i++) {
                doubles[i] = tensor.values()[i];
            }
            if (name.contains(".running_")) {
                running.put(name, doubles);
            } else {
                this.weights.put(name, doubles);
                gradients.put(name, new double[doubles.length]);
            }
        });
    }

    Map<String, double[]> weights() {
        return weights;
    }

    Map<String, double[]> gradients() {
        return gradients;
    }

    Map<String, double[]> running() {
        return running;
    }

    private double[] weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private double[] gradient(String name) {
        return Objects.requireNonNull(gradients.get(name), name);
    }

    /** The mean cross-entropy of a batch. */
    double loss(Batch batch, double smoothing) {
        images = batch.size();
        int length =
                Math.toIntExact(images * batch.shape().area() * batch.shape().channels());
        values[0] = new double[length];
        for (int i = 0; i < length; i++) {
            values[0][i] = batch.pixels()[i];
        }
        for (Node node : network.evaluated()) {
            if (node.id() > 0) {
                values[node.id()] = forward(node);
            }
        }
        int classes = network.classes();
        double[] scores = values[values.length - 1];
        double[] ofScores = new double[scores.length];
        double loss = 0;
        for (int image = 0; image < images; image++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(scores[image * classes + c]);
            }
            for (int c = 0; c < classes; c++) {
                double target = smoothing / classes + (c == batch.labels()[image] ? 1 - smoothing : 0);
                double share = Math.exp(scores[image * classes + c]) / sum;
                loss -= target * Math.log(share) / images;
                ofScores[image * classes + c] = (share - target) / images;
            }
        }
        for (int i = 0; i < values.length; i++) {
            ofValues[i] = values[i] == null ? new double[0] : new double[values[i].length];
        }
        ofValues[values.length - 1] = ofScores;
        return loss;
    }

    /** Computes the gradients of the last {@link #loss}. */
    void passBack() {
        gradients.values().forEach(gradient -> Arrays.fill(gradient, 0));
        for (Node node : network.evaluated().reversed()) {
            if (node.id() > 0) {
                backward(node);
            }
        }
    }

    private double[] input(Node node, int which) {
        return values[node.inputs().get(which)];
    }

    private ImageShape inputShape(Node node, int which) {
        return network.nodes().get(node.inputs().get(which)).output();
    }

    private static int at(ImageShape shape, int image, int y, int x, int c) {
        return ((image * shape.height() + y) * shape.width() + x) * shape.channels() + c;
    }

    private interface Visitor {
        void visit(int from, int to, int weight);
    }

    /** Visits every product of a convolution. */
    private void convolve(Node node, Layer.Convolution layer, Visitor visitor) {
        ImageShape from = inputShape(node, 0);
        ImageShape to = node.output();
        int perGroup = layer.inputChannels() / layer.groups();
        int outputsPerGroup = layer.outputChannels() / layer.groups();
        for (int image = 0; image < images; image++) {
            for (int y = 0; y < to.height(); y++) {
                for (int x = 0; x < to.width(); x++) {
                    for (int o = 0; o < to.channels(); o++) {
                        int first = o / outputsPerGroup * perGroup;
                        for (int i = 0; i < perGroup; i++) {
                            for (int ky = 0; ky < layer.kernelHeight(); ky++) {
                                for (int kx = 0; kx < layer.kernelWidth(); kx++) {
                                    int row = y * layer.strideHeight() + ky * layer.dilation() - layer.paddingHeight();
                                    int column = x * layer.strideWidth() + kx * layer.dilation() - layer.paddingWidth();
                                    if (row >= 0 && row < from.height() && column >= 0 && column < from.width()) {
                                        visitor.visit(
                                                at(from, image, row, column, first + i),
                                                at(to, image, y, x, o),
                                                ((o * perGroup + i) * layer.kernelHeight() + ky) * layer.kernelWidth()
                                                        + kx);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** Visits what each number of a 3x3 pool may read; the last one is how many there are. */
    private void pool(Node node, int stride, Visitor visitor) {
        ImageShape from = inputShape(node, 0);
        ImageShape to = node.output();
        for (int image = 0; image < images; image++) {
            for (int y = 0; y < to.height(); y++) {
                for (int x = 0; x < to.width(); x++) {
                    int top = Math.max(0, y * stride - 1);
                    int bottom = Math.min(from.height() - 1, y * stride + 1);
                    int left = Math.max(0, x * stride - 1);
                    int right = Math.min(from.width() - 1, x * stride + 1);
                    int count = (bottom - top + 1) * (right - left + 1);
                    for (int c = 0; c < to.channels(); c++) {
                        for (int row = top; row <= bottom; row++) {
                            for (int column = left; column <= right; column++) {
                                visitor.visit(at(from, image, row, column, c), at(to, image, y, x, c), count);
                            }
                        }
                    }
                }
            }
        }
    }

    private double[] forward(Node node) {
        double[] in = input(node, 0);
        double[] out = new double
                [Math.toIntExact(images * node.output().area() * node.output().channels())];
        int channels = node.output().channels();
        switch (node.layer()) {
            case Layer.Convolution layer -> {
                double[] weight = weight(node.name() + ".weight");
                convolve(node, layer, (from, to, w) -> out[to] += in[from] * weight[w]);
            }
            case Layer.BatchNormalisation _ -> {
                double[] weight = weight(node.name() + ".weight");
                double[] bias = weight(node.name() + ".bias");
                double[] ofMean = Objects.requireNonNull(running.get(node.name() + ".running_mean"));
                double[] ofVariance = Objects.requireNonNull(running.get(node.name() + ".running_var"));
                deviations[node.id()] = new double[2 * channels];
                int pixels = in.length / channels;
                for (int c = 0; c < channels; c++) {
                    double mean = 0;
                    for (int i = c; i < in.length; i += channels) {
                        mean += in[i] / pixels;
                    }
                    double variance = 0;
                    for (int i = c; i < in.length; i += channels) {
                        variance += (in[i] - mean) * (in[i] - mean) / pixels;
                    }
                    double inverse = 1 / Math.sqrt(variance + Layer.BatchNormalisation.EPSILON);
                    deviations[node.id()][c] = mean;
                    deviations[node.id()][channels + c] = inverse;
                    ofMean[c] = 0.9 * ofMean[c] + 0.1 * mean;
                    ofVariance[c] = 0.9 * ofVariance[c] + 0.1 * variance * pixels / (pixels - 1);
                    for (int i = c; i < in.length; i += channels) {
                        out[i] = (in[i] - mean) * inverse * weight[c] + bias[c];
                    }
                }
            }
            case Layer.Relu _ -> Arrays.setAll(out, i -> Math.max(0, in[i]));
            case Layer.MaxPool layer -> {
                Arrays.fill(out, Double.NEGATIVE_INFINITY);
                pool(node, layer.stride(), (from, to, _) -> out[to] = Math.max(out[to], in[from]));
            }
            case Layer.AveragePool layer ->
                pool(node, layer.stride(), (from, to, count) -> out[to] += in[from] / count);
            case Layer.Shift _ -> shift(node, (from, to, _) -> out[to] = in[from]);
            case Layer.Add _ -> Arrays.setAll(out, i -> in[i] + input(node, 1)[i]);
            case Layer.Concatenate _ ->
                concatenate(
                        node,
                        (which, from, to) -> out[to] = values[node.inputs().get(which)][from]);
            case Layer.GlobalAveragePool _ -> {
                int area = Math.toIntExact(inputShape(node, 0).area());
                for (int i = 0; i < in.length; i++) {
                    out[i / (area * channels) * channels + i % channels] += in[i] / area;
                }
            }
            case Layer.Linear layer -> {
                double[] weight = weight(node.name() + ".weight");
                double[] bias = weight(node.name() + ".bias");
                for (int i = 0; i < out.length; i++) {
                    out[i] = bias[i % channels];
                    for (int j = 0; j < layer.inputs(); j++) {
                        out[i] += weight[i % channels * layer.inputs() + j] * in[i / channels * layer.inputs() + j];
                    }
                }
            }
            case Layer.Input _, Layer.Dropout _ -> throw new IllegalArgumentException(node.name());
        }
        return out;
    }

    private void shift(Node node, Visitor visitor) {
        ImageShape shape = node.output();
        for (int image = 0; image < images; image++) {
            for (int y = 0; y + 1 < shape.height(); y++) {
                for (int x = 0; x + 1 < shape.width(); x++) {
                    for (int c = 0; c < shape.channels(); c++) {
                        visitor.visit(at(shape, image, y + 1, x + 1, c), at(shape, image, y, x, c), 0);
                    }
                }
            }
        }
    }

    private interface PartVisitor {
        void visit(int which, int from, int to);
    }

    private void concatenate(Node node, PartVisitor visitor) {
        int pixels = Math.toIntExact(images * node.output().area());
        int before = 0;
        for (int which = 0; which < node.inputs().size(); which++) {
            int channels = inputShape(node, which).channels();
            for (int pixel = 0; pixel < pixels; pixel++) {
                for (int c = 0; c < channels; c++) {
                    visitor.visit(
                            which, pixel * channels + c, pixel * node.output().channels() + before + c);
                }
            }
            before += channels;
        }
    }

    private void backward(Node node) {
        double[] g = ofValues[node.id()];
        double[] in = input(node, 0);
        double[] back = ofValues[node.inputs().getFirst()];
        int channels = node.output().channels();
        switch (node.layer()) {
            case Layer.Convolution layer -> {
                double[] weight = weight(node.name() + ".weight");
                double[] ofWeight = gradient(node.name() + ".weight");
                convolve(node, layer, (from, to, w) -> {
                    back[from] += g[to] * weight[w];
                    ofWeight[w] += g[to] * in[from];
                });
            }
            case Layer.BatchNormalisation _ -> {
                double[] weight = weight(node.name() + ".weight");
                int pixels = in.length / channels;
                for (int c = 0; c < channels; c++) {
                    double mean = deviations[node.id()][c];
                    double inverse = deviations[node.id()][channels + c];
                    double sum = 0;
                    double products = 0;
                    for (int i = c; i < in.length; i += channels) {
                        sum += g[i];
                        products += g[i] * (in[i] - mean) * inverse;
                    }
                    gradient(node.name() + ".bias")[c] = sum;
                    gradient(node.name() + ".weight")[c] = products;
                    for (int i = c; i < in.length; i += channels) {
                        back[i] += weight[c]
                                * inverse
                                * (g[i] - sum / pixels - (in[i] - mean) * inverse * products / pixels);
                    }
                }
            }
            case Layer.Relu _ -> {
                for (int i = 0; i < g.length; i++) {
                    back[i] += in[i] > 0 ? g[i] : 0;
                }
            }
            case Layer.MaxPool layer -> {
                boolean[] given = new boolean[g.length];
                pool(node, layer.stride(), (from, to, _) -> {
                    if (!given[to] && in[from] == values[node.id()][to]) {
                        given[to] = true;
                        back[from] += g[to];
                    }
                });
            }
            case Layer.AveragePool layer ->
                pool(node, layer.stride(), (from, to, count) -> back[from] += g[to] / count);
            case Layer.Shift _ -> shift(node, (from, to, _) -> back[from] += g[to]);
            case Layer.Add _ -> {
                for (int input : node.inputs()) {
                    for (int i = 0; i < g.length; i++) {
                        ofValues[input][i] += g[i];
                    }
                }
            }
            case Layer.Concatenate _ ->
                concatenate(node, (which, from, to) -> ofValues[node.inputs().get(which)][from] += g[to]);
            case Layer.GlobalAveragePool _ -> {
                int area = Math.toIntExact(inputShape(node, 0).area());
                for (int i = 0; i < in.length; i++) {
                    back[i] += g[i / (area * channels) * channels + i % channels] / area;
                }
            }
            case Layer.Linear layer -> {
                double[] weight = weight(node.name() + ".weight");
                for (int i = 0; i < g.length; i++) {
                    gradient(node.name() + ".bias")[i % channels] += g[i];
                    for (int j = 0; j < layer.inputs(); j++) {
                        int w = i % channels * layer.inputs() + j;
                        int feature = i / channels * layer.inputs() + j;
                        gradient(node.name() + ".weight")[w] += g[i] * in[feature];
                        back[feature] += g[i] * weight[w];
                    }
                }
            }
            case Layer.Input _, Layer.Dropout _ -> throw new IllegalArgumentException(node.name());
        }
    }

    /** The names of weights that no score depends on are not among those with a gradient. */
    List<String> names() {
        return List.copyOf(gradients.keySet());
    }
}
