package pnas.predictor.model;

import java.util.List;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.Matrix;

/** Differentiates an {@link MlpNetwork}. */
final class MlpDerivative implements ScoringNetwork.Derivative {
    private final MlpNetwork network;
    private final MlpNetwork gradient = MlpNetwork.zeros();
    private final List<Matrix> tables = MlpNetwork.emptyTables();
    private final List<Matrix> tableGradients = MlpNetwork.emptyTables();

    MlpDerivative(MlpNetwork network) {
        this.network = network;
    }

    @Override
    public double differentiate(int[][][] batch, double[] targets) {
        int size = batch.length;
        network.writeTokenTables(tables);
        Matrix first = new Matrix(size, MlpNetwork.HIDDEN);
        first.setRows(network.firstBias());
        forEachToken(batch, (cell, place, token, share) -> first.addRow(cell, share, tables.get(place), token));
        first.rectify();
        Matrix second = new Matrix(size, MlpNetwork.HIDDEN);
        double[] scores = new double[size];
        network.addOutputs(first, second, scores, 0);

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

    @Override
    public List<Matrix> gradient() {
        return gradient.parameters();
    }
}
