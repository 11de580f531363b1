package pnas.orchestrator.timing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import pnas.cell.Cell;
import pnas.message.DataSet;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.space.SearchSpace;

/**
 * A stage whose trainings take a time that is linear in their multiply-adds, times noise that is log-normal. An order of it sees the multiply-adds
 * of its trainings and, of the stage before it, the times that were measured.
 *
 * @param sizes of the trainings, in the order in which a predictor of accuracy might rank them: a random one
 * @param seconds what each of them takes in truth
 * @param measured the stage before: all cells of one block
 */
record SimulatedStage(List<TrainingSize> sizes, List<Double> seconds, List<MeasuredTime> measured) {
    static final int TRAININGS = 256;
    static final int SLOTS = 32;
    private static final int BLOCKS = 3;
    private static final double SIGMA = 0.2;
    private static final double SECONDS_PER_MULTIPLY_ADD = 4e-10;
    private static final long IMAGES = 20 * 45_000;
    private static final TrainingPlace PLACE = new TrainingPlace("torch", "cpu", "1 thread");
    private static final Layout LAYOUT = new Layout(Layout.Kind.CIFAR, 2, 24);

    static SimulatedStage of(long seed) {
        Random random = new Random(seed);
        SearchSpace space = SearchSpace.full();
        List<MeasuredTime> measured = new ArrayList<>();
        for (Cell cell : space.firstStage()) {
            TrainingSize size = size(cell);
            measured.add(new MeasuredTime(PLACE, size, truth(size, random)));
        }
        Set<Cell> cells = new LinkedHashSet<>();
        while (cells.size() < TRAININGS) {
            cells.add(space.random(BLOCKS, random));
        }
        List<TrainingSize> sizes =
                new ArrayList<>(cells.stream().map(SimulatedStage::size).toList());
        Collections.shuffle(sizes, random);
        return new SimulatedStage(
                sizes, sizes.stream().map(size -> truth(size, random)).toList(), measured);
    }

    private static double truth(TrainingSize size, Random random) {
        return SECONDS_PER_MULTIPLY_ADD * size.work() * Math.exp(SIGMA * random.nextGaussian());
    }

    private static TrainingSize size(Cell cell) {
        DataSet digits = DataSet.digits(0);
        Network network = NetworkBuilder.build(cell, LAYOUT, digits.image(), digits.classes(), 0);
        // Nothing else tells the model what this truth depends on.
        return new TrainingSize(network.multiplyAdds(), IMAGES, 1, 0);
    }

    /** What the slots stand idle, as a share of the time that all of them have until the last training ends. */
    double idleShareFirstInFirstOut() {
        return idleShare(seconds);
    }

    double idleShareLongestFirst() {
        TimeModel model = TimeModel.fit("torch", measured);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble(
                i -> -model.predict(PLACE, sizes.get(i)).seconds()));
        return idleShare(order.stream().map(seconds::get).toList());
    }

    private static double idleShare(List<Double> order) {
        double trained = order.stream().mapToDouble(Double::doubleValue).sum();
        return 1 - trained / (SLOTS * Workload.span(List.of(), order, SLOTS));
    }
}
