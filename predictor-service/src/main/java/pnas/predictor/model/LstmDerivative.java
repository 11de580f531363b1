package pnas.predictor.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.LstmCell;
import pnas.predictor.fitting.Matrix;

/**
 * Differentiates an {@link LstmNetwork} by backpropagation through time. The cells of a batch are sorted by length, longest first, so that those
 * that are still running at a step are the first rows of its matrices.
 */
final class LstmDerivative implements ScoringNetwork.Derivative {
    private final LstmNetwork network;
    private final LstmNetwork gradient = LstmNetwork.zeros();
    private final LstmCell cell = new LstmCell(LstmNetwork.HIDDEN);
    private final List<Matrix> tables = emptyTables();
    private final List<Matrix> tableGradients = emptyTables();

    LstmDerivative(LstmNetwork network) {
        this.network = network;
    }

    private static List<Matrix> emptyTables() {
        return List.of(new Matrix(Tokens.INPUTS, LstmNetwork.GATES), new Matrix(Tokens.OPERATIONS, LstmNetwork.GATES));
    }

    /** The place in a list of two tables, of inputs and of operations, for the token of a step. */
    private static int table(int step) {
        return step % Tokens.PER_BLOCK < 2 ? 0 : 1;
    }

    /** One row for each cell that is running at a step. */
    private record Step(Matrix gates, Matrix memories, Matrix outputs) {
        static Step of(int cells) {
            return new Step(
                    new Matrix(cells, LstmNetwork.GATES),
                    new Matrix(cells, LstmNetwork.HIDDEN),
                    new Matrix(cells, LstmNetwork.HIDDEN));
        }
    }

    @Override
    public double differentiate(int[][][] batch, double[] targets) {
        Integer[] order = new Integer[batch.length];
        Arrays.setAll(order, place -> place);
        Arrays.sort(
                order,
                Comparator.comparingInt((Integer place) -> batch[place].length).reversed());
        int[][] tokens = Arrays.stream(order)
                .map(place ->
                        Arrays.stream(batch[place]).flatMapToInt(Arrays::stream).toArray())
                .toArray(int[][]::new);
        List<Step> steps = forward(tokens);

        gradient().forEach(Matrix::clear);
        Matrix outputGradient = new Matrix(tokens.length, LstmNetwork.HIDDEN);
        double loss = 0;
        for (int row = 0; row < tokens.length; row++) {
            Matrix outputs = steps.get(tokens[row].length - 1).outputs();
            double score = network.score(outputs, row);
            double error = score - targets[order[row]];
            loss += Math.abs(error) / tokens.length;
            float bySum = (float) (Math.signum(error) * score * (1 - score) / tokens.length);
            gradient.outputBias().set(0, 0, gradient.outputBias().get(0, 0) + bySum);
            gradient.outputWeight().addRow(0, bySum, outputs, row);
            outputGradient.addRow(row, bySum, network.outputWeight(), 0);
        }
        backward(tokens, steps, outputGradient);
        return loss;
    }

    private List<Step> forward(int[][] tokens) {
        network.writeTokenTables(tables.get(0), tables.get(1));
        List<Step> steps = new ArrayList<>();
        Step before = Step.of(tokens.length);
        for (int step = 0; step < tokens[0].length; step++) {
            Step now = Step.of(running(tokens, step));
            for (int row = 0; row < now.gates().rows(); row++) {
                now.gates().setRow(row, tables.get(table(step)), tokens[row][step]);
            }
            now.gates().addProduct(before.outputs().firstRows(now.gates().rows()), network.recurrentWeight());
            for (int row = 0; row < now.gates().rows(); row++) {
                cell.step(now.gates(), row, before.memories(), row, now.memories(), now.outputs());
            }
            steps.add(now);
            before = now;
        }
        return steps;
    }

    /**
     * @param outputGradient derivatives by the last output of each cell
     */
    private void backward(int[][] tokens, List<Step> steps, Matrix outputGradient) {
        Matrix recurrentTransposed = network.recurrentWeight().transposed();
        Step first = Step.of(tokens.length);
        List<Matrix> gateGradients = new ArrayList<>();
        List<Matrix> outputsBefore = new ArrayList<>();
        Matrix memoryGradient = new Matrix(tokens.length, LstmNetwork.HIDDEN);
        // Rows of cells that are not running yet, seen from the end, keep the derivative by their last output until
        // they do.
        for (int step = steps.size() - 1; step >= 0; step--) {
            Step now = steps.get(step);
            Step before = step == 0 ? first : steps.get(step - 1);
            int rows = now.gates().rows();
            Matrix gateGradient = new Matrix(rows, LstmNetwork.GATES);
            for (int row = 0; row < rows; row++) {
                cell.stepBack(
                        now.gates(),
                        row,
                        before.memories(),
                        row,
                        now.memories(),
                        outputGradient,
                        memoryGradient,
                        gateGradient);
            }
            Matrix running = outputGradient.firstRows(rows);
            running.clear();
            running.addProduct(gateGradient, recurrentTransposed);
            gateGradients.add(gateGradient);
            // Before the first step there are zeros, which add nothing.
            if (step > 0) {
                outputsBefore.add(before.outputs().firstRows(rows));
            }
        }
        gradient.recurrentWeight()
                .addTransposedProduct(
                        Matrix.stacked(outputsBefore), Matrix.stacked(gateGradients.subList(0, outputsBefore.size())));
        tableGradients.forEach(Matrix::clear);
        for (int step = 0; step < steps.size(); step++) {
            Matrix gateGradient = gateGradients.get(steps.size() - 1 - step);
            for (int row = 0; row < gateGradient.rows(); row++) {
                tableGradients.get(table(step)).addRow(tokens[row][step], 1, gateGradient, row);
            }
        }
        Matrix tokenTransposed = network.tokenWeight().transposed();
        for (int table = 0; table < tableGradients.size(); table++) {
            Matrix tableGradient = tableGradients.get(table);
            Matrix embedding = table == 0 ? network.inputs() : network.operations();
            gradient.tokenWeight().addTransposedProduct(embedding, tableGradient);
            (table == 0 ? gradient.inputs() : gradient.operations()).addProduct(tableGradient, tokenTransposed);
            gradient.gateBias().addRowsOf(tableGradient);
        }
    }

    private static int running(int[][] tokens, int step) {
        return (int) Arrays.stream(tokens).filter(cell -> cell.length > step).count();
    }

    @Override
    public List<Matrix> gradient() {
        return gradient.parameters();
    }
}
