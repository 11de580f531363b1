package pnas.predictor.model;

import java.util.stream.IntStream;
import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.LearningSet;

/**
 * The mean of two predictors, weighted such that both have the same say: it orders cells as the mean of their z-scores does. A predictor's
 * deviation is that of its held-out scores for the last stage.
 *
 * @param first one of them
 * @param second the other
 */
record Blend(Predictor first, Predictor second) implements Predictor {
    @Override
    public FittedPredictor fit(LearningSet cells, long seed) {
        FittedPredictor one = first.fit(cells, seed);
        FittedPredictor other = second.fit(cells, seed);
        double ofOne = deviation(cells, one);
        double ofOther = deviation(cells, other);
        // Predictions that do not vary say nothing, whatever they weigh.
        double share = ofOne + ofOther == 0 ? 0.5 : ofOther / (ofOne + ofOther);
        return new Fitted(one, other, share);
    }

    private static double deviation(LearningSet cells, FittedPredictor fitted) {
        int[] stages = cells.stages();
        double[] scores = fitted.heldOutScores();
        double[] last = IntStream.range(0, stages.length)
                .filter(cell -> stages[cell] == stages[stages.length - 1])
                .mapToDouble(cell -> scores[cell])
                .toArray();
        return Deviation.of(last);
    }

    /**
     * @param share weight of the first, from 0 to 1; the second has the rest
     */
    private record Fitted(FittedPredictor first, FittedPredictor second, double share) implements FittedPredictor {
        @Override
        public double score(Cell cell) {
            return share * first.score(cell) + (1 - share) * second.score(cell);
        }

        /** As if both were wrong in the same direction. */
        @Override
        public double deviation(Cell cell) {
            return share * first.deviation(cell) + (1 - share) * second.deviation(cell);
        }

        @Override
        public double[] score(Candidates candidates) {
            return weighted(first.score(candidates), second.score(candidates));
        }

        @Override
        public double[] heldOutScores() {
            return weighted(first.heldOutScores(), second.heldOutScores());
        }

        private double[] weighted(double[] ofFirst, double[] ofSecond) {
            return IntStream.range(0, ofFirst.length)
                    .mapToDouble(i -> share * ofFirst[i] + (1 - share) * ofSecond[i])
                    .toArray();
        }
    }
}
