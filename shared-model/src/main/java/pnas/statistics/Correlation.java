package pnas.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Coefficients of correlation, −1 to 1, of two series of equal length; absent where one of them does not vary. */
public final class Correlation {
    private Correlation() {}

    /** Pearson's linear correlation. */
    public static OptionalDouble pearson(double[] x, double[] y) {
        requireSeries(x, y);
        double meanX = Arrays.stream(x).average().orElse(0);
        double meanY = Arrays.stream(y).average().orElse(0);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        // Asks for the values and not for the sums of squares, which rounding may leave above zero.
        return varies(x) && varies(y) ? coefficient(xy / (Math.sqrt(xx) * Math.sqrt(yy))) : OptionalDouble.empty();
    }

    /** Spearman's rank correlation; equal values share the mean of their ranks. */
    public static OptionalDouble spearman(double[] x, double[] y) {
        requireSeries(x, y);
        return pearson(ranks(x), ranks(y));
    }

    /** Kendall's tau-b, which allows for ties on either side. Time grows with the square of the length. */
    public static OptionalDouble kendall(double[] x, double[] y) {
        requireSeries(x, y);
        double concordance = 0;
        double untiedX = 0;
        double untiedY = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                int signX = Double.compare(x[i], x[j]);
                int signY = Double.compare(y[i], y[j]);
                concordance += Integer.signum(signX) * Integer.signum(signY);
                untiedX += signX == 0 ? 0 : 1;
                untiedY += signY == 0 ? 0 : 1;
            }
        }
        return untiedX == 0 || untiedY == 0
                ? OptionalDouble.empty()
                : coefficient(concordance / (Math.sqrt(untiedX) * Math.sqrt(untiedY)));
    }

    private static OptionalDouble coefficient(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(Math.clamp(value, -1, 1)) : OptionalDouble.empty();
    }

    private static double[] ranks(double[] values) {
        int[] ascending = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        for (int from = 0, to; from < ascending.length; from = to) {
            to = from + 1;
            while (to < ascending.length && values[ascending[to]] == values[ascending[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[ascending[i]] = (from + to + 1) / 2.0;
            }
        }
        return ranks;
    }

    private static boolean varies(double[] values) {
        return Arrays.stream(values).anyMatch(value -> value != values[0]);
    }

    private static void requireSeries(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "both series must have the same length, got " + x.length + " and " + y.length);
        }
        if (!IntStream.range(0, x.length).allMatch(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))) {
            throw new IllegalArgumentException("every value must be finite");
        }
    }
}
