package pnas.trainer.engine.vector;

import static pnas.trainer.engine.vector.Lanes.BLOCK;
import static pnas.trainer.engine.vector.Lanes.LENGTH;
import static pnas.trainer.engine.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * What works on each channel by itself: depthwise convolutions and pools, and their gradients. In a plane of pixels whose channels lie behind each
 * other, the neighbours of whole blocks are whole blocks: no lane idles, however few channels there are. A block is a place in the plane and one in
 * the output.
 *
 * <p>Order of sums: each output is one chain of fused multiply-adds from zero, the taps in their order. Each lane of a gradient of weights is one chain
 * over the blocks in their order.
 */
final class Taps {
    private Taps() {}

    /**
     * {@code m[out + to[b] + lane] = sum over t of m[in + from[b] + taps[t] + lane] * m[weights + t * pitch + lane]} for a block's 16 lanes.
     *
     * @param first the first of the blocks
     * @param end one more than the last of them
     */
    static void sum(
            float[] m, int in, int[] from, int[] taps, int weights, int pitch, int out, int[] to, int first, int end) {
        for (int lane = 0; lane < BLOCK; lane += LENGTH) {
            int b = first;
            for (; b + 8 <= end; b += 8) {
                eight(m, in + lane, from, b, taps, weights + lane, pitch, out + lane, to);
            }
            if (b < end && end >= 8) {
                // Some once more: eight take hardly longer than one.
                eight(m, in + lane, from, end - 8, taps, weights + lane, pitch, out + lane, to);
                b = end;
            }
            for (; b < end; b++) {
                one(m, in + lane + from[b], taps, weights + lane, pitch, out + lane + to[b]);
            }
        }
    }

    private static void eight(
            float[] m, int in, int[] from, int b, int[] taps, int weights, int pitch, int out, int[] to) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        FloatVector s4 = FloatVector.zero(SPECIES);
        FloatVector s5 = FloatVector.zero(SPECIES);
        FloatVector s6 = FloatVector.zero(SPECIES);
        FloatVector s7 = FloatVector.zero(SPECIES);
        int i0 = in + from[b];
        int i1 = in + from[b + 1];
        int i2 = in + from[b + 2];
        int i3 = in + from[b + 3];
        int i4 = in + from[b + 4];
        int i5 = in + from[b + 5];
        int i6 = in + from[b + 6];
        int i7 = in + from[b + 7];
        int w = weights;
        for (int tap : taps) {
            FloatVector weight = FloatVector.fromArray(SPECIES, m, w);
            w += pitch;
            s0 = FloatVector.fromArray(SPECIES, m, i0 + tap).fma(weight, s0);
            s1 = FloatVector.fromArray(SPECIES, m, i1 + tap).fma(weight, s1);
            s2 = FloatVector.fromArray(SPECIES, m, i2 + tap).fma(weight, s2);
            s3 = FloatVector.fromArray(SPECIES, m, i3 + tap).fma(weight, s3);
            s4 = FloatVector.fromArray(SPECIES, m, i4 + tap).fma(weight, s4);
            s5 = FloatVector.fromArray(SPECIES, m, i5 + tap).fma(weight, s5);
            s6 = FloatVector.fromArray(SPECIES, m, i6 + tap).fma(weight, s6);
            s7 = FloatVector.fromArray(SPECIES, m, i7 + tap).fma(weight, s7);
        }
        s0.intoArray(m, out + to[b]);
        s1.intoArray(m, out + to[b + 1]);
        s2.intoArray(m, out + to[b + 2]);
        s3.intoArray(m, out + to[b + 3]);
        s4.intoArray(m, out + to[b + 4]);
        s5.intoArray(m, out + to[b + 5]);
        s6.intoArray(m, out + to[b + 6]);
        s7.intoArray(m, out + to[b + 7]);
    }

    private static void one(float[] m, int in, int[] taps, int weights, int pitch, int out) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int w = weights;
        for (int tap : taps) {
            sum = FloatVector.fromArray(SPECIES, m, in + tap).fma(FloatVector.fromArray(SPECIES, m, w), sum);
            w += pitch;
        }
        sum.intoArray(m, out);
    }

    /**
     * What {@link #sum} computes, for three blocks that lie behind each other, four times, a period apart. Few places are to be known for each tap, and three
     * loads of weights are for twelve of numbers.
     *
     * @param in where the first block reads
     * @param weights of the three blocks
     * @param out where the first block writes
     */
    static void sumThreeByFour(float[] m, int in, int[] taps, int weights, int period, int out) {
        for (int lane = 0; lane < BLOCK; lane += LENGTH) {
            threeByFour(m, in + lane, taps, weights + lane, period, out + lane);
        }
    }

    private static void threeByFour(float[] m, int in, int[] taps, int weights, int period, int out) {
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
        int w = weights;
        for (int tap : taps) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, m, w);
            FloatVector w1 = FloatVector.fromArray(SPECIES, m, w + BLOCK);
            FloatVector w2 = FloatVector.fromArray(SPECIES, m, w + 2 * BLOCK);
            w += period;
            int i = in + tap;
            a0 = FloatVector.fromArray(SPECIES, m, i).fma(w0, a0);
            a1 = FloatVector.fromArray(SPECIES, m, i + BLOCK).fma(w1, a1);
            a2 = FloatVector.fromArray(SPECIES, m, i + 2 * BLOCK).fma(w2, a2);
            i += period;
            b0 = FloatVector.fromArray(SPECIES, m, i).fma(w0, b0);
            b1 = FloatVector.fromArray(SPECIES, m, i + BLOCK).fma(w1, b1);
            b2 = FloatVector.fromArray(SPECIES, m, i + 2 * BLOCK).fma(w2, b2);
            i += period;
            c0 = FloatVector.fromArray(SPECIES, m, i).fma(w0, c0);
            c1 = FloatVector.fromArray(SPECIES, m, i + BLOCK).fma(w1, c1);
            c2 = FloatVector.fromArray(SPECIES, m, i + 2 * BLOCK).fma(w2, c2);
            i += period;
            d0 = FloatVector.fromArray(SPECIES, m, i).fma(w0, d0);
            d1 = FloatVector.fromArray(SPECIES, m, i + BLOCK).fma(w1, d1);
            d2 = FloatVector.fromArray(SPECIES, m, i + 2 * BLOCK).fma(w2, d2);
        }
        int o = out;
        a0.intoArray(m, o);
        a1.intoArray(m, o + BLOCK);
        a2.intoArray(m, o + 2 * BLOCK);
        o += period;
        b0.intoArray(m, o);
        b1.intoArray(m, o + BLOCK);
        b2.intoArray(m, o + 2 * BLOCK);
        o += period;
        c0.intoArray(m, o);
        c1.intoArray(m, o + BLOCK);
        c2.intoArray(m, o + 2 * BLOCK);
        o += period;
        d0.intoArray(m, o);
        d1.intoArray(m, o + BLOCK);
        d2.intoArray(m, o + 2 * BLOCK);
    }

    /**
     * What {@link #sum} computes, for twelve blocks that lie behind each other where three of them are a period, as with 24 and 48 channels. Everything is as
     * far from one place as the compiler knows, so that hardly anything is left to check.
     */
    static void sumTwelve(float[] m, int in, int[] taps, int weights, int out) {
        for (int lane = 0; lane < BLOCK; lane += LENGTH) {
            twelve(m, in + lane, taps, weights + lane, out + lane);
        }
    }

    private static void twelve(float[] m, int in, int[] taps, int weights, int out) {
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
        int w = weights;
        for (int tap : taps) {
            int i = in + tap;
            FloatVector w0 = FloatVector.fromArray(SPECIES, m, w);
            FloatVector w1 = FloatVector.fromArray(SPECIES, m, w + BLOCK);
            FloatVector w2 = FloatVector.fromArray(SPECIES, m, w + 2 * BLOCK);
            w += 3 * BLOCK;
            a0 = FloatVector.fromArray(SPECIES, m, i).fma(w0, a0);
            a1 = FloatVector.fromArray(SPECIES, m, i + BLOCK).fma(w1, a1);
            a2 = FloatVector.fromArray(SPECIES, m, i + 2 * BLOCK).fma(w2, a2);
            b0 = FloatVector.fromArray(SPECIES, m, i + 3 * BLOCK).fma(w0, b0);
            b1 = FloatVector.fromArray(SPECIES, m, i + 4 * BLOCK).fma(w1, b1);
            b2 = FloatVector.fromArray(SPECIES, m, i + 5 * BLOCK).fma(w2, b2);
            c0 = FloatVector.fromArray(SPECIES, m, i + 6 * BLOCK).fma(w0, c0);
            c1 = FloatVector.fromArray(SPECIES, m, i + 7 * BLOCK).fma(w1, c1);
            c2 = FloatVector.fromArray(SPECIES, m, i + 8 * BLOCK).fma(w2, c2);
            d0 = FloatVector.fromArray(SPECIES, m, i + 9 * BLOCK).fma(w0, d0);
            d1 = FloatVector.fromArray(SPECIES, m, i + 10 * BLOCK).fma(w1, d1);
            d2 = FloatVector.fromArray(SPECIES, m, i + 11 * BLOCK).fma(w2, d2);
        }
        a0.intoArray(m, out);
        a1.intoArray(m, out + BLOCK);
        a2.intoArray(m, out + 2 * BLOCK);
        b0.intoArray(m, out + 3 * BLOCK);
        b1.intoArray(m, out + 4 * BLOCK);
        b2.intoArray(m, out + 5 * BLOCK);
        c0.intoArray(m, out + 6 * BLOCK);
        c1.intoArray(m, out + 7 * BLOCK);
        c2.intoArray(m, out + 8 * BLOCK);
        d0.intoArray(m, out + 9 * BLOCK);
        d1.intoArray(m, out + 10 * BLOCK);
        d2.intoArray(m, out + 11 * BLOCK);
    }

    /**
     * {@code m[gradient + t * pitch + lane] += sum over b of m[in + from[b] + taps[t] + lane] * m[outer + at[b] + lane]}. The sum begins at zero and is
     * added as a whole. Nine taps of a 3x3 window are nine sums, 25 are 9, 9 and 7, and 49 are seven times 7.
     *
     * @param outer gradients of the outputs, zero where a block reaches beyond its row
     * @param first the first of the blocks
     * @param end one more than the last of them
     */
    static void gradient(
            float[] m,
            int in,
            int[] from,
            int[] taps,
            int outer,
            int[] at,
            int first,
            int end,
            int gradient,
            int pitch) {
        for (int lane = 0; lane < BLOCK; lane += LENGTH) {
            int t = 0;
            while (t < taps.length) {
                int left = taps.length - t;
                int to = gradient + t * pitch + lane;
                if (left >= 9 && left % 7 != 0) {
                    gradientNine(m, in + lane, from, taps, t, outer + lane, at, first, end, to, pitch);
                    t += 9;
                } else if (left >= 7) {
                    gradientSeven(m, in + lane, from, taps, t, outer + lane, at, first, end, to, pitch);
                    t += 7;
                } else {
                    gradientOne(m, in + lane + taps[t], from, outer + lane, at, first, end, to);
                    t++;
                }
            }
        }
    }

    private static void gradientNine(
            float[] m,
            int in,
            int[] from,
            int[] taps,
            int t,
            int outer,
            int[] at,
            int first,
            int end,
            int gradient,
            int pitch) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        FloatVector s4 = FloatVector.zero(SPECIES);
        FloatVector s5 = FloatVector.zero(SPECIES);
        FloatVector s6 = FloatVector.zero(SPECIES);
        FloatVector s7 = FloatVector.zero(SPECIES);
        FloatVector s8 = FloatVector.zero(SPECIES);
        int t0 = in + taps[t];
        int t1 = in + taps[t + 1];
        int t2 = in + taps[t + 2];
        int t3 = in + taps[t + 3];
        int t4 = in + taps[t + 4];
        int t5 = in + taps[t + 5];
        int t6 = in + taps[t + 6];
        int t7 = in + taps[t + 7];
        int t8 = in + taps[t + 8];
        for (int b = first; b < end; b++) {
            int i = from[b];
            FloatVector o = FloatVector.fromArray(SPECIES, m, outer + at[b]);
            s0 = FloatVector.fromArray(SPECIES, m, t0 + i).fma(o, s0);
            s1 = FloatVector.fromArray(SPECIES, m, t1 + i).fma(o, s1);
            s2 = FloatVector.fromArray(SPECIES, m, t2 + i).fma(o, s2);
            s3 = FloatVector.fromArray(SPECIES, m, t3 + i).fma(o, s3);
            s4 = FloatVector.fromArray(SPECIES, m, t4 + i).fma(o, s4);
            s5 = FloatVector.fromArray(SPECIES, m, t5 + i).fma(o, s5);
            s6 = FloatVector.fromArray(SPECIES, m, t6 + i).fma(o, s6);
            s7 = FloatVector.fromArray(SPECIES, m, t7 + i).fma(o, s7);
            s8 = FloatVector.fromArray(SPECIES, m, t8 + i).fma(o, s8);
        }
        add(m, gradient, s0);
        add(m, gradient + pitch, s1);
        add(m, gradient + 2 * pitch, s2);
        add(m, gradient + 3 * pitch, s3);
        add(m, gradient + 4 * pitch, s4);
        add(m, gradient + 5 * pitch, s5);
        add(m, gradient + 6 * pitch, s6);
        add(m, gradient + 7 * pitch, s7);
        add(m, gradient + 8 * pitch, s8);
    }

    private static void gradientSeven(
            float[] m,
            int in,
            int[] from,
            int[] taps,
            int t,
            int outer,
            int[] at,
            int first,
            int end,
            int gradient,
            int pitch) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        FloatVector s4 = FloatVector.zero(SPECIES);
        FloatVector s5 = FloatVector.zero(SPECIES);
        FloatVector s6 = FloatVector.zero(SPECIES);
        int t0 = in + taps[t];
        int t1 = in + taps[t + 1];
        int t2 = in + taps[t + 2];
        int t3 = in + taps[t + 3];
        int t4 = in + taps[t + 4];
        int t5 = in + taps[t + 5];
        int t6 = in + taps[t + 6];
        for (int b = first; b < end; b++) {
            int i = from[b];
            FloatVector o = FloatVector.fromArray(SPECIES, m, outer + at[b]);
            s0 = FloatVector.fromArray(SPECIES, m, t0 + i).fma(o, s0);
            s1 = FloatVector.fromArray(SPECIES, m, t1 + i).fma(o, s1);
            s2 = FloatVector.fromArray(SPECIES, m, t2 + i).fma(o, s2);
            s3 = FloatVector.fromArray(SPECIES, m, t3 + i).fma(o, s3);
            s4 = FloatVector.fromArray(SPECIES, m, t4 + i).fma(o, s4);
            s5 = FloatVector.fromArray(SPECIES, m, t5 + i).fma(o, s5);
            s6 = FloatVector.fromArray(SPECIES, m, t6 + i).fma(o, s6);
        }
        add(m, gradient, s0);
        add(m, gradient + pitch, s1);
        add(m, gradient + 2 * pitch, s2);
        add(m, gradient + 3 * pitch, s3);
        add(m, gradient + 4 * pitch, s4);
        add(m, gradient + 5 * pitch, s5);
        add(m, gradient + 6 * pitch, s6);
    }

    private static void gradientOne(
            float[] m, int in, int[] from, int outer, int[] at, int first, int end, int gradient) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int b = first; b < end; b++) {
            sum = FloatVector.fromArray(SPECIES, m, in + from[b])
                    .fma(FloatVector.fromArray(SPECIES, m, outer + at[b]), sum);
        }
        add(m, gradient, sum);
    }

    private static void add(float[] m, int to, FloatVector sum) {
        FloatVector.fromArray(SPECIES, m, to).add(sum).intoArray(m, to);
    }

    /** The largest of the taps' numbers, the first where several are: no number wins against it, and over it. */
    static void largest(float[] m, int in, int[] from, int[] taps, int out, int[] to, int count) {
        for (int b = 0; b < count; b++) {
            for (int lane = 0; lane < BLOCK; lane += LENGTH) {
                int i = in + from[b] + lane;
                FloatVector best = FloatVector.fromArray(SPECIES, m, i + taps[0]);
                for (int t = 1; t < taps.length; t++) {
                    FloatVector next = FloatVector.fromArray(SPECIES, m, i + taps[t]);
                    best = best.blend(next, wins(next, best));
                }
                best.intoArray(m, out + to[b] + lane);
            }
        }
    }

    /** Which tap the {@link #largest} number was of. */
    static void whichIsLargest(float[] m, int in, int[] from, int[] taps, int out, int[] to, int count) {
        for (int b = 0; b < count; b++) {
            for (int lane = 0; lane < BLOCK; lane += LENGTH) {
                int i = in + from[b] + lane;
                FloatVector best = FloatVector.fromArray(SPECIES, m, i + taps[0]);
                FloatVector which = FloatVector.zero(SPECIES);
                for (int t = 1; t < taps.length; t++) {
                    FloatVector next = FloatVector.fromArray(SPECIES, m, i + taps[t]);
                    VectorMask<Float> wins = wins(next, best);
                    best = best.blend(next, wins);
                    which = which.blend(t, wins);
                }
                which.intoArray(m, out + to[b] + lane);
            }
        }
    }

    private static VectorMask<Float> wins(FloatVector next, FloatVector best) {
        return next.compare(VectorOperators.GT, best).or(next.test(VectorOperators.IS_NAN));
    }

    /**
     * {@code m[out + to[b] + lane] = sum over t of m[gradients + i] where m[whichs + i] is names[t]}, with {@code i = from[b] + taps[t] + lane}: gives the
     * gradient of a largest number to the number that it was.
     */
    static void pick(
            float[] m, int gradients, int whichs, int[] from, int[] taps, int[] names, int out, int[] to, int count) {
        for (int b = 0; b < count; b++) {
            for (int lane = 0; lane < BLOCK; lane += LENGTH) {
                int i = from[b] + lane;
                FloatVector sum = FloatVector.zero(SPECIES);
                for (int t = 0; t < taps.length; t++) {
                    VectorMask<Float> mine = FloatVector.fromArray(SPECIES, m, whichs + i + taps[t])
                            .compare(VectorOperators.EQ, names[t]);
                    FloatVector gradient = FloatVector.fromArray(SPECIES, m, gradients + i + taps[t]);
                    sum = sum.add(FloatVector.zero(SPECIES).blend(gradient, mine));
                }
                sum.intoArray(m, out + to[b] + lane);
            }
        }
    }
}
