package pnas.predictor.model;

import java.util.List;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.Matrix;

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

    /** What a child has before the first rectifier is what its parent has, and four rows of the token tables for the new block. */
    private static void addScores(MlpNetwork member, Candidates candidates, double[] scores) {
        List<Matrix> tables = MlpNetwork.emptyTables();
        member.writeTokenTables(tables);
        Matrix parent = new Matrix(1, MlpNetwork.HIDDEN);
        Matrix first = new Matrix(TOGETHER, MlpNetwork.HIDDEN);
        Matrix second = new Matrix(TOGETHER, MlpNetwork.HIDDEN);
        float share = 1f / candidates.blocks();
        int next = 0;
        for (Family family : candidates.families()) {
            parent.setRows(member.firstBias());
            family.parent().blocks().forEach(block -> addBlock(parent, 0, share, tables, block));
            List<Block> children = family.children();
            for (int from = 0; from < children.size(); from += TOGETHER) {
                int count = Math.min(TOGETHER, children.size() - from);
                Matrix layer = first.firstRows(count);
                layer.setRows(parent);
                for (int child = 0; child < count; child++) {
                    addBlock(layer, child, share, tables, children.get(from + child));
                }
                layer.rectify();
                member.addScores(layer, second.firstRows(count), scores, next);
                next += count;
            }
        }
    }

    private static void addBlock(Matrix layer, int row, float share, List<Matrix> tables, Block block) {
        int[] tokens = Tokens.of(block);
        for (int place = 0; place < tokens.length; place++) {
            layer.addRow(row, share, tables.get(place), tokens[place]);
        }
    }

    @Override
    public double[] heldOutScores() {
        return heldOut.clone();
    }
}
