package pnas.predictor.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.encoding.LearningSet;

/** Of a table of measured cells: learn those of up to b blocks, rank all of b + 1, for each b. Chance is left to the predictors alone. */
final class TableQuestions implements Questions {
    private final List<Question> questions;

    /**
     * @param cells with accuracies
     * @throws PnasException with INVALID_INPUT where they ask nothing
     */
    TableQuestions(List<Observation> cells) {
        questions = IntStream.rangeClosed(2, Cell.MAX_BLOCKS)
                .mapToObj(blocks -> question(cells, blocks))
                .flatMap(List::stream)
                .toList();
        if (questions.isEmpty()) {
            throw new PnasException(
                    ErrorCode.INVALID_INPUT,
                    "the table must have two cells or more of one size and others of fewer blocks, got cells of "
                            + cells.stream()
                                    .map(Observation::stage)
                                    .distinct()
                                    .sorted()
                                    .toList() + " blocks");
        }
    }

    private static List<Question> question(List<Observation> cells, int blocks) {
        List<Observation> before =
                cells.stream().filter(cell -> cell.stage() < blocks).toList();
        List<Observation> next =
                cells.stream().filter(cell -> cell.stage() == blocks).toList();
        if (before.isEmpty() || next.size() < 2) {
            return List.of();
        }
        LearningSet asked = new LearningSet(next);
        return List.of(new Question(new LearningSet(before), candidates(blocks, asked), asked.accuracies()));
    }

    private static Candidates candidates(int blocks, LearningSet asked) {
        List<Family> families = new ArrayList<>();
        for (Observation observation : asked.cells()) {
            List<Block> all = observation.cell().blocks();
            families.add(new Family(new Cell(all.subList(0, blocks - 1)), List.of(all.getLast())));
        }
        return new Candidates(blocks, families);
    }

    @Override
    public List<Question> of(long seed) {
        return questions;
    }
}
