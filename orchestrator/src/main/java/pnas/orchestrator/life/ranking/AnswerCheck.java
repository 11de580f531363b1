package pnas.orchestrator.life.ranking;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.CellKey;
import pnas.cell.Operation;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.RankingAnswer;

/** Whether a ranking can be an answer to its request. Only cells that were candidates may become trials. */
public final class AnswerCheck {
    private AnswerCheck() {}

    /**
     * Checks a ranking.
     *
     * @param candidates how many candidates the request held
     * @param keep how many of the best it asked for (K)
     * @param operations those of the experiment
     * @param parents the measured cells of the stage before, canonical
     * @throws PnasException with {@link ErrorCode#MALFORMED_MESSAGE} that says what does not fit
     */
    public static void check(
            RankingAnswer.Ranked answer, int candidates, int keep, List<Operation> operations, Set<Cell> parents) {
        require(
                answer.candidates() == candidates,
                "it scored " + answer.candidates() + " candidates, the request held " + candidates);
        int expected = Math.min(keep, candidates);
        require(
                answer.best().size() == expected,
                "it names " + answer.best().size() + " best cells, expected " + expected);
        Set<Long> seen = new HashSet<>();
        for (RankingAnswer.Scored scored : answer.best()) {
            List<Block> blocks = scored.cell().blocks();
            require(
                    blocks.size() > 1 && parents.contains(new Cell(blocks.subList(0, blocks.size() - 1))),
                    scored.cell() + " does not extend a measured cell of the stage before");
            require(
                    blocks.stream()
                            .flatMap(block -> Stream.of(block.left(), block.right()))
                            .map(Branch::operation)
                            .allMatch(operations::contains),
                    scored.cell() + " has an operation that the experiment does not use");
            require(seen.add(CellKey.canonical(CellKey.of(scored.cell()))), scored.cell() + " is named twice");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new PnasException(
                    ErrorCode.MALFORMED_MESSAGE, "the ranking does not answer its request: " + otherwise);
        }
    }
}
