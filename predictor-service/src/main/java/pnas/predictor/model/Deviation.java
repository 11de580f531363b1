package pnas.predictor.model;

import java.util.Arrays;

/** The standard deviation of numbers about their mean. */
final class Deviation {
    private Deviation() {}

    static double of(double[] numbers) {
        double mean = Arrays.stream(numbers).average().orElseThrow();
        return Math.sqrt(Arrays.stream(numbers)
                .map(number -> (number - mean) * (number - mean))
                .average()
                .orElseThrow());
    }
}
