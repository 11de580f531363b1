package pnas.predictor.evaluation;

import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.LearningSet;

/**
 * What a predictor is asked to rank, after what it has seen.
 *
 * @param learnt cells of fewer blocks
 * @param asked the cells to be ranked
 * @param measured the accuracy of each of them
 */
// Made and read in this package, never compared.
@SuppressWarnings("ArrayRecordComponent")
record Question(LearningSet learnt, Candidates asked, double[] measured) {
    Question {
        if (measured.length != asked.count()) {
            throw new IllegalArgumentException(
                    "each of " + asked.count() + " cells must have an accuracy, got " + measured.length);
        }
    }
}
