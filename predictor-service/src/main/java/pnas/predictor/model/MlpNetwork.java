package pnas.predictor.model;

import java.util.random.RandomGenerator;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.MatrixView;

/**
 * The paper's multilayer perceptron: inputs and operations are embedded by tables of their own; the embeddings of a block's four tokens are
 * concatenated, and the mean over the blocks goes through two hidden layers with rectifiers, a linear layer and a sigmoid.
 *
 * <p>The first layer is linear in the tokens. So {@link #tokenTable} multiplies each token's embedding by its part of that layer, and what a
 * cell has before the first rectifier is a bias and the mean over the blocks of the sum of four rows of this table.
 */
final class MlpNetwork {
    static final int EMBEDDING = 100;
    static final int HIDDEN = 100;
    /** The sigmoid of this bias, 0.86, is near the accuracies that a search sees (Liu et al., 2018). */
    static final float LAST_BIAS = 1.8f;

    private static final float EMBEDDING_RANGE = 0.1f;
    /** How many different tokens each place of a block has: two inputs, then two operations. */
    private static final int[] VOCABULARY = {Tokens.INPUTS, Tokens.INPUTS, Tokens.OPERATIONS, Tokens.OPERATIONS};
    /** Rows of {@link #tokenTable}. */
    static final int TOKEN_ROWS = 2 * (Tokens.INPUTS + Tokens.OPERATIONS);

    private static final int FIRST_WEIGHT = (Tokens.INPUTS + Tokens.OPERATIONS) * EMBEDDING;
    private static final int FIRST_BIAS = FIRST_WEIGHT + Tokens.PER_BLOCK * EMBEDDING * HIDDEN;
    private static final int SECOND_WEIGHT = FIRST_BIAS + HIDDEN;
    private static final int SECOND_BIAS = SECOND_WEIGHT + HIDDEN * HIDDEN;
    private static final int OUTPUT_WEIGHT = SECOND_BIAS + HIDDEN;
    private static final int OUTPUT_BIAS = OUTPUT_WEIGHT + HIDDEN;
    private static final int PARAMETERS = OUTPUT_BIAS + 1;

    /** All parameters, or all their derivatives. */
    private final float[] values;

    private MlpNetwork(float[] values) {
        this.values = values;
    }

    /** A network before training: embeddings uniform in ±0.1, weights and biases uniform in ±1/√inputs. */
    static MlpNetwork random(RandomGenerator random) {
        MlpNetwork network = zeros();
        network.fill(0, FIRST_WEIGHT, EMBEDDING_RANGE, random);
        network.fill(FIRST_WEIGHT, SECOND_WEIGHT, root(Tokens.PER_BLOCK * EMBEDDING), random);
        network.fill(SECOND_WEIGHT, OUTPUT_BIAS, root(HIDDEN), random);
        network.values[OUTPUT_BIAS] = LAST_BIAS;
        return network;
    }

    /** All zeros: a place for derivatives. */
    static MlpNetwork zeros() {
        return new MlpNetwork(new float[PARAMETERS]);
    }

    private static float root(int inputs) {
        return (float) (1 / Math.sqrt(inputs));
    }

    private void fill(int from, int to, float range, RandomGenerator random) {
        for (int i = from; i < to; i++) {
            values[i] = range * (2 * random.nextFloat() - 1);
        }
    }

    /** All parameters in one array, not a copy. */
    float[] values() {
        return values;
    }

    /** The table that embeds the tokens at a place of a block. */
    MatrixView embedding(int place) {
        return place < 2
                ? new MatrixView(values, 0, Tokens.INPUTS, EMBEDDING)
                : new MatrixView(values, Tokens.INPUTS * EMBEDDING, Tokens.OPERATIONS, EMBEDDING);
    }

    /** The part of the first layer that a place of a block goes through, embedding x hidden. */
    MatrixView firstWeight(int place) {
        return new MatrixView(values, FIRST_WEIGHT + place * EMBEDDING * HIDDEN, EMBEDDING, HIDDEN);
    }

    MatrixView firstBias() {
        return new MatrixView(values, FIRST_BIAS, 1, HIDDEN);
    }

    MatrixView secondWeight() {
        return new MatrixView(values, SECOND_WEIGHT, HIDDEN, HIDDEN);
    }

    MatrixView secondBias() {
        return new MatrixView(values, SECOND_BIAS, 1, HIDDEN);
    }

    /** As a row, 1 x hidden. */
    MatrixView outputWeight() {
        return new MatrixView(values, OUTPUT_WEIGHT, 1, HIDDEN);
    }

    MatrixView outputBias() {
        return new MatrixView(values, OUTPUT_BIAS, 1, 1);
    }

    /** The four rows of {@link #tokenTable} of a block. */
    static int[] tokenRows(Block block) {
        int[] rows = Tokens.of(block);
        int first = 0;
        for (int place = 0; place < rows.length; place++) {
            rows[place] += first;
            first += VOCABULARY[place];
        }
        return rows;
    }

    /** The part of a matrix with {@link #TOKEN_ROWS} rows that belongs to a place of a block. */
    static MatrixView rowsOfPlace(MatrixView table, int place) {
        int first = 0;
        for (int before = 0; before < place; before++) {
            first += VOCABULARY[before];
        }
        return table.rows(first, VOCABULARY[place]);
    }

    /** Writes what each token at each place adds to the first layer, {@link #TOKEN_ROWS} x hidden. */
    void tokenTable(MatrixView table) {
        table.clear();
        for (int place = 0; place < Tokens.PER_BLOCK; place++) {
            rowsOfPlace(table, place).addProduct(embedding(place), firstWeight(place));
        }
    }

    /** The score of one cell, by the plain forward pass. */
    double score(Cell cell) {
        MatrixView hidden = MatrixView.zeros(1, HIDDEN);
        hidden.setRows(firstBias());
        for (int place = 0; place < Tokens.PER_BLOCK; place++) {
            MatrixView mean = MatrixView.zeros(1, EMBEDDING);
            for (Block block : cell.blocks()) {
                mean.addRow(0, 1f / cell.blocks().size(), embedding(place), Tokens.of(block)[place]);
            }
            hidden.addProduct(mean, firstWeight(place));
        }
        double[] scores = new double[1];
        hidden.rectify();
        addScores(hidden, MatrixView.zeros(1, HIDDEN), scores, 0);
        return scores[0];
    }

    /**
     * Adds the scores of cells to a part of an array.
     *
     * @param firstHidden what the first hidden layer gives, cells x hidden
     * @param secondHidden receives what the second one gives
     * @param scores the array
     * @param from place of the first cell's score
     */
    void addScores(MatrixView firstHidden, MatrixView secondHidden, double[] scores, int from) {
        secondHidden.setRows(secondBias());
        secondHidden.addProduct(firstHidden, secondWeight());
        secondHidden.rectify();
        MatrixView weight = outputWeight();
        for (int cell = 0; cell < secondHidden.rows(); cell++) {
            float sum = outputBias().get(0, 0);
            for (int i = 0; i < HIDDEN; i++) {
                sum += secondHidden.get(cell, i) * weight.get(0, i);
            }
            scores[from + cell] += 1 / (1 + StrictMath.exp(-sum));
        }
    }
}
