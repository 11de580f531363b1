package pnas.predictor.model;

import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;

/** A predictor that has learnt. */
public interface FittedPredictor {
    /** The predicted accuracy of one cell, whose blocks are read in the order in which they stand. */
    double score(Cell cell);

    /**
     * The predicted accuracies of candidates, family after family. They equal {@link #score} of each child up to rounding, but the work that the
     * children of a parent have in common is done once.
     */
    double[] score(Candidates candidates);

    /**
     * How far from {@link #score} the accuracy of a cell may be by what this predictor knows of itself: a standard deviation in accuracy, which tells
     * cells apart and is not calibrated. A Gaussian process has that of its posterior, networks that of the five that learnt different folds.
     */
    double deviation(Cell cell);

    /**
     * For each measured cell of the learning set the accuracy predicted without it: the cells are divided into five folds, and each fold is
     * predicted from the others. How a predictor comes by these figures at the least cost is its own business; only those of the last stage must be
     * there, others may be not a number.
     */
    double[] heldOutScores();
}
