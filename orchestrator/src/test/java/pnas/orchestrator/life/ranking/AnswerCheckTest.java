package pnas.orchestrator.life.ranking;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.failure.PnasException;
import pnas.message.RankingAnswer;

class AnswerCheckTest {
    private static final Set<Cell> PARENTS = Set.of(Cell.parse("identity(c-1)+sep3x3(c-2)"));
    private static final List<Operation> OPERATIONS = List.of(Operation.SEP3X3, Operation.IDENTITY);
    private static final String FIRST = "identity(c-1)+sep3x3(c-2) | identity(b1)+sep3x3(c-1)";
    private static final String SECOND = "identity(c-1)+sep3x3(c-2) | sep3x3(b1)+sep3x3(c-1)";

    @Test
    void accepts_the_best_of_the_candidates() {
        assertThatCode(() -> check(answer(FIRST, SECOND), 2)).doesNotThrowAnyException();
    }

    @Test
    void accepts_fewer_than_asked_for_where_there_were_fewer() {
        assertThatCode(() -> AnswerCheck.check(answer(FIRST, SECOND), 2, 8, OPERATIONS, PARENTS))
                .doesNotThrowAnyException();
    }

    @Test
    void refuses_another_number_of_cells_than_was_asked_for() {
        assertThatThrownBy(() -> check(answer(FIRST), 2))
                .isInstanceOf(PnasException.class)
                .hasMessageContaining("scored 1 candidates, the request held 2");
        assertThatThrownBy(() -> check(answer(FIRST, SECOND), 1))
                .hasMessageContaining("names 2 best cells, expected 1");
    }

    @Test
    void refuses_cells_that_were_no_candidates() {
        assertThatThrownBy(() -> check(answer(FIRST, "identity(c-1)+identity(c-2) | sep3x3(b1)+sep3x3(c-1)"), 2))
                .hasMessageContaining("does not extend a measured cell");
        assertThatThrownBy(() -> check(answer(FIRST, "identity(c-1)+sep3x3(c-2)"), 2))
                .hasMessageContaining("does not extend a measured cell");
        assertThatThrownBy(() -> check(answer(FIRST, "identity(c-1)+sep3x3(c-2) | max3x3(b1)+sep3x3(c-1)"), 2))
                .hasMessageContaining("an operation that the experiment does not use");
    }

    @Test
    void refuses_a_cell_that_is_named_twice_in_different_orderings() {
        assertThatThrownBy(() -> check(answer(FIRST, "identity(c-1)+sep3x3(c-2) | sep3x3(c-1)+identity(b1)"), 2))
                .hasMessageContaining("named twice");
    }

    private static void check(RankingAnswer.Ranked answer, int keep) {
        AnswerCheck.check(answer, 2, keep, OPERATIONS, PARENTS);
    }

    private static RankingAnswer.Ranked answer(String... cells) {
        return new RankingAnswer.Ranked(
                1,
                new UUID(0, 1),
                "k3m9q2xa",
                cells.length,
                Stream.of(cells)
                        .map(cell -> new RankingAnswer.Scored(Cell.parse(cell), 0.5))
                        .toList(),
                new RankingAnswer.Histogram(0, 1, List.of(cells.length)),
                null,
                0.1);
    }
}
