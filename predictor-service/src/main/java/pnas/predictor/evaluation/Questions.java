package pnas.predictor.evaluation;

import java.util.List;

/** Where questions come from. */
interface Questions {
    /**
     * The questions of one seed by the number of blocks of the cells asked for, which are the same for every seed.
     *
     * @param seed decides whatever is left to chance
     */
    List<Question> of(long seed);
}
