package pnas.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.predictor.SampleCells;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.LearningSet;

final class BlendTest {
    private final LearningSet cells = new LearningSet(SampleCells.observations(20, 1, new SplittableRandom(1)));
    private final Cell probe = Cell.parse("sep3x3(c-1)+max3x3(c-2)");

    @Test
    void weighs_predictors_such_that_both_vary_alike() {
        FittedPredictor blended = new Blend(texts(1), texts(3)).fit(cells, 0);
        double score = texts(1).fit(cells, 0).score(probe);
        assertThat(blended.score(probe)).isCloseTo(0.75 * score + 0.25 * 3 * score, within(1e-12));
    }

    @Test
    void weighs_a_predictor_alike_that_says_the_same_of_every_cell() {
        FittedPredictor blended = new Blend(texts(0), texts(0)).fit(cells, 0);
        assertThat(blended.score(probe)).isZero();
    }

    /** Predicts what the length of a cell's text is, times a factor. */
    private static Predictor texts(double factor) {
        return (cells, seed) -> new Lengths(cells, cell -> factor * cell.text().length());
    }

    private record Lengths(LearningSet cells, ToDoubleFunction<Cell> scoreOf) implements FittedPredictor {
        @Override
        public double score(Cell cell) {
            return scoreOf.applyAsDouble(cell);
        }

        @Override
        public double deviation(Cell cell) {
            return 0.01;
        }

        @Override
        public double[] score(Candidates candidates) {
            double[] scores = new double[candidates.count()];
            Arrays.setAll(scores, i -> i);
            return scores;
        }

        @Override
        public double[] heldOutScores() {
            return cells.cells().stream()
                    .mapToDouble(cell -> score(cell.cell()))
                    .toArray();
        }
    }
}
