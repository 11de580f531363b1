package pnas.predictor.model;

import java.util.List;
import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.fitting.Matrix;

/** A neural network that predicts the accuracy of a cell from its tokens. */
sealed interface ScoringNetwork permits MlpNetwork, LstmNetwork {
    /** Everything that is learnt; changing it changes the network. */
    List<Matrix> parameters();

    /** The predicted accuracy of one cell, by the plain forward pass. */
    double score(Cell cell);

    /**
     * Adds the scores of candidates, family after family; what the children of a parent have in common is computed once.
     *
     * @param scores one place for each candidate
     */
    void addScores(Candidates candidates, double[] scores);

    /** What differentiates this network. */
    Derivative derivative();

    /** The derivatives of the loss of a network by its parameters. Its arrays are made once and used for every step. */
    interface Derivative {
        /**
         * Computes the mean absolute error of a batch and its derivatives.
         *
         * @param batch the tokens of each block of each cell
         * @param targets the accuracies
         */
        double differentiate(int[][][] batch, double[] targets);

        /** The derivatives of the last batch, in the order of the network's parameters. */
        List<Matrix> gradient();
    }
}
