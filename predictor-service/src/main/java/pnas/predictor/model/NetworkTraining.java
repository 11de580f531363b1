package pnas.predictor.model;

import java.util.List;
import java.util.random.RandomGenerator;
import pnas.cell.Cell;
import pnas.predictor.encoding.Orderings;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.Adam;
import pnas.predictor.fitting.Interruption;

/** Trains one {@link ScoringNetwork}: L1 loss, Adam, 50 epochs in batches of 16. */
final class NetworkTraining {
    private static final int EPOCHS = 50;
    private static final int BATCH = 16;

    private final ScoringNetwork network;
    private final Encoding encoding;

    /** How cells are shown to a network. */
    enum Encoding {
        /** In the order in which their blocks and branches stand. */
        AS_GIVEN,
        /** In another random order each time. */
        REORDERED
    }

    NetworkTraining(ScoringNetwork network, Encoding encoding) {
        this.network = network;
        this.encoding = encoding;
    }

    /**
     * Trains on cells with accuracies. Ends after the next batch where its thread is {@linkplain Interruption interrupted}.
     *
     * @param cells the cells
     * @param accuracies one for each of them
     * @param learningRate of every step
     * @param random shuffles the cells before each epoch
     */
    void run(List<Cell> cells, double[] accuracies, double learningRate, RandomGenerator random) {
        ScoringNetwork.Derivative derivative = network.derivative();
        Adam adam = new Adam(network.parameters(), learningRate);
        int[][][] tokens = cells.stream().map(Tokens::of).toArray(int[][][]::new);
        int[] order = new int[tokens.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            shuffle(order, random);
            for (int from = 0; from < order.length; from += BATCH) {
                Interruption.check();
                int size = Math.min(BATCH, order.length - from);
                int[][][] batch = new int[size][][];
                double[] targets = new double[size];
                for (int i = 0; i < size; i++) {
                    int cell = order[from + i];
                    batch[i] = switch (encoding) {
                        case AS_GIVEN -> tokens[cell];
                        case REORDERED -> Tokens.of(Orderings.random(cells.get(cell), random));
                    };
                    targets[i] = accuracies[cell];
                }
                derivative.differentiate(batch, targets);
                adam.step(derivative.gradient());
            }
        }
    }

    private static void shuffle(int[] order, RandomGenerator random) {
        for (int last = order.length - 1; last > 0; last--) {
            int other = random.nextInt(last + 1);
            int value = order[last];
            order[last] = order[other];
            order[other] = value;
        }
    }
}
