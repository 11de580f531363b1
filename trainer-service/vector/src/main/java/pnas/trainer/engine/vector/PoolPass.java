package pnas.trainer.engine.vector;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A 3x3 pool: the largest of the pixels, or their average, which does not count padding. */
final class PoolPass implements Pass {
    /** As for convolutions. */
    private static final int GROUP = 1 << 15;

    private final String name;
    private final FeatureMap input;
    private final FeatureMap output;
    private final int group;
    private final @Nullable Maximum maximum;
    private final @Nullable Average average;

    /**
     * A pool.
     *
     * @param window in {@link Window.Layout#BLOCKS}
     * @param batch the most images
     */
    PoolPass(
            String name,
            boolean isMaximum,
            FeatureMap input,
            Window window,
            FeatureMap output,
            Weights weights,
            int batch,
            Memory memory) {
        this.name = name;
        this.input = input;
        this.output = output;
        this.group = Math.clamp(GROUP / Math.max(1, window.planeSize), 1, batch);
        Memory.Scratch scratch = memory.scratch();
        this.maximum = isMaximum ? new Maximum(input, window, group, scratch) : null;
        this.average = isMaximum ? null : new Average(input, window, weights, group, scratch);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<FeatureMap> inputs() {
        return List.of(input);
    }

    @Override
    public long multiplyAdds() {
        return 0;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * (input.size + output.size);
    }

    @Override
    public void prepare(float[] m) {
        if (average != null) {
            average.sums.prepare(m);
        }
    }

    @Override
    public void forward(float[] m, int images, boolean training) {
        if (training) {
            prepare(m);
        }
        if (maximum != null) {
            maximum.beginForward(m);
        }
        if (average != null) {
            average.sums.beginForward(m);
        }
        for (int first = 0; first < images; first += group) {
            int count = Math.min(group, images - first);
            if (maximum != null) {
                maximum.forward(m, first, count, output.at(first));
            }
            if (average != null) {
                average.forward(m, first, count, output.at(first));
            }
        }
    }

    @Override
    public void backward(float[] m, int images) {
        if (maximum != null) {
            maximum.beginBackward(m);
        }
        if (average != null) {
            average.sums.beginBackward(m);
        }
        for (int first = 0; first < images; first += group) {
            int count = Math.min(group, images - first);
            if (maximum != null) {
                maximum.backward(m, first, count, output.gradientAt(first));
            }
            if (average != null) {
                average.backward(m, first, count, output.gradientAt(first));
            }
        }
        input.endReceiving();
    }

    /** Sums of neighbours, each divided by how many of them there are. */
    private static final class Average {
        private final Depthwise sums;
        /** One over the number of pixels that each number of a group is the average of. */
        private final float[] shares;

        private final int size;
        private final Memory.Buffer gradient;

        Average(FeatureMap input, Window window, Weights weights, int group, Memory.Scratch scratch) {
            this.sums = new Depthwise(input, false, window, weights, null, group, scratch);
            int channels = input.shape.channels();
            this.size = window.outputHeight * window.outputWidth * channels;
            this.shares = new float[group * size];
            for (int i = 0; i < shares.length; i++) {
                int pixel = i % size / channels;
                int rows = covered(pixel / window.outputWidth * window.strideHeight, input.shape.height());
                int columns = covered(pixel % window.outputWidth * window.strideWidth, input.shape.width());
                shares[i] = 1f / (rows * columns);
            }
            this.gradient = scratch.part(shares.length);
        }

        /** Of three rows around one, how many there are. */
        private static int covered(int middle, int length) {
            return Math.min(length - 1, middle + 1) - Math.max(0, middle - 1) + 1;
        }

        void forward(float[] m, int first, int count, int out) {
            sums.forward(m, first, count, out);
            Elementwise.multiply(m, out, shares, out, count * size);
        }

        void backward(float[] m, int first, int count, int from) {
            Elementwise.multiply(m, from, shares, gradient.at(), count * size);
            sums.backward(m, first, count, gradient.at());
        }
    }

    /** The largest of neighbours. The pass back looks again which it was. */
    private static final class Maximum {
        private final FeatureMap input;
        private final Window window;
        private final Window.GradientPlane gradients;
        private final int rowLength;
        private final int rowPitch;
        private final Blocks forward;
        private final Blocks along;
        private final List<Blocks> back;
        private final Memory.Buffer planes;
        private final Memory.Buffer row;
        private final Memory.Buffer rows;
        private final Memory.Buffer gradientPlanes;
        private final Memory.Buffer which;
        private final Memory.Buffer result;

        Maximum(FeatureMap input, Window window, int group, Memory.Scratch scratch) {
            this.input = input;
            this.window = window;
            int channels = input.shape.channels();
            this.gradients = window.gradients(channels);
            this.rowLength = window.outputWidth * channels;
            this.rowPitch = Lanes.padded(rowLength);
            // All blocks are alike: there are no weights.
            this.forward = Blocks.forward(window, group, channels, Lanes.BLOCK);
            this.along = Blocks.along(window, gradients, group, channels, Lanes.BLOCK);
            this.back = gradients.parities().stream()
                    .map(parity -> {
                        int pitch = Lanes.padded(parity.columns() * channels);
                        return new Blocks(
                                group,
                                parity.rows(),
                                parity.columns() * channels,
                                Lanes.BLOCK,
                                new Blocks.Rows(parity.base(), gradients.size(), gradients.pitch()),
                                new Blocks.Rows(0, parity.rows() * pitch, pitch));
                    })
                    .toList();
            long most = (long) window.outputHeight * rowPitch;
            for (Window.Parity parity : gradients.parities()) {
                most = Math.max(most, (long) parity.rows() * Lanes.padded(parity.columns() * channels));
            }
            this.planes = scratch.part((long) group * window.planeSize);
            this.row = scratch.part(input.size);
            this.rows = scratch.part(group * most);
            this.gradientPlanes = scratch.part((long) group * gradients.size());
            this.which = scratch.part((long) group * gradients.size());
            this.result = scratch.part((long) group * input.size);
        }

        /** Padding is never the largest. */
        void beginForward(float[] m) {
            Arrays.fill(m, planes.at(), planes.at() + (int) planes.length(), Float.NEGATIVE_INFINITY);
        }

        private void fill(float[] m, int first, int count) {
            for (int image = 0; image < count; image++) {
                window.fill(
                        m,
                        input.at(first + image),
                        input.norm(),
                        false,
                        planes.at() + image * window.planeSize,
                        row.at());
            }
        }

        void forward(float[] m, int first, int count, int out) {
            fill(m, first, count);
            for (int place = 0; place < forward.places; place++) {
                Taps.largest(
                        m,
                        planes.at(),
                        forward.from(place),
                        window.offsets,
                        rows.at(),
                        forward.to(place),
                        forward.count(place, count));
            }
            Depthwise.copyRows(m, rows.at(), rowPitch, out, rowLength, count * window.outputHeight, rowLength);
        }

        void beginBackward(float[] m) {
            beginForward(m);
            Arrays.fill(m, gradientPlanes.at(), gradientPlanes.at() + (int) gradientPlanes.length(), 0);
            input.beginReceiving();
        }

        void backward(float[] m, int first, int count, int gradient) {
            fill(m, first, count);
            int height = window.outputHeight;
            for (int image = 0; image < count; image++) {
                Depthwise.copyRows(
                        m,
                        gradient + image * height * rowLength,
                        rowLength,
                        gradientPlanes.at() + image * gradients.size() + gradients.origin(),
                        gradients.pitch(),
                        height,
                        rowLength);
            }
            for (int place = 0; place < along.places; place++) {
                Taps.whichIsLargest(
                        m,
                        planes.at(),
                        along.from(place),
                        window.offsets,
                        which.at(),
                        along.to(place),
                        along.count(place, count));
            }
            for (int i = 0; i < back.size(); i++) {
                Window.Parity parity = gradients.parities().get(i);
                Blocks blocks = back.get(i);
                for (int place = 0; place < blocks.places; place++) {
                    Taps.pick(
                            m,
                            gradientPlanes.at(),
                            which.at(),
                            blocks.from(place),
                            parity.offsets(),
                            parity.taps(),
                            rows.at(),
                            blocks.to(place),
                            blocks.count(place, count));
                }
                window.scatter(
                        m,
                        parity,
                        rows.at(),
                        Lanes.padded(parity.columns() * input.shape.channels()),
                        result.at(),
                        count);
            }
            input.receive(m, result.at(), first, count, false);
        }
    }
}
