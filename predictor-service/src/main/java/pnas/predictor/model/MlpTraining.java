package pnas.predictor.model;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import pnas.cell.Cell;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.Adam;
import pnas.predictor.fitting.MatrixView;

/** Trains one {@link MlpNetwork}: L1 loss, Adam, 50 epochs in batches of 16. Its arrays are made once and used for every step. */
final class MlpTraining {
    private static final int EPOCHS = 50;
    private static final int BATCH = 16;

    private final MlpNetwork network;
    private final MlpNetwork gradient = MlpNetwork.zeros();
    private final Adam adam;
    private final MatrixView table = MatrixView.zeros(MlpNetwork.TOKEN_ROWS, MlpNetwork.HIDDEN);
    private final MatrixView tableGradient = MatrixView.zeros(MlpNetwork.TOKEN_ROWS, MlpNetwork.HIDDEN);
    private final double[] scores = new double[BATCH];

    MlpTraining(MlpNetwork network, double learningRate) {
        this.network = network;
        adam = new Adam(network.values().length, learningRate);
    }

    /**
     * Trains on cells with accuracies.
     *
     * @param cells the cells
     * @param accuracies one for each of them
     * @param random shuffles them before each epoch
     */
    void run(List<Cell> cells, double[] accuracies, RandomGenerator random) {
        int[][][] rows = cells.stream().map(MlpTraining::tokenRows).toArray(int[][][]::new);
        int[] order = new int[rows.length];
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
                    batch[i] = rows[order[from + i]];
                    targets[i] = accuracies[order[from + i]];
                }
                differentiate(batch, targets);
                adam.step(network.values(), gradient.values());
            }
        }
    }

    private static int[][] tokenRows(Cell cell) {
        return cell.blocks().stream().map(MlpNetwork::tokenRows).toArray(int[][]::new);
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
     * @param batch the token rows of each block of each cell
     * @param targets the accuracies
     */
    double differentiate(int[][][] batch, double[] targets) {
        int size = batch.length;
        network.tokenTable(table);
        MatrixView first = MatrixView.zeros(size, MlpNetwork.HIDDEN);
        first.setRows(network.firstBias());
        for (int cell = 0; cell < size; cell++) {
            for (int[] block : batch[cell]) {
                for (int row : block) {
                    first.addRow(cell, 1f / batch[cell].length, table, row);
                }
            }
        }
        first.rectify();
        MatrixView second = MatrixView.zeros(size, MlpNetwork.HIDDEN);
        Arrays.fill(scores, 0);
        network.addScores(first, second, scores, 0);

        MatrixView outputGradient = MatrixView.zeros(size, 1);
        double loss = 0;
        for (int cell = 0; cell < size; cell++) {
            double error = scores[cell] - targets[cell];
            loss += Math.abs(error) / size;
            outputGradient.set(cell, 0, (float) (Math.signum(error) * scores[cell] * (1 - scores[cell]) / size));
        }
        Arrays.fill(gradient.values(), 0);
        gradient.outputBias().addRowsOf(outputGradient);
        gradient.outputWeight().addTransposedProduct(outputGradient, second);
        MatrixView secondGradient = MatrixView.zeros(size, MlpNetwork.HIDDEN);
        secondGradient.addProduct(outputGradient, network.outputWeight());
        secondGradient.clearWhereZero(second);
        gradient.secondBias().addRowsOf(secondGradient);
        gradient.secondWeight().addTransposedProduct(first, secondGradient);
        MatrixView firstGradient = MatrixView.zeros(size, MlpNetwork.HIDDEN);
        firstGradient.addProduct(secondGradient, network.secondWeight().transposed());
        firstGradient.clearWhereZero(first);
        gradient.firstBias().addRowsOf(firstGradient);
        tableGradient.clear();
        for (int cell = 0; cell < size; cell++) {
            for (int[] block : batch[cell]) {
                for (int row : block) {
                    tableGradient.addRow(row, 1f / batch[cell].length, firstGradient, cell);
                }
            }
        }
        for (int place = 0; place < Tokens.PER_BLOCK; place++) {
            MatrixView placeGradient = MlpNetwork.rowsOfPlace(tableGradient, place);
            gradient.firstWeight(place).addTransposedProduct(network.embedding(place), placeGradient);
            gradient.embedding(place)
                    .addProduct(placeGradient, network.firstWeight(place).transposed());
        }
        return loss;
    }

    /** The derivatives of the last batch. */
    MlpNetwork gradient() {
        return gradient;
    }
}
