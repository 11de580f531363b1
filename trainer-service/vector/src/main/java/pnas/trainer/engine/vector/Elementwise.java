package pnas.trainer.engine.vector;

import static pnas.trainer.engine.vector.Lanes.BLOCK;
import static pnas.trainer.engine.vector.Lanes.LENGTH;
import static pnas.trainer.engine.vector.Lanes.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * What is computed number by number over pixels that lie behind each other, and sums by channel. What belongs to a channel comes as one {@link
 * Lanes#period}, whose first number is that of the first one here.
 *
 * <p>Order of sums: one for each place of the period, over the periods in their order; what follows the last whole block comes last.
 */
final class Elementwise {
    private static final float LEAST = 0x1p-60f;
    private static final int PIECE = 1 << 11;

    private Elementwise() {}

    /** How many numbers are gone over at once, place by place of the period: whole periods of about what the fastest cache has room for. */
    private static int piece(int period) {
        return Math.max(1, PIECE / period) * period;
    }

    /** How many vectors there are in the whole blocks of these numbers, of those that begin at a place of the period. */
    private static int vectors(int whole, int place, int period) {
        return place < whole ? (whole - place + period - 1) / period : 0;
    }

    /** How often there are three vectors that lie behind each other, from this place of the period on: none where the period has no three more. */
    private static int vectorsOfThree(int whole, int place, int period) {
        return place + 3 * LENGTH <= period ? vectors(whole, place + 2 * LENGTH, period) : 0;
    }

    /** The place of the period at which the vector behind this one begins. */
    private static int next(int place, int period) {
        int next = place + LENGTH;
        return next == period ? 0 : next;
    }

    private static int whole(int length) {
        return length - length % BLOCK;
    }

    private static FloatVector at(float[] array, int i) {
        return FloatVector.fromArray(SPECIES, array, i);
    }

    /** Zero where a number is less, so that what is no number stays so. */
    private static FloatVector positive(FloatVector x) {
        return x.blend(0f, x.compare(VectorOperators.LT, 0f));
    }

    private static float positive(float x) {
        return x < 0 ? 0 : x;
    }

    /** {@code to = from * scale + shift}, and where wanted the larger of it and zero. */
    static void affine(float[] m, int from, int to, int length, Affine norm, boolean relu) {
        int whole = whole(length);
        int period = norm.period;
        int place = 0;
        if (relu) {
            for (int i = 0; i < whole; i += LENGTH) {
                FloatVector y = at(m, from + i).fma(at(norm.scale, place), at(norm.shift, place));
                positive(y).intoArray(m, to + i);
                place = next(place, period);
            }
        } else {
            for (int i = 0; i < whole; i += LENGTH) {
                at(m, from + i)
                        .fma(at(norm.scale, place), at(norm.shift, place))
                        .intoArray(m, to + i);
                place = next(place, period);
            }
        }
        for (int i = whole; i < length; i++) {
            float y = Math.fma(m[from + i], norm.scale[i % period], norm.shift[i % period]);
            m[to + i] = relu ? positive(y) : y;
        }
    }

    /** {@code to = (left * scale + shift) + (right * scale + shift)}, each with its own. */
    static void sum(float[] m, int left, Affine ofLeft, int right, Affine ofRight, int to, int length) {
        int whole = whole(length);
        int period = ofLeft.period;
        int at = 0;
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector x = at(m, left + i).fma(at(ofLeft.scale, at), at(ofLeft.shift, at));
            FloatVector y = at(m, right + i).fma(at(ofRight.scale, at), at(ofRight.shift, at));
            x.add(y).intoArray(m, to + i);
            at = next(at, period);
        }
        for (int i = whole; i < length; i++) {
            int place = i % period;
            m[to + i] = Math.fma(m[left + i], ofLeft.scale[place], ofLeft.shift[place])
                    + Math.fma(m[right + i], ofRight.scale[place], ofRight.shift[place]);
        }
    }

    /** {@code to = from}, or added to what is there. */
    static void copy(float[] m, int from, int to, int length, boolean add) {
        if (!add) {
            System.arraycopy(m, from, m, to, length);
            return;
        }
        int i = 0;
        for (; i + LENGTH <= length; i += LENGTH) {
            at(m, to + i).add(at(m, from + i)).intoArray(m, to + i);
        }
        for (; i < length; i++) {
            m[to + i] += m[from + i];
        }
    }

    /** {@code to = from * factors}, number by number. */
    static void multiply(float[] m, int from, float[] factors, int to, int length) {
        int i = 0;
        for (; i + LENGTH <= length; i += LENGTH) {
            at(m, from + i).mul(at(factors, i)).intoArray(m, to + i);
        }
        for (; i < length; i++) {
            m[to + i] = m[from + i] * factors[i];
        }
    }

    /** Adds to the first period of the sums {@code x - pivot}, and to the second one its square. */
    static void statistics(float[] m, int from, int length, float[] pivot, float[] sums) {
        int whole = whole(length);
        int period = pivot.length;
        int piece = piece(period);
        for (int begin = 0; begin < whole; begin += piece) {
            int end = Math.min(piece, whole - begin);
            for (int place = 0; place < period && place < end; place += LENGTH) {
                FloatVector mean = at(pivot, place);
                FloatVector sum = at(sums, place);
                FloatVector squares = at(sums, period + place);
                int vectors = vectors(end, place, period);
                int i = from + begin + place;
                for (int k = 0; k < vectors; k++) {
                    FloatVector x = at(m, i).sub(mean);
                    sum = sum.add(x);
                    squares = x.fma(x, squares);
                    i += period;
                }
                sum.intoArray(sums, place);
                squares.intoArray(sums, period + place);
            }
        }
        for (int i = whole; i < length; i++) {
            int place = i % period;
            float x = m[from + i] - pivot[place];
            sums[place] += x;
            sums[period + place] = Math.fma(x, x, sums[period + place]);
        }
    }

    /** Adds to the first period of the sums the gradients, and to the second one {@code gradient * (x - mean)}. */
    static void gradientSums(float[] m, int gradient, int from, int length, float[] mean, float[] sums) {
        int whole = whole(length);
        int period = mean.length;
        int piece = piece(period);
        for (int begin = 0; begin < whole; begin += piece) {
            int end = Math.min(piece, whole - begin);
            int place = 0;
            for (int count; (count = vectorsOfThree(end, place, period)) > 0; place += 3 * LENGTH) {
                gradientSumsOfThree(m, gradient + begin + place, from + begin + place, count, mean, sums, place);
                for (int left = place; vectors(end, left, period) > count; left += LENGTH) {
                    int i = begin + left + count * period;
                    gradientSumsOfOne(m, gradient + i, from + i, 1, mean, sums, left);
                }
            }
            for (; place < period && place < end; place += LENGTH) {
                int i = begin + place;
                gradientSumsOfOne(m, gradient + i, from + i, vectors(end, place, period), mean, sums, place);
            }
        }
        for (int i = whole; i < length; i++) {
            int place = i % period;
            float g = m[gradient + i];
            sums[place] += g;
            sums[period + place] = Math.fma(g, m[from + i] - mean[place], sums[period + place]);
        }
    }

    private static void gradientSumsOfThree(
            float[] m, int gradient, int from, int count, float[] mean, float[] sums, int place) {
        int period = mean.length;
        FloatVector mean0 = at(mean, place);
        FloatVector sum0 = at(sums, place);
        FloatVector products0 = at(sums, period + place);
        FloatVector mean1 = at(mean, place + LENGTH);
        FloatVector sum1 = at(sums, place + LENGTH);
        FloatVector products1 = at(sums, period + place + LENGTH);
        FloatVector mean2 = at(mean, place + 2 * LENGTH);
        FloatVector sum2 = at(sums, place + 2 * LENGTH);
        FloatVector products2 = at(sums, period + place + 2 * LENGTH);
        int i = 0;
        for (int k = 0; k < count; k++) {
            FloatVector g0 = at(m, gradient + i);
            sum0 = sum0.add(g0);
            products0 = g0.fma(at(m, from + i).sub(mean0), products0);
            FloatVector g1 = at(m, gradient + i + LENGTH);
            sum1 = sum1.add(g1);
            products1 = g1.fma(at(m, from + i + LENGTH).sub(mean1), products1);
            FloatVector g2 = at(m, gradient + i + 2 * LENGTH);
            sum2 = sum2.add(g2);
            products2 = g2.fma(at(m, from + i + 2 * LENGTH).sub(mean2), products2);
            i += period;
        }
        sum0.intoArray(sums, place);
        products0.intoArray(sums, period + place);
        sum1.intoArray(sums, place + LENGTH);
        products1.intoArray(sums, period + place + LENGTH);
        sum2.intoArray(sums, place + 2 * LENGTH);
        products2.intoArray(sums, period + place + 2 * LENGTH);
    }

    private static void gradientSumsOfOne(
            float[] m, int gradient, int from, int count, float[] mean, float[] sums, int place) {
        int period = mean.length;
        FloatVector mean0 = at(mean, place);
        FloatVector sum0 = at(sums, place);
        FloatVector products0 = at(sums, period + place);
        int i = 0;
        for (int k = 0; k < count; k++) {
            FloatVector g0 = at(m, gradient + i);
            sum0 = sum0.add(g0);
            products0 = g0.fma(at(m, from + i).sub(mean0), products0);
            i += period;
        }
        sum0.intoArray(sums, place);
        products0.intoArray(sums, period + place);
    }

    /** The gradient before a norm, zero where it is as good as that (see {@link Weights#read}): {@code to = gradient * gain + ((x - mean) * slope + offset)}. */
    static void throughNorm(float[] m, int gradient, int from, int to, int length, Norm norm) {
        int whole = whole(length);
        int period = norm.period;
        int at = 0;
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector rest = at(m, from + i).sub(at(norm.mean, at)).fma(at(norm.slope, at), at(norm.offset, at));
            FloatVector g = at(m, gradient + i).fma(at(norm.gain, at), rest);
            g.blend(0f, g.abs().compare(VectorOperators.LT, LEAST)).intoArray(m, to + i);
            at = next(at, period);
        }
        for (int i = whole; i < length; i++) {
            int place = i % period;
            float rest = Math.fma(m[from + i] - norm.mean[place], norm.slope[place], norm.offset[place]);
            float g = Math.fma(m[gradient + i], norm.gain[place], rest);
            m[to + i] = Math.abs(g) < LEAST ? 0 : g;
        }
    }

    /** The gradient before a ReLU: {@code to = gradient} where {@code x * scale + shift} is positive, else zero; or added to what is there. */
    static void throughRelu(float[] m, int gradient, int from, Affine norm, int to, int length, boolean add) {
        int whole = whole(length);
        int period = norm.period;
        int at = 0;
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector y = at(m, from + i).fma(at(norm.scale, at), at(norm.shift, at));
            FloatVector g = masked(at(m, gradient + i), y);
            (add ? at(m, to + i).add(g) : g).intoArray(m, to + i);
            at = next(at, period);
        }
        for (int i = whole; i < length; i++) {
            int place = i % period;
            float g = Math.fma(m[from + i], norm.scale[place], norm.shift[place]) > 0 ? m[gradient + i] : 0;
            m[to + i] = add ? m[to + i] + g : g;
        }
    }

    private static FloatVector masked(FloatVector gradient, FloatVector y) {
        VectorMask<Float> positive = y.compare(VectorOperators.GT, 0f);
        return FloatVector.zero(SPECIES).blend(gradient, positive);
    }

    /** The first of two: as {@link #throughRelu}, not added, and as {@link #gradientSums} of what it gives. */
    static void throughReluWithSums(float[] m, int gradient, int from, Norm norm, int to, int length, float[] sums) {
        int whole = whole(length);
        int period = norm.period;
        int piece = piece(period);
        for (int begin = 0; begin < whole; begin += piece) {
            int end = Math.min(piece, whole - begin);
            int place = 0;
            for (int count; (count = vectorsOfThree(end, place, period)) > 0; place += 3 * LENGTH) {
                int three = begin + place;
                throughReluOfThree(m, gradient + three, from + three, norm, to + three, count, sums, place);
                for (int left = place; vectors(end, left, period) > count; left += LENGTH) {
                    int i = begin + left + count * period;
                    throughReluOfOne(m, gradient + i, from + i, norm, to + i, 1, sums, left);
                }
            }
            for (; place < period && place < end; place += LENGTH) {
                int i = begin + place;
                throughReluOfOne(m, gradient + i, from + i, norm, to + i, vectors(end, place, period), sums, place);
            }
        }
        for (int i = whole; i < length; i++) {
            int place = i % period;
            float x = m[from + i];
            float g = Math.fma(x, norm.scale[place], norm.shift[place]) > 0 ? m[gradient + i] : 0;
            m[to + i] = g;
            sums[place] += g;
            sums[period + place] = Math.fma(g, x - norm.mean[place], sums[period + place]);
        }
    }

    private static void throughReluOfThree(
            float[] m, int gradient, int from, Norm norm, int to, int count, float[] sums, int place) {
        int period = norm.period;
        FloatVector scale0 = at(norm.scale, place);
        FloatVector shift0 = at(norm.shift, place);
        FloatVector mean0 = at(norm.mean, place);
        FloatVector sum0 = at(sums, place);
        FloatVector products0 = at(sums, period + place);
        FloatVector scale1 = at(norm.scale, place + LENGTH);
        FloatVector shift1 = at(norm.shift, place + LENGTH);
        FloatVector mean1 = at(norm.mean, place + LENGTH);
        FloatVector sum1 = at(sums, place + LENGTH);
        FloatVector products1 = at(sums, period + place + LENGTH);
        FloatVector scale2 = at(norm.scale, place + 2 * LENGTH);
        FloatVector shift2 = at(norm.shift, place + 2 * LENGTH);
        FloatVector mean2 = at(norm.mean, place + 2 * LENGTH);
        FloatVector sum2 = at(sums, place + 2 * LENGTH);
        FloatVector products2 = at(sums, period + place + 2 * LENGTH);
        int i = 0;
        for (int k = 0; k < count; k++) {
            FloatVector x0 = at(m, from + i);
            FloatVector g0 = masked(at(m, gradient + i), x0.fma(scale0, shift0));
            g0.intoArray(m, to + i);
            sum0 = sum0.add(g0);
            products0 = g0.fma(x0.sub(mean0), products0);
            FloatVector x1 = at(m, from + i + LENGTH);
            FloatVector g1 = masked(at(m, gradient + i + LENGTH), x1.fma(scale1, shift1));
            g1.intoArray(m, to + i + LENGTH);
            sum1 = sum1.add(g1);
            products1 = g1.fma(x1.sub(mean1), products1);
            FloatVector x2 = at(m, from + i + 2 * LENGTH);
            FloatVector g2 = masked(at(m, gradient + i + 2 * LENGTH), x2.fma(scale2, shift2));
            g2.intoArray(m, to + i + 2 * LENGTH);
            sum2 = sum2.add(g2);
            products2 = g2.fma(x2.sub(mean2), products2);
            i += period;
        }
        sum0.intoArray(sums, place);
        products0.intoArray(sums, period + place);
        sum1.intoArray(sums, place + LENGTH);
        products1.intoArray(sums, period + place + LENGTH);
        sum2.intoArray(sums, place + 2 * LENGTH);
        products2.intoArray(sums, period + place + 2 * LENGTH);
    }

    private static void throughReluOfOne(
            float[] m, int gradient, int from, Norm norm, int to, int count, float[] sums, int place) {
        int period = norm.period;
        FloatVector scale0 = at(norm.scale, place);
        FloatVector shift0 = at(norm.shift, place);
        FloatVector mean0 = at(norm.mean, place);
        FloatVector sum0 = at(sums, place);
        FloatVector products0 = at(sums, period + place);
        int i = 0;
        for (int k = 0; k < count; k++) {
            FloatVector x0 = at(m, from + i);
            FloatVector g0 = masked(at(m, gradient + i), x0.fma(scale0, shift0));
            g0.intoArray(m, to + i);
            sum0 = sum0.add(g0);
            products0 = g0.fma(x0.sub(mean0), products0);
            i += period;
        }
        sum0.intoArray(sums, place);
        products0.intoArray(sums, period + place);
    }

    /** Sets the sums, one period, to those of {@code x * scale + shift}, or of the larger of it and zero. */
    static void sums(float[] m, int from, int length, Affine norm, boolean relu, float[] sums) {
        int whole = whole(length);
        Arrays.fill(sums, 0);
        int period = norm.period;
        int piece = piece(period);
        for (int begin = 0; begin < whole; begin += piece) {
            int end = Math.min(piece, whole - begin);
            for (int place = 0; place < period && place < end; place += LENGTH) {
                FloatVector scale = at(norm.scale, place);
                FloatVector shift = at(norm.shift, place);
                FloatVector sum = at(sums, place);
                int vectors = vectors(end, place, period);
                int i = from + begin + place;
                for (int k = 0; k < vectors; k++) {
                    FloatVector y = at(m, i).fma(scale, shift);
                    sum = sum.add(relu ? positive(y) : y);
                    i += period;
                }
                sum.intoArray(sums, place);
            }
        }
        for (int i = whole; i < length; i++) {
            float y = Math.fma(m[from + i], norm.scale[i % period], norm.shift[i % period]);
            sums[i % period] += relu ? positive(y) : y;
        }
    }

    /** Gives every pixel the gradients of the channels, one period; with a ReLU where {@code x * scale + shift} is positive. */
    static void spread(
            float[] m, float[] ofChannels, int from, Affine norm, boolean relu, int to, int length, boolean add) {
        int whole = whole(length);
        int period = norm.period;
        int piece = piece(period);
        for (int begin = 0; begin < whole; begin += piece) {
            int end = Math.min(piece, whole - begin);
            for (int place = 0; place < period && place < end; place += LENGTH) {
                FloatVector scale = at(norm.scale, place);
                FloatVector shift = at(norm.shift, place);
                FloatVector gradient = at(ofChannels, place);
                int vectors = vectors(end, place, period);
                int i = begin + place;
                for (int k = 0; k < vectors; k++) {
                    FloatVector g = relu ? masked(gradient, at(m, from + i).fma(scale, shift)) : gradient;
                    (add ? at(m, to + i).add(g) : g).intoArray(m, to + i);
                    i += period;
                }
            }
        }
        for (int i = whole; i < length; i++) {
            int place = i % period;
            boolean passes = !relu || Math.fma(m[from + i], norm.scale[place], norm.shift[place]) > 0;
            float g = passes ? ofChannels[place] : 0;
            m[to + i] = add ? m[to + i] + g : g;
        }
    }
}
