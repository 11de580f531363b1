package pnas.predictor.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import pnas.cell.Cell;
import pnas.message.PredictorName;
import pnas.predictor.encoding.LearningSet;

/**
 * Where the accuracy of a cell will be measured, nine times of ten.
 *
 * <p>The scale of a predictor's errors is that of its held-out scores for the cells of the last stage, joined with its own {@linkplain
 * FittedPredictor#deviation deviation} for the cell. Cells of the last stage's size lie about their scores. Those of the next size do not: nothing that
 * was learnt tells how much another block is worth, cells that were chosen for their scores fall back, and networks spread the scores of larger cells
 * too far. So their interval is moved, by numbers of {@link Shift} that were chosen on up to ten synthetic oracles, with a look at the table of a real
 * search. A test holds those of the Gaussian process on other oracles. Those of the LSTMs are those of the MLPs and were not measured.
 */
public final class Intervals {
    /** Held-out scores of fewer cells have no scale. */
    private static final int LEAST_CELLS = 10;
    /** Stages are joined, the last ones first, until there are as many. */
    private static final int ENOUGH_CELLS = 20;

    private final FittedPredictor fitted;
    private final Shift same;
    private final Shift first;
    private final Shift later;
    private final int lastStage;
    private final double scale;
    private final double mean;
    private final double spread;

    private Intervals(
            FittedPredictor fitted, Shift same, Shift first, Shift later, int lastStage, double scale, double[] last) {
        this.fitted = fitted;
        this.same = same;
        this.first = first;
        this.later = later;
        this.lastStage = lastStage;
        this.scale = scale;
        mean = Arrays.stream(last).average().orElseThrow();
        spread = Deviation.of(last);
    }

    /**
     * An interval of accuracies that holds nine measurements of ten. It need not hold the score.
     *
     * @param least lower end, from 0
     * @param greatest upper end, up to 1
     */
    public record Interval(double least, double greatest) {}

    /**
     * Errors in units of the scale.
     *
     * @param centre where they lie for a cell whose score is the mean accuracy of the last stage
     * @param slope how much further for each deviation of those accuracies that the score is above their mean
     * @param reach half the width of the interval
     */
    private record Shift(double centre, double slope, double reach) {}

    /**
     * The intervals of a fit, or none where it held out too few cells.
     *
     * @param name of the predictor
     * @param cells what it learnt
     */
    public static Optional<Intervals> of(PredictorName name, LearningSet cells, FittedPredictor fitted) {
        double[] accuracies = cells.accuracies();
        double[] heldOut = fitted.heldOutScores();
        int[] stages = cells.stages();
        int[] judged = IntStream.range(0, accuracies.length)
                .filter(cell -> !Double.isNaN(accuracies[cell] - heldOut[cell]))
                .toArray();
        if (judged.length < LEAST_CELLS) {
            return Optional.empty();
        }
        int lastStage = stages[judged[judged.length - 1]];
        int from = stages[judged[Math.max(0, judged.length - ENOUGH_CELLS)]];
        double scale = Math.sqrt(IntStream.of(judged)
                .filter(cell -> stages[cell] >= from)
                .mapToDouble(cell -> (accuracies[cell] - heldOut[cell]) * (accuracies[cell] - heldOut[cell]))
                .average()
                .orElseThrow());
        double[] last = IntStream.of(judged)
                .filter(cell -> stages[cell] == lastStage)
                .mapToDouble(cell -> accuracies[cell])
                .toArray();
        Shift same = switch (name) {
            case GP -> new Shift(0, 0, 1.44);
            case BLEND -> new Shift(0, 0, 1.5);
            // What was held out was scored by one network of five, without a fifth of the others: worse than by all.
            case MLP, MLP_ENSEMBLE, LSTM, LSTM_ENSEMBLE -> new Shift(0, 0, 1.25);
        };
        Shift first = switch (name) {
            case GP -> new Shift(1.2, 0, 1.3);
            case BLEND -> new Shift(1.6, 0, 1.4);
            case MLP, MLP_ENSEMBLE, LSTM, LSTM_ENSEMBLE -> new Shift(1.8, 0, 1.6);
        };
        Shift later = switch (name) {
            case GP -> new Shift(-0.4, 0, 2.3);
            case BLEND -> new Shift(0.1, 0, 1.8);
            case MLP, MLP_ENSEMBLE, LSTM, LSTM_ENSEMBLE -> new Shift(0.9, -0.4, 1.7);
        };
        return Optional.of(new Intervals(fitted, same, first, later, lastStage, scale, last));
    }

    /**
     * The interval of a cell.
     *
     * @param score its score by the same fit
     */
    public Interval of(Cell cell, double score) {
        double deviation = fitted.deviation(cell);
        double unit = Math.sqrt(scale * scale + deviation * deviation);
        double above = spread == 0 ? 0 : (score - mean) / spread;
        Shift shift = shift(cell.blocks().size());
        double centre = score + unit * (shift.centre() + shift.slope() * above);
        return new Interval(
                Math.clamp(centre - unit * shift.reach(), 0.0, 1.0),
                Math.clamp(centre + unit * shift.reach(), 0.0, 1.0));
    }

    private Shift shift(int blocks) {
        if (blocks <= lastStage) {
            return same;
        }
        return lastStage == 1 ? first : later;
    }
}
