package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of each channel by itself, over one group of images after the other: what its pass does with the group comes next, while it is in
 * the cache. An average pool is one, too, whose weights are ones.
 */
final class Depthwise {
    /**
     * Where the gradients of the pixels at one place within a stride come from.
     *
     * @param weights those of its taps, a period each
     */
    private record Back(Window.Parity parity, Blocks blocks, Memory.Buffer weights) {}

    private final FeatureMap input;
    private final boolean relu;
    private final Window window;
    private final Window.GradientPlane gradients;
    private final Weights weights;
    private final Weights.@Nullable Place weight;
    private final int channels;
    private final int period;
    private final int rowLength;
    private final int rowPitch;

    private final Blocks forward;
    private final Blocks along;
    private final List<Back> back = new ArrayList<>();

    private final Memory.Buffer planes;
    private final Memory.Buffer row;
    private final Memory.Buffer expanded;
    private final Memory.Buffer ofWeights;
    private final Memory.Buffer rows;
    private final Memory.Buffer gradientPlanes;
    private final Memory.Buffer result;

    /**
     * A depthwise convolution.
     *
     * @param weight its weights, null for ones that are never trained
     * @param group the most images at a time
     */
    Depthwise(
            FeatureMap input,
            boolean relu,
            Window window,
            Weights weights,
            Weights.@Nullable Place weight,
            int group,
            Memory.Scratch scratch) {
        this.input = input;
        this.relu = relu;
        this.window = window;
        this.weights = weights;
        this.weight = weight;
        this.channels = input.shape.channels();
        this.period = Lanes.period(channels);
        this.gradients = window.gradients(channels);
        this.rowLength = window.outputWidth * channels;
        this.rowPitch = Lanes.padded(rowLength);
        this.forward = Blocks.forward(window, group, channels, period);
        this.along = Blocks.along(window, gradients, group, channels, period);
        long most = (long) window.outputHeight * rowPitch;
        for (Window.Parity parity : gradients.parities()) {
            int length = parity.columns() * channels;
            int pitch = Lanes.padded(length);
            back.add(new Back(
                    parity,
                    new Blocks(
                            group,
                            parity.rows(),
                            length,
                            period,
                            new Blocks.Rows(parity.base(), gradients.size(), gradients.pitch()),
                            new Blocks.Rows(0, parity.rows() * pitch, pitch)),
                    scratch.part((long) parity.taps().length * period)));
            most = Math.max(most, (long) parity.rows() * pitch);
        }
        long taps = (long) window.taps() * period;
        this.planes = scratch.part((long) group * window.planeSize);
        this.row = scratch.part(input.size);
        this.expanded = scratch.part(taps).forAllOfEvaluation();
        this.ofWeights = scratch.part(taps);
        this.rows = scratch.part(group * most);
        this.gradientPlanes = scratch.part((long) group * gradients.size());
        this.result = scratch.part((long) group * input.size);
    }

    /** Multiply-adds for one image. */
    long multiplyAdds() {
        return (long) window.taps() * window.outputHeight * rowLength;
    }

    /** Lays out the weights. */
    void prepare(float[] m) {
        for (int t = 0; t < window.taps(); t++) {
            expand(m, t, expanded.at() + t * period);
        }
    }

    /** Before the first group of a pass forward, whose weights are laid out. */
    void beginForward(float[] m) {
        clear(m, planes);
    }

    private static void clear(float[] m, Memory.Buffer buffer) {
        Arrays.fill(m, buffer.at(), buffer.at() + (int) buffer.length(), 0);
    }

    private void expand(float[] m, int tap, int to) {
        if (weight == null) {
            Arrays.fill(m, to, to + period, 1);
            return;
        }
        int taps = window.taps();
        for (int i = 0; i < period; i++) {
            m[to + i] = weights.read(weight.at() + i % channels * taps + tap);
        }
    }

    private void fill(float[] m, int first, int count) {
        for (int image = 0; image < count; image++) {
            window.fill(
                    m, input.at(first + image), input.norm(), relu, planes.at() + image * window.planeSize, row.at());
        }
    }

    /** Computes a group of images. */
    void forward(float[] m, int first, int count, int out) {
        fill(m, first, count);
        boolean straight = rowPitch == rowLength;
        int to = straight ? out : rows.at();
        sum(m, forward, count, planes.at(), window.offsets, expanded.at(), to);
        if (!straight) {
            copyRows(m, to, rowPitch, out, rowLength, count * window.outputHeight, rowLength);
        }
    }

    private void sum(float[] m, Blocks blocks, int images, int in, int[] taps, int ofTaps, int out) {
        int rowsOfGroup = blocks.rows(images);
        for (int from = 0; from < rowsOfGroup; from += blocks.rowsAtOnce) {
            int until = Math.min(rowsOfGroup, from + blocks.rowsAtOnce);
            int place = 0;
            for (; blocks.hasFourOfThree(place); place += 3) {
                sumOfThree(m, blocks, place, from, until, in, taps, ofTaps + place * Lanes.BLOCK, out);
            }
            for (; place < blocks.places; place++) {
                Taps.sum(
                        m,
                        in,
                        blocks.from(place),
                        taps,
                        ofTaps + place * Lanes.BLOCK,
                        period,
                        out,
                        blocks.to(place),
                        blocks.first(place, from),
                        blocks.first(place, until));
            }
        }
    }

    /** The blocks of three places, four times three at once. The last ones of a row may be computed twice. */
    private void sumOfThree(
            float[] m, Blocks blocks, int place, int from, int until, int in, int[] taps, int ofTaps, int out) {
        int[] reads = blocks.from(place);
        int[] writes = blocks.to(place);
        int together = blocks.ofRow(place + 2);
        for (int row = from; row < until; row++) {
            int first = blocks.first(place, row);
            for (int b = 0; b < together; b += 4) {
                int begin = first + Math.min(b, together - 4);
                if (period == 3 * Lanes.BLOCK) {
                    Taps.sumTwelve(m, in + reads[begin], taps, ofTaps, out + writes[begin]);
                } else {
                    Taps.sumThreeByFour(m, in + reads[begin], taps, ofTaps, period, out + writes[begin]);
                }
            }
            for (int left = place; blocks.ofRow(left) > together; left++) {
                int last = blocks.first(left, row) + together;
                int weight = ofTaps + (left - place) * Lanes.BLOCK;
                Taps.sum(m, in, blocks.from(left), taps, weight, period, out, blocks.to(left), last, last + 1);
            }
        }
    }

    /** Copies rows of numbers, each with its own distance between them. */
    static void copyRows(float[] m, int from, int fromPitch, int to, int toPitch, int count, int length) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(m, from + i * fromPitch, m, to + i * toPitch, length);
        }
    }

    /** Before the first group of a pass back. */
    void beginBackward(float[] m) {
        clear(m, planes);
        clear(m, gradientPlanes);
        clear(m, ofWeights);
        for (Back each : back) {
            int[] taps = each.parity.taps();
            for (int t = 0; t < taps.length; t++) {
                expand(m, taps[t], each.weights.at() + t * period);
            }
        }
        input.beginReceiving();
    }

    /**
     * Passes the gradient of a group of images back.
     *
     * @param gradient where it is
     */
    void backward(float[] m, int first, int count, int gradient) {
        int height = window.outputHeight;
        for (int image = 0; image < count; image++) {
            copyRows(
                    m,
                    gradient + image * height * rowLength,
                    rowLength,
                    gradientPlanes.at() + image * gradients.size() + gradients.origin(),
                    gradients.pitch(),
                    height,
                    rowLength);
        }
        if (weight != null) {
            fill(m, first, count);
            int rowsOfGroup = along.rows(count);
            for (int from = 0; from < rowsOfGroup; from += along.rowsAtOnce) {
                int until = Math.min(rowsOfGroup, from + along.rowsAtOnce);
                for (int place = 0; place < along.places; place++) {
                    Taps.gradient(
                            m,
                            planes.at(),
                            along.from(place),
                            window.offsets,
                            gradientPlanes.at(),
                            along.to(place),
                            along.first(place, from),
                            along.first(place, until),
                            ofWeights.at() + place * Lanes.BLOCK,
                            period);
                }
            }
        }
        for (Back each : back) {
            Window.Parity parity = each.parity;
            boolean straight = window.isDense() && Lanes.padded(rowLength) == rowLength;
            int to = straight ? result.at() : rows.at();
            sum(m, each.blocks, count, gradientPlanes.at(), parity.offsets(), each.weights.at(), to);
            if (!straight) {
                window.scatter(m, parity, to, Lanes.padded(parity.columns() * channels), result.at(), count);
            }
        }
        input.receive(m, result.at(), first, count, relu);
    }

    /** After the last group of a pass back. */
    void endBackward(float[] m) {
        input.endReceiving();
        if (weight == null) {
            return;
        }
        int taps = window.taps();
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < taps; t++) {
                double sum = 0;
                for (int i = c; i < period; i += channels) {
                    sum += m[ofWeights.at() + t * period + i];
                }
                weights.gradients[weight.at() + c * taps + t] = (float) sum;
            }
        }
    }
}
