package pnas.predictor.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pnas.message.Fitting;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.fitting.AccuracyLevel;
import pnas.predictor.fitting.Folds;

/**
 * Predicts by one {@link ScoringNetwork} that is trained on all cells, or by the mean of five, member i of which is trained on everything but
 * fold i. What a single network held out is the last stage, where it is tuned from stage to stage. Diverged cells have no accuracy to learn and are left out.
 */
final class NetworkPredictor implements Predictor {
    private static final double FIRST_LEARNING_RATE = 0.01;
    /** Once cells of more than one block are learnt. */
    private static final double LATER_LEARNING_RATE = 0.002;

    private final Function<RandomGenerator, ScoringNetwork> architecture;
    private final Size size;
    private final Fitting fitting;
    private final NetworkTraining.Encoding encoding;

    /** How many networks predict. */
    enum Size {
        SINGLE,
        ENSEMBLE
    }

    /**
     * @param architecture makes a network with random weights
     * @param size how many networks predict
     * @param fitting how they learn from stage to stage
     * @param encoding how cells are shown to them when they learn
     */
    NetworkPredictor(
            Function<RandomGenerator, ScoringNetwork> architecture,
            Size size,
            Fitting fitting,
            NetworkTraining.Encoding encoding) {
        this.architecture = architecture;
        this.size = size;
        this.fitting = fitting;
        this.encoding = encoding;
    }

    @Override
    public FittedNetworks fit(LearningSet cells, long seed) {
        AccuracyLevel level = AccuracyLevel.of(cells.accuracies(), cells.stages());
        double[] levels = Arrays.stream(cells.accuracies()).map(level::levelOf).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        Folds folds = new Folds(cells.stages(), random.split());
        int[] stages = cells.stages();
        int[] ends = ends(IntStream.range(0, levels.length)
                .filter(cell -> !Double.isNaN(levels[cell]))
                .map(cell -> stages[cell])
                .toArray());
        int last = ends[ends.length - 1];
        ScoringNetwork begun = null;
        if (size == Size.SINGLE && ends.length > 1) {
            // What was learnt before the last stage is the same with each of its cells and without it.
            begun = architecture.apply(random);
            int[] before = Arrays.copyOf(ends, ends.length - 1);
            train(begun, cells, levels, _ -> true, before, random.split());
            ends = new int[] {last};
        }
        // Later stages, in which every cell diverged, are predicted without their cells by any of the networks.
        int heldOutFrom = begun == null ? 0 : last;
        List<ScoringNetwork> withoutFold = new ArrayList<>();
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            int left = fold;
            withoutFold.add(trained(begun, cells, levels, cell -> folds.of(cell) != left, ends, random.split()));
        }
        double[] heldOut = IntStream.range(0, cells.size())
                .mapToDouble(cell -> stages[cell] < heldOutFrom
                        ? Double.NaN
                        : level.accuracyOf(withoutFold
                                .get(folds.of(cell))
                                .score(cells.cells().get(cell).cell())))
                .toArray();
        List<ScoringNetwork> members = switch (size) {
            case SINGLE -> List.of(trained(begun, cells, levels, _ -> true, ends, random.split()));
            case ENSEMBLE -> withoutFold;
        };
        return new FittedNetworks(members, withoutFold, level, heldOut);
    }

    /**
     * The last stages of what is learnt, one time after the other.
     *
     * @param stages of the cells that have an accuracy, ascending
     */
    private int[] ends(int[] stages) {
        return switch (fitting) {
            case REFIT -> new int[] {stages[stages.length - 1]};
            case FINE_TUNE -> IntStream.of(stages).distinct().toArray();
        };
    }

    /**
     * A network that has learnt.
     *
     * @param begun where it begins; with random weights where there is none
     */
    private ScoringNetwork trained(
            @Nullable ScoringNetwork begun,
            LearningSet cells,
            double[] levels,
            IntPredicate wanted,
            int[] ends,
            RandomGenerator random) {
        ScoringNetwork network = architecture.apply(random);
        if (begun != null) {
            for (int i = 0; i < begun.parameters().size(); i++) {
                network.parameters().get(i).set(begun.parameters().get(i));
            }
        }
        train(network, cells, levels, wanted, ends, random);
        return network;
    }

    /**
     * Trains a network.
     *
     * @param levels of the accuracies of the cells, not a number where one has none
     * @param wanted which of the cells it may learn, by their places
     * @param ends the last stage of what it learns each time
     * @param random its own
     */
    private void train(
            ScoringNetwork network,
            LearningSet cells,
            double[] levels,
            IntPredicate wanted,
            int[] ends,
            RandomGenerator random) {
        int[] stages = cells.stages();
        int[] measured = IntStream.range(0, levels.length)
                .filter(cell -> !Double.isNaN(levels[cell]))
                .toArray();
        int[] others = IntStream.of(measured).filter(wanted).toArray();
        // A single measured cell is learnt by all members: there is nothing else to learn.
        int[] learnt = others.length == 0 ? measured : others;
        NetworkTraining training = new NetworkTraining(network, encoding);
        for (int end : ends) {
            int[] upToHere =
                    IntStream.of(learnt).filter(cell -> stages[cell] <= end).toArray();
            training.run(
                    IntStream.of(upToHere)
                            .mapToObj(cell -> cells.cells().get(cell).cell())
                            .toList(),
                    IntStream.of(upToHere).mapToDouble(cell -> levels[cell]).toArray(),
                    end == 1 ? FIRST_LEARNING_RATE : LATER_LEARNING_RATE,
                    random);
        }
    }
}
