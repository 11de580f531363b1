package pnas.predictor.model;

import java.util.List;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.fitting.MatrixView;

/** An {@link MlpEnsemble} that has learnt. */
final class FittedMlpEnsemble implements FittedPredictor {
    /** Children that go through the second layer together: their layers stay in the processor's cache. */
    private static final int TOGETHER = 64;

    private final List<MlpNetwork> members;
    private final double[] heldOut;

    /**
     * @param members the networks
     * @param heldOut for each cell of the learning set the score of the member that did not learn it
     */
    FittedMlpEnsemble(List<MlpNetwork> members, double[] heldOut) {
        this.members = List.copyOf(members);
        this.heldOut = heldOut.clone();
    }

    @Override
    public double score(Cell cell) {
        return members.stream()
                .mapToDouble(member -> member.score(cell))
                .average()
                .orElseThrow();
    }

    @Override
    public double[] score(Candidates candidates) {
        double[] scores = new double[candidates.count()];
        for (MlpNetwork member : members) {
            addScores(member, candidates, scores);
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= members.size();
        }
        return scores;
    }

    /** What a child has before the first rectifier is what its parent has, and four rows of the token table for the new block. */
    private static void addScores(MlpNetwork member, Candidates candidates, double[] scores) {
        MatrixView table = MatrixView.zeros(MlpNetwork.TOKEN_ROWS, MlpNetwork.HIDDEN);
        member.tokenTable(table);
        MatrixView parent = MatrixView.zeros(1, MlpNetwork.HIDDEN);
        MatrixView first = MatrixView.zeros(TOGETHER, MlpNetwork.HIDDEN);
        MatrixView second = MatrixView.zeros(TOGETHER, MlpNetwork.HIDDEN);
        float share = 1f / candidates.blocks();
        int next = 0;
        for (Family family : candidates.families()) {
            parent.setRows(member.firstBias());
            family.parent().blocks().forEach(block -> addBlock(parent, 0, share, table, block));
            List<Block> children = family.children();
            for (int from = 0; from < children.size(); from += TOGETHER) {
                int count = Math.min(TOGETHER, children.size() - from);
                MatrixView layer = first.rows(0, count);
                layer.setRows(parent);
                for (int child = 0; child < count; child++) {
                    addBlock(layer, child, share, table, children.get(from + child));
                }
                layer.rectify();
                member.addScores(layer, second.rows(0, count), scores, next);
                next += count;
            }
        }
    }

    private static void addBlock(MatrixView layer, int row, float share, MatrixView table, Block block) {
        for (int token : MlpNetwork.tokenRows(block)) {
            layer.addRow(row, share, table, token);
        }
    }

    @Override
    public double[] heldOutScores() {
        return heldOut.clone();
    }
}
