package pnas.predictor.model;

import pnas.predictor.encoding.LearningSet;

/** Learns from measured cells how accurate larger ones will be. Keeps no state: equal arguments give equal bits. */
public interface Predictor {
    /**
     * A fit to all of the cells.
     *
     * @param cells at least one measured cell
     * @param seed decides whatever is left to chance
     */
    FittedPredictor fit(LearningSet cells, long seed);
}
