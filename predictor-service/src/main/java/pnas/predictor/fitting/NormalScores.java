package pnas.predictor.fitting;

import java.util.Arrays;

/**
 * Accuracies as normal scores: the measurement of rank r among n becomes the quantile (r − 3/8) / (n + 1/4) of the standard normal
 * distribution (Blom, 1958). Equal accuracies share the mean of the scores of their ranks. A cell without an accuracy shares the lowest ranks
 * with its like, below every measured one. A score is mapped back along the straight lines between the measured points.
 */
public final class NormalScores {
    /** How far a predicted accuracy may approach its limits at least, so that scores beyond the best measured cell keep their order. */
    private static final double LEAST_ROOM = 1e-3;
    /** Accuracy per unit of score where only one accuracy was ever measured and its scale is therefore unknown. */
    private static final double UNKNOWN_SLOPE = 1e-2;

    private final double[] scores;
    /** The distinct measured accuracies, ascending, and their scores. */
    private final double[] knotAccuracies;

    private final double[] knotScores;

    /**
     * @param accuracies accuracy of each cell, not a number where it has none; at least one has one
     */
    public NormalScores(double[] accuracies) {
        double[] measured = Arrays.stream(accuracies)
                .filter(accuracy -> !Double.isNaN(accuracy))
                .toArray();
        if (measured.length == 0) {
            throw new IllegalArgumentException("normal scores need at least one accuracy");
        }
        int unmeasured = accuracies.length - measured.length;
        Arrays.sort(measured);
        knotAccuracies = Arrays.stream(measured).distinct().toArray();
        knotScores = new double[knotAccuracies.length];
        int from = 0;
        for (int knot = 0; knot < knotScores.length; knot++) {
            int to = from;
            while (to < measured.length && measured[to] == knotAccuracies[knot]) {
                to++;
            }
            knotScores[knot] = meanScore(unmeasured + from, unmeasured + to, accuracies.length);
            from = to;
        }
        double ofUnmeasured = unmeasured == 0 ? Double.NaN : meanScore(0, unmeasured, accuracies.length);
        scores = Arrays.stream(accuracies)
                .map(accuracy -> Double.isNaN(accuracy)
                        ? ofUnmeasured
                        : knotScores[Arrays.binarySearch(knotAccuracies, accuracy)])
                .toArray();
    }

    private static double meanScore(int from, int to, int count) {
        double sum = 0;
        for (int rank = from + 1; rank <= to; rank++) {
            sum += NormalQuantile.of((rank - 0.375) / (count + 0.25));
        }
        return sum / (to - from);
    }

    /** The score of each cell, in the order in which the accuracies were given. */
    public double[] scores() {
        return scores.clone();
    }

    /**
     * The accuracy of a score. Strictly increasing: linear between the measured points, and beyond them with the mean slope at first, but never
     * reaching 0 or 1 (a thousandth beyond the measured ones where these reach them).
     */
    public double accuracy(double score) {
        int last = knotScores.length - 1;
        double slope = last == 0
                ? UNKNOWN_SLOPE
                : (knotAccuracies[last] - knotAccuracies[0]) / (knotScores[last] - knotScores[0]);
        if (score >= knotScores[last]) {
            return knotAccuracies[last] + approach(1 - knotAccuracies[last], slope * (score - knotScores[last]));
        }
        if (score <= knotScores[0]) {
            return knotAccuracies[0] - approach(knotAccuracies[0], slope * (knotScores[0] - score));
        }
        int place = Arrays.binarySearch(knotScores, score);
        int above = place >= 0 ? place + 1 : -place - 1;
        double share = (score - knotScores[above - 1]) / (knotScores[above] - knotScores[above - 1]);
        return knotAccuracies[above - 1] + share * (knotAccuracies[above] - knotAccuracies[above - 1]);
    }

    /** A distance that grows like {@code distance} at first and approaches {@code room} in the end. */
    static double approach(double room, double distance) {
        double limit = Math.max(room, LEAST_ROOM);
        return limit * distance / (limit + distance);
    }
}
