package pnas.predictor.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A mean over seeds with its 95 % bootstrap interval (Efron, 1979): the middle of the means of 2,000 samples of as many seeds, drawn with
 * putting back.
 */
record Interval(double mean, double least, double greatest) {
    private static final int SAMPLES = 2000;
    private static final double TAIL = 0.025;

    /** @param values one for each seed */
    static Interval of(double[] values) {
        SplittableRandom random = new SplittableRandom(SAMPLES);
        double[] means = new double[SAMPLES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            means[sample] = random.ints(values.length, 0, values.length)
                    .mapToDouble(place -> values[place])
                    .average()
                    .orElseThrow();
        }
        Arrays.sort(means);
        int tail = (int) (TAIL * SAMPLES);
        return new Interval(Arrays.stream(values).average().orElseThrow(), means[tail], means[SAMPLES - 1 - tail]);
    }
}
