package pnas.trainer.engine.vector;

import static pnas.trainer.engine.vector.Lanes.BLOCK;
import static pnas.trainer.engine.vector.Lanes.LENGTH;
import static pnas.trainer.engine.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Products of pixels with matrices, and their gradients: every convolution but a depthwise one. All arrays are places in one memory.
 *
 * <p>Order of sums: each output is one chain of fused multiply-adds from zero, taps in their order and within a tap the channels in theirs. Each
 * number of a gradient is one chain over the pixels in their order.
 *
 * <p>A kernel computes a tile, four to eight rows by one, two or three vectors, whose sums stay in registers. With 16 registers (AVX2) eight sums fit beside what they are made of, with 32 eighteen do.
 */
final class Products {
    /** Whether there are registers for eighteen sums. */
    private static final boolean WIDE = LENGTH == 16;

    private Products() {}

    /**
     * Where a number of a matrix lies. Sixteen columns of all its rows lie behind each other, then the next sixteen: what a kernel reads is one stream.
     *
     * @param depth rows of the matrix
     */
    static int place(int depth, int row, int column) {
        return (column / BLOCK * depth + row) * BLOCK + column % BLOCK;
    }

    /** Numbers of a matrix with so many rows and columns. */
    static int length(int depth, int columns) {
        return Math.multiplyExact(depth, Lanes.padded(columns));
    }

    /**
     * {@code out[r][0..columns) = sum over t and c of m[in + rows[r] + taps[t] + c] * (t * channels + c, 0..columns) of the matrix}. What
     * lies behind a row of the output is written over by the next one; behind the last one a block may be.
     *
     * @param rows where the pixels of each row of the output begin
     * @param count number of rows
     * @param taps what is added to the place of a row
     * @param channels how many numbers lie behind each other there
     * @param matrix laid out as {@link #place} says, zero behind the columns
     * @param columns length of a row of the output
     */
    static void multiply(
            float[] m, int in, int[] rows, int count, int[] taps, int channels, int matrix, int out, int columns) {
        int depth = taps.length * channels;
        // Rows that are left over go with some that are done, once more: they take no longer than a tile.
        // From the last vectors to the first, so that what the last ones write behind a row is written over by the
        // first ones of the next.
        for (int end = (columns + LENGTH - 1) / LENGTH; end > 0; ) {
            int together = together(end);
            end -= together;
            int w0 = matrix + place(depth, 0, end * LENGTH);
            int w1 = matrix + place(depth, 0, (end + 1) * LENGTH);
            int w2 = matrix + place(depth, 0, (end + 2) * LENGTH);
            int to = out + end * LENGTH;
            int row = 0;
            switch (together) {
                case 3 -> {
                    for (; row < count && count >= 6; row += 6) {
                        int first = Math.min(row, count - 6);
                        sixByThree(m, in, rows, first, taps, channels, w0, w1, w2, to + first * columns, columns);
                    }
                }
                case 2 -> {
                    for (; row < count && count >= 8 && WIDE; row += 8) {
                        int first = Math.min(row, count - 8);
                        eightByTwo(m, in, rows, first, taps, channels, w0, w1, to + first * columns, columns);
                    }
                    for (; row < count && count >= 4; row += 4) {
                        int first = Math.min(row, count - 4);
                        fourByTwo(m, in, rows, first, taps, channels, w0, w1, to + first * columns, columns);
                    }
                }
                default -> {
                    for (; row < count && count >= 8; row += 8) {
                        int first = Math.min(row, count - 8);
                        eightByOne(m, in, rows, first, taps, channels, w0, to + first * columns, columns);
                    }
                }
            }
            for (; row < count; row++) {
                for (int v = 0; v < together; v++) {
                    int w = matrix + place(depth, 0, (end + v) * LENGTH);
                    one(m, in + rows[row], taps, channels, w, to + row * columns + v * LENGTH);
                }
            }
        }
    }

    /** How many of the last vectors of a row go together: as many as there are registers for, with none left over that goes alone. */
    private static int together(int vectors) {
        if (WIDE && vectors >= 3 && (vectors % 2 == 1 || vectors % 3 == 0)) {
            return 3;
        }
        return Math.min(vectors, 2);
    }

    private static void sixByThree(
            float[] m,
            int in,
            int[] rows,
            int row,
            int[] taps,
            int channels,
            int matrix0,
            int matrix1,
            int matrix2,
            int out,
            int columns) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector d2 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector e1 = FloatVector.zero(SPECIES);
        FloatVector e2 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector f1 = FloatVector.zero(SPECIES);
        FloatVector f2 = FloatVector.zero(SPECIES);
        int v0 = matrix0;
        int v1 = matrix1;
        int v2 = matrix2;
        for (int tap : taps) {
            int i0 = in + rows[row + 0] + tap;
            int i1 = in + rows[row + 1] + tap;
            int i2 = in + rows[row + 2] + tap;
            int i3 = in + rows[row + 3] + tap;
            int i4 = in + rows[row + 4] + tap;
            int i5 = in + rows[row + 5] + tap;
            for (int c = 0; c < channels; c++) {
                FloatVector w0 = FloatVector.fromArray(SPECIES, m, v0 + c * BLOCK);
                FloatVector w1 = FloatVector.fromArray(SPECIES, m, v1 + c * BLOCK);
                FloatVector w2 = FloatVector.fromArray(SPECIES, m, v2 + c * BLOCK);
                FloatVector x0 = FloatVector.broadcast(SPECIES, m[i0 + c]);
                a0 = x0.fma(w0, a0);
                a1 = x0.fma(w1, a1);
                a2 = x0.fma(w2, a2);
                FloatVector x1 = FloatVector.broadcast(SPECIES, m[i1 + c]);
                b0 = x1.fma(w0, b0);
                b1 = x1.fma(w1, b1);
                b2 = x1.fma(w2, b2);
                FloatVector x2 = FloatVector.broadcast(SPECIES, m[i2 + c]);
                c0 = x2.fma(w0, c0);
                c1 = x2.fma(w1, c1);
                c2 = x2.fma(w2, c2);
                FloatVector x3 = FloatVector.broadcast(SPECIES, m[i3 + c]);
                d0 = x3.fma(w0, d0);
                d1 = x3.fma(w1, d1);
                d2 = x3.fma(w2, d2);
                FloatVector x4 = FloatVector.broadcast(SPECIES, m[i4 + c]);
                e0 = x4.fma(w0, e0);
                e1 = x4.fma(w1, e1);
                e2 = x4.fma(w2, e2);
                FloatVector x5 = FloatVector.broadcast(SPECIES, m[i5 + c]);
                f0 = x5.fma(w0, f0);
                f1 = x5.fma(w1, f1);
                f2 = x5.fma(w2, f2);
            }
            v0 += channels * BLOCK;
            v1 += channels * BLOCK;
            v2 += channels * BLOCK;
        }
        a0.intoArray(m, out);
        a1.intoArray(m, out + LENGTH);
        a2.intoArray(m, out + 2 * LENGTH);
        b0.intoArray(m, out + columns);
        b1.intoArray(m, out + columns + LENGTH);
        b2.intoArray(m, out + columns + 2 * LENGTH);
        c0.intoArray(m, out + 2 * columns);
        c1.intoArray(m, out + 2 * columns + LENGTH);
        c2.intoArray(m, out + 2 * columns + 2 * LENGTH);
        d0.intoArray(m, out + 3 * columns);
        d1.intoArray(m, out + 3 * columns + LENGTH);
        d2.intoArray(m, out + 3 * columns + 2 * LENGTH);
        e0.intoArray(m, out + 4 * columns);
        e1.intoArray(m, out + 4 * columns + LENGTH);
        e2.intoArray(m, out + 4 * columns + 2 * LENGTH);
        f0.intoArray(m, out + 5 * columns);
        f1.intoArray(m, out + 5 * columns + LENGTH);
        f2.intoArray(m, out + 5 * columns + 2 * LENGTH);
    }

    private static void eightByTwo(
            float[] m,
            int in,
            int[] rows,
            int row,
            int[] taps,
            int channels,
            int matrix0,
            int matrix1,
            int out,
            int columns) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector e1 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector f1 = FloatVector.zero(SPECIES);
        FloatVector g0 = FloatVector.zero(SPECIES);
        FloatVector g1 = FloatVector.zero(SPECIES);
        FloatVector h0 = FloatVector.zero(SPECIES);
        FloatVector h1 = FloatVector.zero(SPECIES);
        int v0 = matrix0;
        int v1 = matrix1;
        for (int tap : taps) {
            int i0 = in + rows[row + 0] + tap;
            int i1 = in + rows[row + 1] + tap;
            int i2 = in + rows[row + 2] + tap;
            int i3 = in + rows[row + 3] + tap;
            int i4 = in + rows[row + 4] + tap;
            int i5 = in + rows[row + 5] + tap;
            int i6 = in + rows[row + 6] + tap;
            int i7 = in + rows[row + 7] + tap;
            for (int c = 0; c < channels; c++) {
                FloatVector w0 = FloatVector.fromArray(SPECIES, m, v0 + c * BLOCK);
                FloatVector w1 = FloatVector.fromArray(SPECIES, m, v1 + c * BLOCK);
                FloatVector x0 = FloatVector.broadcast(SPECIES, m[i0 + c]);
                a0 = x0.fma(w0, a0);
                a1 = x0.fma(w1, a1);
                FloatVector x1 = FloatVector.broadcast(SPECIES, m[i1 + c]);
                b0 = x1.fma(w0, b0);
                b1 = x1.fma(w1, b1);
                FloatVector x2 = FloatVector.broadcast(SPECIES, m[i2 + c]);
                c0 = x2.fma(w0, c0);
                c1 = x2.fma(w1, c1);
                FloatVector x3 = FloatVector.broadcast(SPECIES, m[i3 + c]);
                d0 = x3.fma(w0, d0);
                d1 = x3.fma(w1, d1);
                FloatVector x4 = FloatVector.broadcast(SPECIES, m[i4 + c]);
                e0 = x4.fma(w0, e0);
                e1 = x4.fma(w1, e1);
                FloatVector x5 = FloatVector.broadcast(SPECIES, m[i5 + c]);
                f0 = x5.fma(w0, f0);
                f1 = x5.fma(w1, f1);
                FloatVector x6 = FloatVector.broadcast(SPECIES, m[i6 + c]);
                g0 = x6.fma(w0, g0);
                g1 = x6.fma(w1, g1);
                FloatVector x7 = FloatVector.broadcast(SPECIES, m[i7 + c]);
                h0 = x7.fma(w0, h0);
                h1 = x7.fma(w1, h1);
            }
            v0 += channels * BLOCK;
            v1 += channels * BLOCK;
        }
        a0.intoArray(m, out);
        a1.intoArray(m, out + LENGTH);
        b0.intoArray(m, out + columns);
        b1.intoArray(m, out + columns + LENGTH);
        c0.intoArray(m, out + 2 * columns);
        c1.intoArray(m, out + 2 * columns + LENGTH);
        d0.intoArray(m, out + 3 * columns);
        d1.intoArray(m, out + 3 * columns + LENGTH);
        e0.intoArray(m, out + 4 * columns);
        e1.intoArray(m, out + 4 * columns + LENGTH);
        f0.intoArray(m, out + 5 * columns);
        f1.intoArray(m, out + 5 * columns + LENGTH);
        g0.intoArray(m, out + 6 * columns);
        g1.intoArray(m, out + 6 * columns + LENGTH);
        h0.intoArray(m, out + 7 * columns);
        h1.intoArray(m, out + 7 * columns + LENGTH);
    }

    private static void fourByTwo(
            float[] m,
            int in,
            int[] rows,
            int row,
            int[] taps,
            int channels,
            int matrix0,
            int matrix1,
            int out,
            int columns) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        int v0 = matrix0;
        int v1 = matrix1;
        for (int tap : taps) {
            int i0 = in + rows[row + 0] + tap;
            int i1 = in + rows[row + 1] + tap;
            int i2 = in + rows[row + 2] + tap;
            int i3 = in + rows[row + 3] + tap;
            for (int c = 0; c < channels; c++) {
                FloatVector w0 = FloatVector.fromArray(SPECIES, m, v0 + c * BLOCK);
                FloatVector w1 = FloatVector.fromArray(SPECIES, m, v1 + c * BLOCK);
                FloatVector x0 = FloatVector.broadcast(SPECIES, m[i0 + c]);
                a0 = x0.fma(w0, a0);
                a1 = x0.fma(w1, a1);
                FloatVector x1 = FloatVector.broadcast(SPECIES, m[i1 + c]);
                b0 = x1.fma(w0, b0);
                b1 = x1.fma(w1, b1);
                FloatVector x2 = FloatVector.broadcast(SPECIES, m[i2 + c]);
                c0 = x2.fma(w0, c0);
                c1 = x2.fma(w1, c1);
                FloatVector x3 = FloatVector.broadcast(SPECIES, m[i3 + c]);
                d0 = x3.fma(w0, d0);
                d1 = x3.fma(w1, d1);
            }
            v0 += channels * BLOCK;
            v1 += channels * BLOCK;
        }
        a0.intoArray(m, out);
        a1.intoArray(m, out + LENGTH);
        b0.intoArray(m, out + columns);
        b1.intoArray(m, out + columns + LENGTH);
        c0.intoArray(m, out + 2 * columns);
        c1.intoArray(m, out + 2 * columns + LENGTH);
        d0.intoArray(m, out + 3 * columns);
        d1.intoArray(m, out + 3 * columns + LENGTH);
    }

    private static void eightByOne(
            float[] m, int in, int[] rows, int row, int[] taps, int channels, int matrix0, int out, int columns) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector g0 = FloatVector.zero(SPECIES);
        FloatVector h0 = FloatVector.zero(SPECIES);
        int v0 = matrix0;
        for (int tap : taps) {
            int i0 = in + rows[row + 0] + tap;
            int i1 = in + rows[row + 1] + tap;
            int i2 = in + rows[row + 2] + tap;
            int i3 = in + rows[row + 3] + tap;
            int i4 = in + rows[row + 4] + tap;
            int i5 = in + rows[row + 5] + tap;
            int i6 = in + rows[row + 6] + tap;
            int i7 = in + rows[row + 7] + tap;
            for (int c = 0; c < channels; c++) {
                FloatVector w0 = FloatVector.fromArray(SPECIES, m, v0 + c * BLOCK);
                FloatVector x0 = FloatVector.broadcast(SPECIES, m[i0 + c]);
                a0 = x0.fma(w0, a0);
                FloatVector x1 = FloatVector.broadcast(SPECIES, m[i1 + c]);
                b0 = x1.fma(w0, b0);
                FloatVector x2 = FloatVector.broadcast(SPECIES, m[i2 + c]);
                c0 = x2.fma(w0, c0);
                FloatVector x3 = FloatVector.broadcast(SPECIES, m[i3 + c]);
                d0 = x3.fma(w0, d0);
                FloatVector x4 = FloatVector.broadcast(SPECIES, m[i4 + c]);
                e0 = x4.fma(w0, e0);
                FloatVector x5 = FloatVector.broadcast(SPECIES, m[i5 + c]);
                f0 = x5.fma(w0, f0);
                FloatVector x6 = FloatVector.broadcast(SPECIES, m[i6 + c]);
                g0 = x6.fma(w0, g0);
                FloatVector x7 = FloatVector.broadcast(SPECIES, m[i7 + c]);
                h0 = x7.fma(w0, h0);
            }
            v0 += channels * BLOCK;
        }
        a0.intoArray(m, out);
        b0.intoArray(m, out + columns);
        c0.intoArray(m, out + 2 * columns);
        d0.intoArray(m, out + 3 * columns);
        e0.intoArray(m, out + 4 * columns);
        f0.intoArray(m, out + 5 * columns);
        g0.intoArray(m, out + 6 * columns);
        h0.intoArray(m, out + 7 * columns);
    }

    private static void one(float[] m, int in, int[] taps, int channels, int matrix, int out) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int w = matrix;
        for (int tap : taps) {
            int i = in + tap;
            for (int c = 0; c < channels; c++) {
                sum = FloatVector.broadcast(SPECIES, m[i + c]).fma(FloatVector.fromArray(SPECIES, m, w), sum);
                w += BLOCK;
            }
        }
        sum.intoArray(m, out);
    }

    /**
     * {@code gradient[t * channels + c][0..columns) += sum over r of m[in + rows[r] + taps[t] + c] * m[outer + r * columns + 0..columns)}. The sum begins at
     * zero and is added as a whole. Behind the columns, up to a whole vector, the gradient holds numbers without a meaning.
     *
     * @param pitch length of a row of the gradient, a multiple of a block
     * @param columns length of a row of what the pixels are multiplied with
     */
    static void gradient(
            float[] m,
            int in,
            int[] rows,
            int count,
            int[] taps,
            int channels,
            int outer,
            int columns,
            int gradient,
            int pitch) {
        int vectors = (columns + LENGTH - 1) / LENGTH;
        for (int v = 0; v < vectors; ) {
            int together = together(vectors - v);
            int from = outer + v * LENGTH;
            for (int t = 0; t < taps.length; t++) {
                int i = in + taps[t];
                int to = gradient + t * channels * pitch + v * LENGTH;
                int c = 0;
                switch (together) {
                    case 3 -> {
                        for (; c + 6 <= channels; c += 6) {
                            gradientSixByThree(m, i + c, rows, count, from, columns, to + c * pitch, pitch);
                        }
                    }
                    case 2 -> {
                        for (; WIDE && c + 8 <= channels; c += 8) {
                            gradientEightByTwo(m, i + c, rows, count, from, columns, to + c * pitch, pitch);
                        }
                        for (; c + 4 <= channels; c += 4) {
                            gradientFourByTwo(m, i + c, rows, count, from, columns, to + c * pitch, pitch);
                        }
                    }
                    default -> {
                        for (; c + 8 <= channels; c += 8) {
                            gradientEightByOne(m, i + c, rows, count, from, columns, to + c * pitch, pitch);
                        }
                    }
                }
                for (; c < channels; c++) {
                    for (int j = 0; j < together; j++) {
                        int distance = j * LENGTH;
                        gradientOne(m, i + c, rows, count, from + distance, columns, to + c * pitch + distance);
                    }
                }
            }
            v += together;
        }
    }

    private static void gradientSixByThree(
            float[] m, int in, int[] rows, int count, int outer, int columns, int gradient, int pitch) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector d2 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector e1 = FloatVector.zero(SPECIES);
        FloatVector e2 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector f1 = FloatVector.zero(SPECIES);
        FloatVector f2 = FloatVector.zero(SPECIES);
        int o = outer;
        for (int r = 0; r < count; r++) {
            int i = in + rows[r];
            FloatVector o0 = FloatVector.fromArray(SPECIES, m, o);
            FloatVector o1 = FloatVector.fromArray(SPECIES, m, o + LENGTH);
            FloatVector o2 = FloatVector.fromArray(SPECIES, m, o + 2 * LENGTH);
            o += columns;
            FloatVector x0 = FloatVector.broadcast(SPECIES, m[i]);
            a0 = x0.fma(o0, a0);
            a1 = x0.fma(o1, a1);
            a2 = x0.fma(o2, a2);
            FloatVector x1 = FloatVector.broadcast(SPECIES, m[i + 1]);
            b0 = x1.fma(o0, b0);
            b1 = x1.fma(o1, b1);
            b2 = x1.fma(o2, b2);
            FloatVector x2 = FloatVector.broadcast(SPECIES, m[i + 2]);
            c0 = x2.fma(o0, c0);
            c1 = x2.fma(o1, c1);
            c2 = x2.fma(o2, c2);
            FloatVector x3 = FloatVector.broadcast(SPECIES, m[i + 3]);
            d0 = x3.fma(o0, d0);
            d1 = x3.fma(o1, d1);
            d2 = x3.fma(o2, d2);
            FloatVector x4 = FloatVector.broadcast(SPECIES, m[i + 4]);
            e0 = x4.fma(o0, e0);
            e1 = x4.fma(o1, e1);
            e2 = x4.fma(o2, e2);
            FloatVector x5 = FloatVector.broadcast(SPECIES, m[i + 5]);
            f0 = x5.fma(o0, f0);
            f1 = x5.fma(o1, f1);
            f2 = x5.fma(o2, f2);
        }
        add(m, gradient, a0);
        add(m, gradient + LENGTH, a1);
        add(m, gradient + 2 * LENGTH, a2);
        add(m, gradient + pitch, b0);
        add(m, gradient + pitch + LENGTH, b1);
        add(m, gradient + pitch + 2 * LENGTH, b2);
        add(m, gradient + 2 * pitch, c0);
        add(m, gradient + 2 * pitch + LENGTH, c1);
        add(m, gradient + 2 * pitch + 2 * LENGTH, c2);
        add(m, gradient + 3 * pitch, d0);
        add(m, gradient + 3 * pitch + LENGTH, d1);
        add(m, gradient + 3 * pitch + 2 * LENGTH, d2);
        add(m, gradient + 4 * pitch, e0);
        add(m, gradient + 4 * pitch + LENGTH, e1);
        add(m, gradient + 4 * pitch + 2 * LENGTH, e2);
        add(m, gradient + 5 * pitch, f0);
        add(m, gradient + 5 * pitch + LENGTH, f1);
        add(m, gradient + 5 * pitch + 2 * LENGTH, f2);
    }

    private static void gradientEightByTwo(
            float[] m, int in, int[] rows, int count, int outer, int columns, int gradient, int pitch) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector e1 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector f1 = FloatVector.zero(SPECIES);
        FloatVector g0 = FloatVector.zero(SPECIES);
        FloatVector g1 = FloatVector.zero(SPECIES);
        FloatVector h0 = FloatVector.zero(SPECIES);
        FloatVector h1 = FloatVector.zero(SPECIES);
        int o = outer;
        for (int r = 0; r < count; r++) {
            int i = in + rows[r];
            FloatVector o0 = FloatVector.fromArray(SPECIES, m, o);
            FloatVector o1 = FloatVector.fromArray(SPECIES, m, o + LENGTH);
            o += columns;
            FloatVector x0 = FloatVector.broadcast(SPECIES, m[i]);
            a0 = x0.fma(o0, a0);
            a1 = x0.fma(o1, a1);
            FloatVector x1 = FloatVector.broadcast(SPECIES, m[i + 1]);
            b0 = x1.fma(o0, b0);
            b1 = x1.fma(o1, b1);
            FloatVector x2 = FloatVector.broadcast(SPECIES, m[i + 2]);
            c0 = x2.fma(o0, c0);
            c1 = x2.fma(o1, c1);
            FloatVector x3 = FloatVector.broadcast(SPECIES, m[i + 3]);
            d0 = x3.fma(o0, d0);
            d1 = x3.fma(o1, d1);
            FloatVector x4 = FloatVector.broadcast(SPECIES, m[i + 4]);
            e0 = x4.fma(o0, e0);
            e1 = x4.fma(o1, e1);
            FloatVector x5 = FloatVector.broadcast(SPECIES, m[i + 5]);
            f0 = x5.fma(o0, f0);
            f1 = x5.fma(o1, f1);
            FloatVector x6 = FloatVector.broadcast(SPECIES, m[i + 6]);
            g0 = x6.fma(o0, g0);
            g1 = x6.fma(o1, g1);
            FloatVector x7 = FloatVector.broadcast(SPECIES, m[i + 7]);
            h0 = x7.fma(o0, h0);
            h1 = x7.fma(o1, h1);
        }
        add(m, gradient, a0);
        add(m, gradient + LENGTH, a1);
        add(m, gradient + pitch, b0);
        add(m, gradient + pitch + LENGTH, b1);
        add(m, gradient + 2 * pitch, c0);
        add(m, gradient + 2 * pitch + LENGTH, c1);
        add(m, gradient + 3 * pitch, d0);
        add(m, gradient + 3 * pitch + LENGTH, d1);
        add(m, gradient + 4 * pitch, e0);
        add(m, gradient + 4 * pitch + LENGTH, e1);
        add(m, gradient + 5 * pitch, f0);
        add(m, gradient + 5 * pitch + LENGTH, f1);
        add(m, gradient + 6 * pitch, g0);
        add(m, gradient + 6 * pitch + LENGTH, g1);
        add(m, gradient + 7 * pitch, h0);
        add(m, gradient + 7 * pitch + LENGTH, h1);
    }

    private static void gradientFourByTwo(
            float[] m, int in, int[] rows, int count, int outer, int columns, int gradient, int pitch) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        int o = outer;
        for (int r = 0; r < count; r++) {
            int i = in + rows[r];
            FloatVector o0 = FloatVector.fromArray(SPECIES, m, o);
            FloatVector o1 = FloatVector.fromArray(SPECIES, m, o + LENGTH);
            o += columns;
            FloatVector x0 = FloatVector.broadcast(SPECIES, m[i]);
            a0 = x0.fma(o0, a0);
            a1 = x0.fma(o1, a1);
            FloatVector x1 = FloatVector.broadcast(SPECIES, m[i + 1]);
            b0 = x1.fma(o0, b0);
            b1 = x1.fma(o1, b1);
            FloatVector x2 = FloatVector.broadcast(SPECIES, m[i + 2]);
            c0 = x2.fma(o0, c0);
            c1 = x2.fma(o1, c1);
            FloatVector x3 = FloatVector.broadcast(SPECIES, m[i + 3]);
            d0 = x3.fma(o0, d0);
            d1 = x3.fma(o1, d1);
        }
        add(m, gradient, a0);
        add(m, gradient + LENGTH, a1);
        add(m, gradient + pitch, b0);
        add(m, gradient + pitch + LENGTH, b1);
        add(m, gradient + 2 * pitch, c0);
        add(m, gradient + 2 * pitch + LENGTH, c1);
        add(m, gradient + 3 * pitch, d0);
        add(m, gradient + 3 * pitch + LENGTH, d1);
    }

    private static void gradientEightByOne(
            float[] m, int in, int[] rows, int count, int outer, int columns, int gradient, int pitch) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector g0 = FloatVector.zero(SPECIES);
        FloatVector h0 = FloatVector.zero(SPECIES);
        int o = outer;
        for (int r = 0; r < count; r++) {
            int i = in + rows[r];
            FloatVector o0 = FloatVector.fromArray(SPECIES, m, o);
            o += columns;
            FloatVector x0 = FloatVector.broadcast(SPECIES, m[i]);
            a0 = x0.fma(o0, a0);
            FloatVector x1 = FloatVector.broadcast(SPECIES, m[i + 1]);
            b0 = x1.fma(o0, b0);
            FloatVector x2 = FloatVector.broadcast(SPECIES, m[i + 2]);
            c0 = x2.fma(o0, c0);
            FloatVector x3 = FloatVector.broadcast(SPECIES, m[i + 3]);
            d0 = x3.fma(o0, d0);
            FloatVector x4 = FloatVector.broadcast(SPECIES, m[i + 4]);
            e0 = x4.fma(o0, e0);
            FloatVector x5 = FloatVector.broadcast(SPECIES, m[i + 5]);
            f0 = x5.fma(o0, f0);
            FloatVector x6 = FloatVector.broadcast(SPECIES, m[i + 6]);
            g0 = x6.fma(o0, g0);
            FloatVector x7 = FloatVector.broadcast(SPECIES, m[i + 7]);
            h0 = x7.fma(o0, h0);
        }
        add(m, gradient, a0);
        add(m, gradient + pitch, b0);
        add(m, gradient + 2 * pitch, c0);
        add(m, gradient + 3 * pitch, d0);
        add(m, gradient + 4 * pitch, e0);
        add(m, gradient + 5 * pitch, f0);
        add(m, gradient + 6 * pitch, g0);
        add(m, gradient + 7 * pitch, h0);
    }

    private static void gradientOne(float[] m, int in, int[] rows, int count, int outer, int columns, int gradient) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int o = outer;
        for (int r = 0; r < count; r++) {
            sum = FloatVector.broadcast(SPECIES, m[in + rows[r]]).fma(FloatVector.fromArray(SPECIES, m, o), sum);
            o += columns;
        }
        add(m, gradient, sum);
    }

    private static void add(float[] m, int to, FloatVector sum) {
        FloatVector.fromArray(SPECIES, m, to).add(sum).intoArray(m, to);
    }
}
