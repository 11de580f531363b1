package pnas.predictor.encoding;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.RankingRequest.Observation;

/**
 * The cells that a predictor learns from, in an order of their own, so that the order in which they arrive does not matter: by stage, then by
 * canonical text, then by the text in which they were scored, then by accuracy. A cell may stand more than once.
 *
 * @param cells the cells, at least one of which has an accuracy
 */
public record LearningSet(List<Observation> cells) {
    public LearningSet {
        if (cells.stream().allMatch(cell -> cell.accuracy() == null)) {
            throw new IllegalArgumentException(
                    "a predictor needs at least one cell with an accuracy, got none among " + cells.size());
        }
        cells = cells.stream()
                .map(Keyed::of)
                .sorted(Keyed.ORDER)
                .map(Keyed::observation)
                .toList();
    }

    /** How many cells there are. */
    public int size() {
        return cells.size();
    }

    /** The accuracy of each cell, not a number where its training diverged. */
    public double[] accuracies() {
        return cells.stream()
                .mapToDouble(cell -> orElse(cell.accuracy(), Double.NaN))
                .toArray();
    }

    /** The stage that trained each cell, ascending. */
    public int[] stages() {
        return cells.stream().mapToInt(Observation::stage).toArray();
    }

    /**
     * The places of at most {@code most} of the cells, ascending: those of the last stages, and of the stage that fits in part only cells that
     * are evenly spaced in the order of this set.
     */
    public int[] latest(int most) {
        if (size() <= most) {
            return IntStream.range(0, size()).toArray();
        }
        int[] stages = stages();
        int parted = stages[size() - most];
        int from = 0;
        while (stages[from] < parted) {
            from++;
        }
        int to = from;
        while (to < size() && stages[to] == parted) {
            to++;
        }
        long width = (long) to - from;
        int first = from;
        int fitting = most - (size() - to);
        return IntStream.concat(
                        IntStream.range(0, fitting).map(i -> first + (int) (i * width / fitting)),
                        IntStream.range(to, size()))
                .toArray();
    }

    private static double orElse(@Nullable Double value, double otherwise) {
        return value == null ? otherwise : value;
    }

    /** A cell with its canonical form, which is costly. */
    private record Keyed(Observation observation, Cell canonical) {
        static final Comparator<Keyed> ORDER = Comparator.comparingInt((Keyed keyed) -> keyed.observation.stage())
                .thenComparing(Keyed::canonical)
                .thenComparing(keyed -> keyed.observation.cell())
                .thenComparingDouble(keyed -> orElse(keyed.observation.accuracy(), -1));

        static Keyed of(Observation observation) {
            return new Keyed(observation, observation.cell().canonical());
        }
    }
}
