package pnas.trainer.engine.vector;

import java.util.Arrays;
import java.util.List;
import pnas.trainer.random.Draws;

/** The end of a network: ReLU, mean of each channel, dropout, linear layer; and the loss with its gradient. */
final class HeadPass implements Pass {
    private final String name;
    private final List<FeatureMap> inputs;
    private final boolean relu;
    private final boolean wanted;
    private final double dropout;
    private final Draws draws;
    private final Weights weights;
    private final Weights.Place weight;
    private final Weights.Place bias;

    private final int features;
    private final int channels;
    private final int classes;
    private final int pitch;
    private final int area;
    private final int[] rows;
    private final int[] scoreRows;
    private final float[] ofChannels;

    private final Memory.Buffer values;
    private final Memory.Buffer kept;
    private final Memory.Buffer scores;
    private final Memory.Buffer matrix;
    private final Memory.Buffer ofMatrix;
    private final Memory.Buffer turned;
    private final Memory.Buffer ofValues;
    private final double[] exponentials;

    private static final int[] ONE_TAP = {0};

    /**
     * A head.
     *
     * @param name of the linear layer
     * @param inputs the parts of the concatenation that it reads, or one feature map
     * @param wanted whether their gradients are read
     * @param dropout probability that a feature is dropped
     * @param draws give what dropout drops
     * @param batch the most images
     * @param moment of the pass forward; the pass back is two moments later
     */
    HeadPass(
            String name,
            List<FeatureMap> inputs,
            boolean relu,
            boolean wanted,
            double dropout,
            Draws draws,
            Weights weights,
            int batch,
            Memory memory,
            int moment) {
        this.name = name;
        this.inputs = List.copyOf(inputs);
        this.relu = relu;
        this.wanted = wanted;
        this.dropout = dropout;
        this.draws = draws;
        this.weights = weights;
        this.weight = weights.parameter(name + ".weight");
        this.bias = weights.parameter(name + ".bias");
        this.channels = inputs.getFirst().shape.channels();
        this.area = inputs.getFirst().pixels();
        this.features = inputs.size() * channels;
        this.classes = weight.shape().getFirst();
        this.pitch = Lanes.padded(classes);
        this.rows = new int[batch];
        this.scoreRows = new int[batch];
        for (int image = 0; image < batch; image++) {
            rows[image] = image * features;
            scoreRows[image] = image * classes;
        }
        this.ofChannels = new float[Lanes.period(channels)];
        this.values = buffer(memory, (long) batch * features, moment);
        values.inEvaluation(values.length(), moment, moment);
        this.kept = buffer(memory, (long) batch * features, moment);
        this.scores = buffer(memory, (long) batch * classes, moment);
        scores.inEvaluation(scores.length(), moment, moment);
        this.matrix = buffer(memory, (long) features * pitch, moment).forAllOfEvaluation();
        this.ofMatrix = buffer(memory, (long) features * pitch, moment);
        this.turned = buffer(memory, (long) classes * Lanes.padded(features), moment);
        this.ofValues = buffer(memory, (long) batch * features, moment);
        this.exponentials = new double[classes];
    }

    private static Memory.Buffer buffer(Memory memory, long length, int moment) {
        Memory.Buffer buffer = memory.buffer(length, moment);
        buffer.use(moment + 2);
        return buffer;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<FeatureMap> inputs() {
        return inputs;
    }

    @Override
    public long multiplyAdds() {
        return (long) features * classes;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * (features * area + classes);
    }

    @Override
    public void prepare(float[] m) {
        for (int f = 0; f < features; f++) {
            for (int c = 0; c < pitch; c++) {
                m[matrix.at() + Products.place(features, f, c)] =
                        c < classes ? weights.values[weight.at() + c * features + f] : 0;
            }
        }
    }

    @Override
    public void forward(float[] m, int images, boolean training) {
        if (training) {
            prepare(m);
        }
        for (int image = 0; image < images; image++) {
            for (int input = 0; input < inputs.size(); input++) {
                FeatureMap map = inputs.get(input);
                Elementwise.sums(m, map.at(image), map.size, map.norm(), relu, ofChannels);
                int to = values.at() + image * features + input * channels;
                for (int c = 0; c < channels; c++) {
                    double sum = 0;
                    for (int i = c; i < ofChannels.length; i += channels) {
                        sum += ofChannels[i];
                    }
                    m[to + c] = (float) (sum / area);
                }
            }
        }
        if (training && dropout > 0) {
            float factor = (float) (1 / (1 - dropout));
            for (int i = 0; i < images * features; i++) {
                float share = draws.nextDouble() < dropout ? 0 : factor;
                m[kept.at() + i] = share;
                m[values.at() + i] *= share;
            }
        }
        Products.multiply(m, values.at(), rows, images, ONE_TAP, features, matrix.at(), scores.at(), classes);
        for (int i = 0; i < images * classes; i++) {
            m[scores.at() + i] += weights.values[bias.at() + i % classes];
        }
    }

    /** The score of a class. */
    float score(float[] m, int image, int label) {
        return m[scores.at() + image * classes + label];
    }

    /**
     * The mean cross-entropy of a batch. Puts the gradient of the scores in the place of the scores. Exponentials and logarithms are those that Java
     * promises bit for bit.
     *
     * @param smoothing the share of the target that is spread over all classes
     */
    double loss(float[] m, int[] labels, int images, double smoothing) {
        double loss = 0;
        double everywhere = smoothing / classes;
        for (int image = 0; image < images; image++) {
            int row = scores.at() + image * classes;
            double most = m[row];
            for (int c = 1; c < classes; c++) {
                most = Math.max(most, m[row + c]);
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                exponentials[c] = StrictMath.exp(m[row + c] - most);
                sum += exponentials[c];
            }
            double logarithm = StrictMath.log(sum);
            for (int c = 0; c < classes; c++) {
                double target = c == labels[image] ? everywhere + 1 - smoothing : everywhere;
                loss -= target * (m[row + c] - most - logarithm);
                m[row + c] = (float) ((exponentials[c] / sum - target) / images);
            }
        }
        return loss / images;
    }

    @Override
    public void backward(float[] m, int images) {
        Arrays.fill(m, ofMatrix.at(), ofMatrix.at() + features * pitch, 0);
        Products.gradient(m, values.at(), rows, images, ONE_TAP, features, scores.at(), classes, ofMatrix.at(), pitch);
        for (int c = 0; c < classes; c++) {
            double sum = 0;
            for (int image = 0; image < images; image++) {
                sum += m[scores.at() + image * classes + c];
            }
            weights.gradients[bias.at() + c] = (float) sum;
            for (int f = 0; f < features; f++) {
                weights.gradients[weight.at() + c * features + f] = m[ofMatrix.at() + f * pitch + c];
            }
        }
        if (wanted) {
            passBack(m, images);
        }
    }

    private void passBack(float[] m, int images) {
        int across = Lanes.padded(features);
        for (int c = 0; c < classes; c++) {
            for (int f = 0; f < across; f++) {
                m[turned.at() + Products.place(classes, c, f)] =
                        f < features ? weights.values[weight.at() + c * features + f] : 0;
            }
        }
        Products.multiply(m, scores.at(), scoreRows, images, ONE_TAP, classes, turned.at(), ofValues.at(), features);
        for (int input = 0; input < inputs.size(); input++) {
            FeatureMap map = inputs.get(input);
            for (int image = 0; image < images; image++) {
                for (int i = 0; i < ofChannels.length; i++) {
                    int feature = image * features + input * channels + i % channels;
                    float share = dropout > 0 ? m[kept.at() + feature] : 1;
                    ofChannels[i] = m[ofValues.at() + feature] * share / area;
                }
                Elementwise.spread(
                        m,
                        ofChannels,
                        map.at(image),
                        map.norm(),
                        relu,
                        map.gradientAt(image),
                        map.size,
                        map.hasGradient());
            }
            map.endReceiving();
        }
    }
}
