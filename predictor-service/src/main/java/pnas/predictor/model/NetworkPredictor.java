package pnas.predictor.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import pnas.message.Fitting;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.fitting.AccuracyLevel;
import pnas.predictor.fitting.Folds;

/**
 * Predicts by one {@link ScoringNetwork} that is trained on all cells, or by the mean of five, member i of which is trained on everything but
 * fold i. Diverged cells have no accuracy to learn and are left out.
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
        List<ScoringNetwork> withoutFold = new ArrayList<>();
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            int left = fold;
            withoutFold.add(trained(cells, levels, cell -> folds.of(cell) != left, random.split()));
        }
        double[] heldOut = IntStream.range(0, cells.size())
                .mapToDouble(cell -> level.accuracyOf(withoutFold
                        .get(folds.of(cell))
                        .score(cells.cells().get(cell).cell())))
                .toArray();
        List<ScoringNetwork> members = switch (size) {
            case SINGLE -> List.of(trained(cells, levels, cell -> true, random.split()));
            case ENSEMBLE -> withoutFold;
        };
        return new FittedNetworks(members, level, heldOut);
    }

    /**
     * A network that has learnt.
     *
     * @param levels of the accuracies of the cells, not a number where one has none
     * @param wanted which of the cells it may learn, by their places
     * @param random its own
     */
    private ScoringNetwork trained(LearningSet cells, double[] levels, IntPredicate wanted, RandomGenerator random) {
        int[] stages = cells.stages();
        int[] measured = IntStream.range(0, levels.length)
                .filter(cell -> !Double.isNaN(levels[cell]))
                .toArray();
        int[] others = IntStream.of(measured).filter(wanted).toArray();
        // A single measured cell is learnt by all members: there is nothing else to learn.
        int[] learnt = others.length == 0 ? measured : others;
        ScoringNetwork network = architecture.apply(random);
        NetworkTraining training = new NetworkTraining(network, encoding);
        int last = stages[stages.length - 1];
        int[] ends = switch (fitting) {
            case REFIT -> new int[] {last};
            case FINE_TUNE ->
                IntStream.of(learnt).map(cell -> stages[cell]).distinct().toArray();
        };
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
        return network;
    }
}
