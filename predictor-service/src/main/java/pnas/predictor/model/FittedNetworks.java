package pnas.predictor.model;

import java.util.List;
import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.fitting.AccuracyLevel;

/** A {@link NetworkPredictor} that has learnt. */
final class FittedNetworks implements FittedPredictor {
    private final List<ScoringNetwork> members;
    private final List<ScoringNetwork> withoutFold;
    private final AccuracyLevel level;
    private final double[] heldOut;

    /**
     * @param members the networks whose scores are averaged
     * @param withoutFold the networks that learnt everything but a fold
     * @param level on which they learnt
     * @param heldOut for each cell of the learning set the accuracy by a network that did not learn it
     */
    FittedNetworks(
            List<ScoringNetwork> members, List<ScoringNetwork> withoutFold, AccuracyLevel level, double[] heldOut) {
        this.members = List.copyOf(members);
        this.withoutFold = List.copyOf(withoutFold);
        this.level = level;
        this.heldOut = heldOut.clone();
    }

    @Override
    public double score(Cell cell) {
        return level.accuracyOf(members.stream()
                .mapToDouble(member -> member.score(cell))
                .average()
                .orElseThrow());
    }

    @Override
    public double deviation(Cell cell) {
        return Deviation.of(withoutFold.stream()
                .mapToDouble(network -> level.accuracyOf(network.score(cell)))
                .toArray());
    }

    @Override
    public double[] score(Candidates candidates) {
        double[] scores = new double[candidates.count()];
        for (ScoringNetwork member : members) {
            member.addScores(candidates, scores);
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] = level.accuracyOf(scores[i] / members.size());
        }
        return scores;
    }

    @Override
    public double[] heldOutScores() {
        return heldOut.clone();
    }
}
