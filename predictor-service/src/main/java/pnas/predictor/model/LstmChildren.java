package pnas.predictor.model;

import java.util.Arrays;
import java.util.List;
import pnas.cell.Block;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.LstmCell;
import pnas.predictor.fitting.Matrix;

/**
 * Steps an {@link LstmNetwork} through the children of a parent. The children share the state after the parent's tokens, and those of them whose new
 * blocks begin with the same tokens share the states after these: the tokens of the new blocks form a tree of four levels. The recurrent product,
 * which is nearly all of the work, is the same for all branches of a node, so that it is computed once for each inner node, level by level as one
 * product of matrices. The arrays are made once and used for all parents.
 */
final class LstmChildren {
    private static final int NONE = -1;

    private final LstmNetwork network;
    private final Matrix inputTable = new Matrix(Tokens.INPUTS, LstmNetwork.GATES);
    private final Matrix operationTable = new Matrix(Tokens.OPERATIONS, LstmNetwork.GATES);
    /** The nodes at each depth of the tree: the parent, then those after one, two and three tokens. */
    private final List<Level> levels = List.of(
            new Level(1),
            new Level(Tokens.INPUTS),
            new Level(Tokens.INPUTS * Tokens.INPUTS),
            new Level(Tokens.INPUTS * Tokens.INPUTS * Tokens.OPERATIONS));
    /** One child's state. */
    private final Level leaf = new Level(1);

    private final LstmCell cell = new LstmCell(LstmNetwork.HIDDEN);

    LstmChildren(LstmNetwork network) {
        this.network = network;
        network.writeTokenTables(inputTable, operationTable);
    }

    /** The nodes at one depth. */
    private static final class Level {
        final Matrix outputs;
        final Matrix memories;
        /** The recurrent product of each node's output: what every next token's gates begin with. */
        final Matrix products;
        /** By the code of the tokens that lead to it: the row of a node, {@link #NONE} where no child passes there. */
        final int[] rowOf;

        int rows;

        Level(int most) {
            outputs = new Matrix(most, LstmNetwork.HIDDEN);
            memories = new Matrix(most, LstmNetwork.HIDDEN);
            products = new Matrix(most, LstmNetwork.GATES);
            rowOf = new int[most];
        }

        void multiply(Matrix recurrentWeight) {
            Matrix used = products.firstRows(rows);
            used.clear();
            used.addProduct(outputs.firstRows(rows), recurrentWeight);
        }
    }

    /**
     * Adds the scores of one family.
     *
     * @param scores the array
     * @param from place of the first child's score
     */
    void addScores(Family family, double[] scores, int from) {
        readParent(family);
        int[][] tokens = family.children().stream().map(Tokens::of).toArray(int[][]::new);
        for (int depth = 1; depth < levels.size(); depth++) {
            Level above = levels.get(depth - 1);
            Level level = levels.get(depth);
            Arrays.fill(level.rowOf, NONE);
            level.rows = 0;
            for (int[] child : tokens) {
                int code = code(child, depth);
                if (level.rowOf[code] == NONE) {
                    int row = level.rows++;
                    level.rowOf[code] = row;
                    step(above, above.rowOf[code(child, depth - 1)], depth - 1, child[depth - 1], level, row);
                }
            }
            level.multiply(network.recurrentWeight());
        }
        int last = Tokens.PER_BLOCK - 1;
        for (int child = 0; child < tokens.length; child++) {
            Level above = levels.get(last);
            step(above, above.rowOf[code(tokens[child], last)], last, tokens[child][last], leaf, 0);
            scores[from + child] += network.score(leaf.outputs, 0);
        }
    }

    /** The tokens that lead to a node as one number. */
    private static int code(int[] tokens, int depth) {
        int code = 0;
        for (int place = 0; place < depth; place++) {
            code = code * (place < 2 ? Tokens.INPUTS : Tokens.OPERATIONS) + tokens[place];
        }
        return code;
    }

    private void readParent(Family family) {
        Level parent = levels.getFirst();
        parent.rows = 1;
        parent.outputs.clear();
        parent.memories.clear();
        parent.products.clear();
        for (Block block : family.parent().blocks()) {
            int[] tokens = Tokens.of(block);
            for (int place = 0; place < tokens.length; place++) {
                step(parent, 0, place, tokens[place], parent, 0);
                parent.multiply(network.recurrentWeight());
            }
        }
    }

    /** Goes from a node of one level by a token, which stands at a place of a block, to a node of another. */
    private void step(Level from, int fromRow, int place, int token, Level to, int toRow) {
        Matrix table = place < 2 ? inputTable : operationTable;
        to.products.setRow(toRow, from.products, fromRow);
        to.products.addRow(toRow, 1, table, token);
        cell.step(to.products, toRow, from.memories, fromRow, to.memories, to.outputs);
    }
}
