package pnas.orchestrator.timing;

/**
 * A time that is not known yet. It is within the interval nine times of ten, as far as the model holds.
 *
 * @param seconds what is expected
 * @param low beginning of the interval, in seconds
 * @param high its end, in seconds
 * @param guess whether nothing like it was measured, so that it is a guess from multiply-adds
 */
public record Estimate(double seconds, double low, double high, boolean guess) {
    /** The 95th percentile of the normal distribution: 90 % lie between it and its opposite. */
    private static final double QUANTILE = 1.645;

    /**
     * An expected time whose logarithm is normal.
     *
     * @param deviation standard deviation of the logarithm
     */
    static Estimate of(double seconds, double deviation, boolean guess) {
        double factor = Math.exp(QUANTILE * deviation);
        return new Estimate(seconds, seconds / factor, seconds * factor, guess);
    }

    /** This and then the other, as if both were late or early together. */
    public Estimate plus(Estimate other) {
        return new Estimate(seconds + other.seconds, low + other.low, high + other.high, guess || other.guess);
    }
}
