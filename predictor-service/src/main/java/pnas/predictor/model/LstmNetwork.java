package pnas.predictor.model;

import java.util.List;
import java.util.random.RandomGenerator;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.Matrix;

/**
 * The paper's recurrent network: the tokens of all blocks, one after the other, embedded by tables of their own for inputs and operations, go
 * through a long short-term memory; its last output goes through a linear layer and a sigmoid.
 *
 * <p>What a token adds to the gates is linear in its embedding. So a {@linkplain #writeTokenTables token table} holds the embeddings times the
 * weights, plus the bias, and a step is a row of such a table plus the product of the last output and the recurrent weights. The gates stand in
 * one row: input, forget, output, then the new content.
 *
 * @param inputs embeddings of inputs, inputs x embedding
 * @param operations embeddings of operations, operations x embedding
 * @param tokenWeight embedding x gates
 * @param recurrentWeight hidden x gates
 * @param gateBias 1 x gates
 * @param outputWeight as a row, 1 x hidden
 * @param outputBias 1 x 1
 */
record LstmNetwork(
        Matrix inputs,
        Matrix operations,
        Matrix tokenWeight,
        Matrix recurrentWeight,
        Matrix gateBias,
        Matrix outputWeight,
        Matrix outputBias)
        implements ScoringNetwork {
    static final int EMBEDDING = 100;
    static final int HIDDEN = 100;
    static final int GATES = 4 * HIDDEN;
    /** As in {@link MlpNetwork}. */
    private static final float LAST_BIAS = 1.8f;

    private static final float EMBEDDING_RANGE = 0.1f;

    /** All zeros: a place for derivatives. */
    static LstmNetwork zeros() {
        return new LstmNetwork(
                new Matrix(Tokens.INPUTS, EMBEDDING),
                new Matrix(Tokens.OPERATIONS, EMBEDDING),
                new Matrix(EMBEDDING, GATES),
                new Matrix(HIDDEN, GATES),
                new Matrix(1, GATES),
                new Matrix(1, HIDDEN),
                new Matrix(1, 1));
    }

    /** A network before training: embeddings uniform in ±0.1, weights and biases uniform in ±1/√hidden. */
    static LstmNetwork random(RandomGenerator random) {
        LstmNetwork network = zeros();
        float range = (float) (1 / Math.sqrt(HIDDEN));
        network.inputs.randomize(EMBEDDING_RANGE, random);
        network.operations.randomize(EMBEDDING_RANGE, random);
        network.tokenWeight.randomize(range, random);
        network.recurrentWeight.randomize(range, random);
        network.gateBias.randomize(range, random);
        network.outputWeight.randomize(range, random);
        network.outputBias.set(0, 0, LAST_BIAS);
        return network;
    }

    @Override
    public List<Matrix> parameters() {
        return List.of(inputs, operations, tokenWeight, recurrentWeight, gateBias, outputWeight, outputBias);
    }

    @Override
    public Derivative derivative() {
        return new LstmDerivative(this);
    }

    /** The table that embeds the tokens at a place of a block: two inputs, then two operations. */
    Matrix embedding(int place) {
        return place < 2 ? inputs : operations;
    }

    /** Writes what each input and each operation adds to the gates, the bias included. */
    void writeTokenTables(Matrix ofInputs, Matrix ofOperations) {
        ofInputs.setRows(gateBias);
        ofInputs.addProduct(inputs, tokenWeight);
        ofOperations.setRows(gateBias);
        ofOperations.addProduct(operations, tokenWeight);
    }

    /** The score for the last output of a cell, which is a row of a matrix. */
    double score(Matrix outputs, int row) {
        double sum = outputs.dot(row, outputWeight, 0) + outputBias.get(0, 0);
        return 1 / (1 + StrictMath.exp(-sum));
    }

    @Override
    public double score(Cell cell) {
        Matrix output = new Matrix(1, HIDDEN);
        Matrix memory = new Matrix(1, HIDDEN);
        for (Block block : cell.blocks()) {
            int[] tokens = Tokens.of(block);
            for (int place = 0; place < tokens.length; place++) {
                Matrix embedded = new Matrix(1, EMBEDDING);
                embedded.addRow(0, 1, embedding(place), tokens[place]);
                step(embedded, output, memory);
            }
        }
        return score(output, 0);
    }

    /** One step for one cell, written as the formulas are. */
    private void step(Matrix embedded, Matrix output, Matrix memory) {
        Matrix gates = new Matrix(1, GATES);
        gates.setRows(gateBias);
        gates.addProduct(embedded, tokenWeight);
        gates.addProduct(output, recurrentWeight);
        for (int unit = 0; unit < HIDDEN; unit++) {
            double in = logistic(gates.get(0, unit));
            double forget = logistic(gates.get(0, HIDDEN + unit));
            double out = logistic(gates.get(0, 2 * HIDDEN + unit));
            double content = StrictMath.tanh(gates.get(0, 3 * HIDDEN + unit));
            double kept = forget * memory.get(0, unit) + in * content;
            memory.set(0, unit, (float) kept);
            output.set(0, unit, (float) (out * StrictMath.tanh(kept)));
        }
    }

    private static double logistic(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    @Override
    public void addScores(Candidates candidates, double[] scores) {
        LstmChildren children = new LstmChildren(this);
        int next = 0;
        for (Candidates.Family family : candidates.families()) {
            children.addScores(family, scores, next);
            next += family.children().size();
        }
    }
}
