package pnas.trainer.engine.vector;

import java.util.Arrays;
import pnas.network.Layer;

/**
 * A batch normalisation. It is never computed by itself: the reader of the feature map applies its scale and shift, and its gradient is taken through
 * it where the convolution before it reads that.
 *
 * <p>Statistics are summed in 32 bits over a group of images, then in 64 bits. Numbers are summed less the first pixel of the batch, so that a mean
 * far from zero costs no digits.
 */
final class Norm extends Affine {
    private static final int BIAS = 0;

    /** One period each: the mean of the batch, and what makes the gradient before the norm of the one behind it. */
    final float[] mean;

    final float[] gain;
    final float[] slope;
    final float[] offset;

    private final Weights weights;
    private final int weight;
    private final int bias;
    private final int runningMean;
    private final int runningVariance;

    private final float[] pivot;
    /** Two periods of sums of a group. */
    private final float[] sums;
    /** Two sums for each channel. */
    private final double[] totals;

    private final double[] deviationInverse;
    private final double[] means;
    private long pixels;
    private boolean hasGradientSums;

    /**
     * A norm by the name of its node.
     *
     * @param weights where its weights and running statistics are
     */
    Norm(String name, Layer.BatchNormalisation layer, Weights weights) {
        super(layer.channels());
        this.weights = weights;
        this.weight = weights.parameter(name + ".weight").at();
        this.bias = weights.parameter(name + ".bias").at();
        this.runningMean = weights.statistic(name + ".running_mean").at();
        this.runningVariance = weights.statistic(name + ".running_var").at();
        this.mean = new float[period];
        this.gain = new float[period];
        this.slope = new float[period];
        this.offset = new float[period];
        this.pivot = new float[period];
        this.sums = new float[2 * period];
        this.totals = new double[2 * channels];
        this.deviationInverse = new double[channels];
        this.means = new double[channels];
    }

    /** Counts the pixels of a group of images, the first of which begins a batch where nothing has been counted. */
    void count(float[] m, int from, int group) {
        if (pixels == 0) {
            for (int i = 0; i < period; i++) {
                pivot[i] = m[from + i % channels];
            }
            Arrays.fill(totals, 0);
        }
        pixels += group;
        Elementwise.statistics(m, from, group * channels, pivot, sums);
        foldSums();
    }

    private void foldSums() {
        Lanes.fold(sums, 0, period, totals, 0, channels);
        Lanes.fold(sums, period, period, totals, channels, channels);
        Arrays.fill(sums, 0);
    }

    /** Ends a batch: sets scale and shift by its statistics, and moves the running ones a tenth of the way to them. */
    void finish() {
        for (int c = 0; c < channels; c++) {
            double shifted = totals[c] / pixels;
            double variance = Math.max(0, totals[channels + c] / pixels - shifted * shifted);
            set(c, pivot[c] + shifted, variance);
            double unbiased = pixels == 1 ? Double.NaN : variance * pixels / (pixels - 1);
            weights.running[runningMean + c] = moved(weights.running[runningMean + c], pivot[c] + shifted);
            weights.running[runningVariance + c] = moved(weights.running[runningVariance + c], unbiased);
        }
        counted = pixels;
        pixels = 0;
        hasGradientSums = false;
        repeat();
    }

    private long counted;

    private static float moved(float running, double batch) {
        return (float) ((1 - Layer.BatchNormalisation.MOMENTUM) * running + Layer.BatchNormalisation.MOMENTUM * batch);
    }

    /** Sets scale and shift by the running statistics. */
    void useRunning() {
        for (int c = 0; c < channels; c++) {
            set(c, weights.running[runningMean + c], weights.running[runningVariance + c]);
        }
        repeat();
    }

    private void set(int c, double ofMean, double variance) {
        means[c] = ofMean;
        deviationInverse[c] = 1 / Math.sqrt(variance + Layer.BatchNormalisation.EPSILON);
        double factor = weights.values[weight + c] * deviationInverse[c];
        scale[c] = Weights.notTiny((float) factor);
        shift[c] = Weights.notTiny((float) (weights.values[bias + c] - factor * ofMean));
        mean[c] = (float) ofMean;
    }

    private void repeat() {
        for (int i = channels; i < period; i++) {
            scale[i] = scale[i % channels];
            shift[i] = shift[i % channels];
            mean[i] = mean[i % channels];
        }
    }

    /** Begins the sums of a gradient, which one reader hands over group by group as it writes it. */
    void beginGradient() {
        Arrays.fill(totals, 0);
        hasGradientSums = true;
    }

    /** Two periods, to which a group adds its sums. */
    float[] gradientSums() {
        return sums;
    }

    /** Ends a group of {@link #gradientSums}. */
    void countGradient() {
        foldSums();
    }

    /**
     * Sets the gradients of weight and bias, and how a gradient goes through the norm.
     *
     * @param gradient where the whole gradient behind the norm is
     * @param from where the feature map is
     * @param group pixels of a group
     */
    void passBack(float[] m, int gradient, int from, int group) {
        if (!hasGradientSums) {
            Arrays.fill(totals, 0);
            for (long first = 0; first < counted; first += group) {
                int length = (int) Math.min(group, counted - first) * channels;
                int at = (int) first * channels;
                Elementwise.gradientSums(m, gradient + at, from + at, length, mean, sums);
                foldSums();
            }
        }
        for (int c = 0; c < channels; c++) {
            double inverse = deviationInverse[c];
            double ofBias = totals[BIAS + c];
            double ofWeight = inverse * (totals[channels + c] + (mean[c] - means[c]) * ofBias);
            weights.gradients[bias + c] = (float) ofBias;
            weights.gradients[weight + c] = (float) ofWeight;
            double factor = weights.values[weight + c] * inverse;
            double ofDistance = -factor * inverse * ofWeight / counted;
            // As in Weights.read: what a norm hardly lets through goes no further back.
            boolean passes = Weights.notTiny((float) factor) != 0;
            gain[c] = passes ? (float) factor : 0;
            slope[c] = passes ? (float) ofDistance : 0;
            offset[c] = passes ? (float) (-factor * ofBias / counted + ofDistance * (mean[c] - means[c])) : 0;
        }
        for (int i = channels; i < period; i++) {
            gain[i] = gain[i % channels];
            slope[i] = slope[i % channels];
            offset[i] = offset[i % channels];
        }
    }
}
