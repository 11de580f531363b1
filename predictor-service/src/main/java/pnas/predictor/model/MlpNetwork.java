package pnas.predictor.model;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.Matrix;

/**
 * The paper's multilayer perceptron: inputs and operations are embedded by tables of their own; the embeddings of a block's four tokens are
 * concatenated, and the mean over the blocks goes through two hidden layers with rectifiers, a linear layer and a sigmoid.
 *
 * <p>The first layer is linear in the tokens. So a {@linkplain #writeTokenTables token table} holds each token's embedding times its part of that
 * layer, and what a cell has before the first rectifier is a bias and the mean over the blocks of the sum of four rows of these tables.
 *
 * @param inputs embeddings of inputs, inputs x embedding
 * @param operations embeddings of operations, operations x embedding
 * @param firstWeights the part of the first layer that each place of a block goes through, embedding x hidden
 * @param firstBias 1 x hidden
 * @param secondWeight hidden x hidden
 * @param secondBias 1 x hidden
 * @param outputWeight as a row, 1 x hidden
 * @param outputBias 1 x 1
 */
record MlpNetwork(
        Matrix inputs,
        Matrix operations,
        List<Matrix> firstWeights,
        Matrix firstBias,
        Matrix secondWeight,
        Matrix secondBias,
        Matrix outputWeight,
        Matrix outputBias)
        implements ScoringNetwork {
    static final int EMBEDDING = 100;
    static final int HIDDEN = 100;
    /** The sigmoid of this bias, 0.86, is near the accuracies that a search sees (Liu et al., 2018). */
    private static final float LAST_BIAS = 1.8f;

    private static final float EMBEDDING_RANGE = 0.1f;
    /** Children that go through the second layer together: their layers stay in the processor's cache. */
    private static final int TOGETHER = 64;

    MlpNetwork {
        firstWeights = List.copyOf(firstWeights);
    }

    /** All zeros: a place for derivatives. */
    static MlpNetwork zeros() {
        return new MlpNetwork(
                new Matrix(Tokens.INPUTS, EMBEDDING),
                new Matrix(Tokens.OPERATIONS, EMBEDDING),
                Stream.generate(() -> new Matrix(EMBEDDING, HIDDEN))
                        .limit(Tokens.PER_BLOCK)
                        .toList(),
                new Matrix(1, HIDDEN),
                new Matrix(HIDDEN, HIDDEN),
                new Matrix(1, HIDDEN),
                new Matrix(1, HIDDEN),
                new Matrix(1, 1));
    }

    /** A network before training: embeddings uniform in ±0.1, weights and biases uniform in ±1/√inputs. */
    static MlpNetwork random(RandomGenerator random) {
        MlpNetwork network = zeros();
        float first = (float) (1 / Math.sqrt(Tokens.PER_BLOCK * EMBEDDING));
        float later = (float) (1 / Math.sqrt(HIDDEN));
        network.inputs.randomize(EMBEDDING_RANGE, random);
        network.operations.randomize(EMBEDDING_RANGE, random);
        network.firstWeights.forEach(weight -> weight.randomize(first, random));
        network.firstBias.randomize(first, random);
        network.secondWeight.randomize(later, random);
        network.secondBias.randomize(later, random);
        network.outputWeight.randomize(later, random);
        network.outputBias.set(0, 0, LAST_BIAS);
        return network;
    }

    @Override
    public List<Matrix> parameters() {
        return Stream.concat(
                        firstWeights.stream(),
                        Stream.of(inputs, operations, firstBias, secondWeight, secondBias, outputWeight, outputBias))
                .toList();
    }

    /** The table that embeds the tokens at a place of a block: two inputs, then two operations. */
    Matrix embedding(int place) {
        return place < 2 ? inputs : operations;
    }

    /** For each place of a block a matrix, all zero, with a row for each token that may stand there. */
    static List<Matrix> emptyTables() {
        return Stream.of(Tokens.INPUTS, Tokens.INPUTS, Tokens.OPERATIONS, Tokens.OPERATIONS)
                .map(tokens -> new Matrix(tokens, HIDDEN))
                .toList();
    }

    /** Writes what each token at each place of a block adds to the first layer. */
    void writeTokenTables(List<Matrix> tables) {
        for (int place = 0; place < Tokens.PER_BLOCK; place++) {
            tables.get(place).clear();
            tables.get(place).addProduct(embedding(place), firstWeights.get(place));
        }
    }

    @Override
    public double score(Cell cell) {
        Matrix hidden = new Matrix(1, HIDDEN);
        hidden.setRows(firstBias);
        for (int place = 0; place < Tokens.PER_BLOCK; place++) {
            Matrix mean = new Matrix(1, EMBEDDING);
            for (Block block : cell.blocks()) {
                mean.addRow(0, 1f / cell.blocks().size(), embedding(place), Tokens.of(block)[place]);
            }
            hidden.addProduct(mean, firstWeights.get(place));
        }
        double[] scores = new double[1];
        hidden.rectify();
        addOutputs(hidden, new Matrix(1, HIDDEN), scores, 0);
        return scores[0];
    }

    /** What a child has before the first rectifier is what its parent has, and four rows of the token tables for the new block. */
    @Override
    public void addScores(Candidates candidates, double[] scores) {
        List<Matrix> tables = emptyTables();
        writeTokenTables(tables);
        Matrix parent = new Matrix(1, HIDDEN);
        Matrix first = new Matrix(TOGETHER, HIDDEN);
        Matrix second = new Matrix(TOGETHER, HIDDEN);
        float share = 1f / candidates.blocks();
        int next = 0;
        for (Family family : candidates.families()) {
            parent.setRows(firstBias);
            family.parent().blocks().forEach(block -> addBlock(parent, 0, share, tables, block));
            List<Block> children = family.children();
            for (int from = 0; from < children.size(); from += TOGETHER) {
                int count = Math.min(TOGETHER, children.size() - from);
                Matrix layer = first.firstRows(count);
                layer.setRows(parent);
                for (int child = 0; child < count; child++) {
                    addBlock(layer, child, share, tables, children.get(from + child));
                }
                layer.rectify();
                addOutputs(layer, second.firstRows(count), scores, next);
                next += count;
            }
        }
    }

    private static void addBlock(Matrix layer, int row, float share, List<Matrix> tables, Block block) {
        int[] tokens = Tokens.of(block);
        for (int place = 0; place < tokens.length; place++) {
            layer.addRow(row, share, tables.get(place), tokens[place]);
        }
    }

    /**
     * Adds the scores of cells to a part of an array.
     *
     * @param first what the first hidden layer gives, cells x hidden
     * @param second receives what the second one gives
     * @param scores the array
     * @param from place of the first cell's score
     */
    void addOutputs(Matrix first, Matrix second, double[] scores, int from) {
        second.setRows(secondBias);
        second.addProduct(first, secondWeight);
        second.rectify();
        for (int cell = 0; cell < second.rows(); cell++) {
            double sum = second.dot(cell, outputWeight, 0) + outputBias.get(0, 0);
            scores[from + cell] += 1 / (1 + StrictMath.exp(-sum));
        }
    }

    @Override
    public Derivative derivative() {
        return new MlpDerivative(this);
    }
}
