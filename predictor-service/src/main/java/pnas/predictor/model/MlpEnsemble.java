package pnas.predictor.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.fitting.Folds;

/**
 * The mean of five {@link MlpNetwork}s, member i of which is trained on everything but fold i. It is fitted anew on all cells each time; diverged
 * cells have no accuracy to learn and are left out.
 */
final class MlpEnsemble implements Predictor {
    private static final double FIRST_LEARNING_RATE = 0.01;
    /** Once cells of more than one block are learnt. */
    private static final double LATER_LEARNING_RATE = 0.002;

    @Override
    public FittedMlpEnsemble fit(LearningSet cells, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Folds folds = new Folds(cells.stages(), random.split());
        double[] accuracies = cells.accuracies();
        int[] measured = IntStream.range(0, accuracies.length)
                .filter(cell -> !Double.isNaN(accuracies[cell]))
                .toArray();
        boolean firstStage = cells.cells().getLast().stage() == 1;
        List<MlpNetwork> members = new ArrayList<>();
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            int left = fold;
            int[] others = IntStream.of(measured)
                    .filter(cell -> folds.of(cell) != left)
                    .toArray();
            // A single measured cell is learnt by all members: there is nothing else to learn.
            int[] learnt = others.length == 0 ? measured : others;
            SplittableRandom own = random.split();
            MlpNetwork member = MlpNetwork.random(own);
            new MlpTraining(member, firstStage ? FIRST_LEARNING_RATE : LATER_LEARNING_RATE)
                    .run(
                            IntStream.of(learnt)
                                    .mapToObj(cell -> cells.cells().get(cell).cell())
                                    .toList(),
                            IntStream.of(learnt)
                                    .mapToDouble(cell -> accuracies[cell])
                                    .toArray(),
                            own);
            members.add(member);
        }
        double[] heldOut = IntStream.range(0, cells.size())
                .mapToDouble(cell -> members.get(folds.of(cell))
                        .score(cells.cells().get(cell).cell()))
                .toArray();
        return new FittedMlpEnsemble(members, heldOut);
    }
}
