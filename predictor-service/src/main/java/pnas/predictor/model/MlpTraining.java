package pnas.predictor.model;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import pnas.cell.Cell;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.Adam;
import pnas.predictor.fitting.Matrix;

/** Trains one {@link MlpNetwork}: L1 loss, Adam, 50 epochs in batches of 16. Its arrays are made once and used for every step. */
final class MlpTraining {
    private static final int EPOCHS = 50;
    private static final int BATCH = 16;

    private final MlpNetwork network;
    private final MlpNetwork gradient = MlpNetwork.zeros();
    private final Adam adam;
    private final List<Matrix> tables = MlpNetwork.emptyTables();
    private final List<Matrix> tableGradients = MlpNetwork.emptyTables();
    private final double[] scores = new double[BATCH];

    MlpTraining(MlpNetwork network, double learningRate) {
        this.network = network;
        adam = new Adam(network.parameters(), learningRate);
    }

    /**
     * Trains on cells with accuracies.
     *
     * @param cells the cells
     * @param accuracies one for each of them
     * @param random shuffles them before each epoch
     */
    void run(List<Cell> cells, double[] accuracies, RandomGenerator random) {
        int[][][] tokens = cells.stream().map(Tokens::of).toArray(int[][][]::new);
        int[] order = new int[tokens.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            shuffle(order, random);
            for (int from = 0; from < order.length; from += BATCH) {
                int size = Math.min(BATCH, order.length - from);
                int[][][] batch = new int[size][][];
                double[] targets = new double[size];
                for (int i = 0; i < size; i++) {
                    batch[i] = tokens[order[from + i]];
                    targets[i] = accuracies[order[from + i]];
                }
                differentiate(batch, targets);
                adam.step(gradient.parameters());
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

    /**
     * Computes the mean loss of a batch and its derivatives.
     *
     * @param batch the tokens of each block of each cell
     * @param targets the accuracies
     */
    double differentiate(int[][][] batch, double[] targets) {
        int size = batch.length;
        network.writeTokenTables(tables);
        Matrix first = new Matrix(size, MlpNetwork.HIDDEN);
        first.setRows(network.firstBias());
        forEachToken(batch, (cell, place, token, share) -> first.addRow(cell, share, tables.get(place), token));
        first.rectify();
        Matrix second = new Matrix(size, MlpNetwork.HIDDEN);
        Arrays.fill(scores, 0);
        network.addScores(first, second, scores, 0);

        Matrix outputGradient = new Matrix(size, 1);
        double loss = 0;
        for (int cell = 0; cell < size; cell++) {
            double error = scores[cell] - targets[cell];
            loss += Math.abs(error) / size;
            outputGradient.set(cell, 0, (float) (Math.signum(error) * scores[cell] * (1 - scores[cell]) / size));
        }
        gradient.parameters().forEach(Matrix::clear);
        gradient.outputBias().addRowsOf(outputGradient);
        gradient.outputWeight().addTransposedProduct(outputGradient, second);

        Matrix secondGradient = new Matrix(size, MlpNetwork.HIDDEN);
        secondGradient.addProduct(outputGradient, network.outputWeight());
        secondGradient.clearWhereZero(second);
        gradient.secondBias().addRowsOf(secondGradient);
        gradient.secondWeight().addTransposedProduct(first, secondGradient);

        Matrix firstGradient = new Matrix(size, MlpNetwork.HIDDEN);
        firstGradient.addProduct(secondGradient, network.secondWeight().transposed());
        firstGradient.clearWhereZero(first);
        gradient.firstBias().addRowsOf(firstGradient);
        tableGradients.forEach(Matrix::clear);
        forEachToken(
                batch,
                (cell, place, token, share) -> tableGradients.get(place).addRow(token, share, firstGradient, cell));
        for (int place = 0; place < Tokens.PER_BLOCK; place++) {
            Matrix tableGradient = tableGradients.get(place);
            gradient.firstWeights().get(place).addTransposedProduct(network.embedding(place), tableGradient);
            gradient.embedding(place)
                    .addProduct(tableGradient, network.firstWeights().get(place).transposed());
        }
        return loss;
    }

    private static void forEachToken(int[][][] batch, TokenVisitor visitor) {
        for (int cell = 0; cell < batch.length; cell++) {
            for (int[] block : batch[cell]) {
                for (int place = 0; place < block.length; place++) {
                    visitor.visit(cell, place, block[place], 1f / batch[cell].length);
                }
            }
        }
    }

    @FunctionalInterface
    private interface TokenVisitor {
        /** A token at a place of a block, and the share that a block of this cell has in the mean. */
        void visit(int cell, int place, int token, float share);
    }

    /** The derivatives of the last batch. */
    MlpNetwork gradient() {
        return gradient;
    }
}
