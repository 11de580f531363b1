package pnas.predictor.fitting;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A straight map between accuracies as they were measured and the level on which networks learn, where those of the first stage have mean 0.86 and
 * deviation 0.03. The networks of Liu et al. (2018) begin at such accuracies and rank poorly on others, which few epochs or many classes give.
 *
 * @param mean accuracy that is 0.86 on the level
 * @param deviation accuracy that is 0.03 on the level, above 0
 * @param least lowest accuracy that was measured
 * @param most highest accuracy that was measured
 */
public record AccuracyLevel(double mean, double deviation, double least, double most) {
    private static final double MEAN = 0.86;
    private static final double DEVIATION = 0.03;
    /** So that equal searches on different levels are learnt to the same bit, whatever the map's rounding. */
    private static final double STEPS = 1e6;

    /**
     * The level of measured cells. It stays as it is when later stages join them, for networks that are tuned from stage to stage.
     *
     * @param accuracies of each cell, not a number where it has none; at least one has one
     * @param stages of each cell, ascending
     */
    public static AccuracyLevel of(double[] accuracies, int[] stages) {
        int[] measured = IntStream.range(0, accuracies.length)
                .filter(cell -> !Double.isNaN(accuracies[cell]))
                .toArray();
        double[] all =
                IntStream.of(measured).mapToDouble(cell -> accuracies[cell]).toArray();
        double[] first = IntStream.of(measured)
                .filter(cell -> stages[cell] == stages[measured[0]])
                .mapToDouble(cell -> accuracies[cell])
                .toArray();
        double mean = Arrays.stream(first).average().orElseThrow();
        double deviation = deviation(first, mean);
        if (deviation == 0) {
            deviation = deviation(all, mean);
        }
        return new AccuracyLevel(
                mean,
                deviation == 0 ? DEVIATION : deviation,
                Arrays.stream(all).min().orElseThrow(),
                Arrays.stream(all).max().orElseThrow());
    }

    private static double deviation(double[] accuracies, double mean) {
        return Math.sqrt(Arrays.stream(accuracies)
                .map(accuracy -> (accuracy - mean) * (accuracy - mean))
                .average()
                .orElseThrow());
    }

    /** Where an accuracy is on the level; not a number where it is none. */
    public double levelOf(double accuracy) {
        return Double.isNaN(accuracy)
                ? accuracy
                : Math.rint((MEAN + DEVIATION * (accuracy - mean) / deviation) * STEPS) / STEPS;
    }

    /** The accuracy at a place of the level. Strictly increasing; beyond what was measured it approaches 0 and 1 as {@link NormalScores} do. */
    public double accuracyOf(double level) {
        double accuracy = mean + deviation * (level - MEAN) / DEVIATION;
        if (accuracy > most) {
            return most + NormalScores.approach(1 - most, accuracy - most);
        }
        if (accuracy < least) {
            return least - NormalScores.approach(least, least - accuracy);
        }
        return accuracy;
    }
}
