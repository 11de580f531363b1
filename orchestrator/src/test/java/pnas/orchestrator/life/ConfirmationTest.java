package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.orchestrator.specification.Confirm;

class ConfirmationTest {
    private static final List<Cell> ONE_BLOCK = Searches.oneBlock();
    private static final Cell A = two("identity(c-1)+identity(c-1)");
    private static final Cell B = two("identity(c-2)+identity(c-1)");
    private static final Cell C = two("identity(c-2)+identity(c-2)");

    private static Cell two(String first) {
        return Cell.parse(first + " | identity(b1)+identity(c-1)").canonical();
    }

    private static Measured measured(Cell cell, int stage, @Nullable Double accuracy) {
        return Searches.measured(cell, stage, accuracy);
    }

    @Test
    void the_best_of_the_last_stage_and_of_all_stages_are_trained_again_under_each_seed() {
        List<Measured> measured = List.of(
                measured(ONE_BLOCK.get(0), 1, 0.95),
                measured(ONE_BLOCK.get(1), 1, 0.2),
                measured(A, 2, 0.6),
                measured(B, 2, null),
                measured(C, 2, 0.9));
        assertThat(Confirmation.repeats(new Confirm(1, 2), 2, measured, 4))
                .containsExactly(
                        new NewTrial(C, 4, null, 1),
                        new NewTrial(C, 5, null, 2),
                        new NewTrial(ONE_BLOCK.get(0), 6, null, 1),
                        new NewTrial(ONE_BLOCK.get(0), 7, null, 2));
    }

    @Test
    void a_cell_that_is_best_of_both_is_trained_again_once_a_seed_and_one_without_an_accuracy_never() {
        List<Measured> measured =
                List.of(measured(ONE_BLOCK.get(0), 1, 0.5), measured(A, 2, 0.6), measured(B, 2, null));
        assertThat(Confirmation.repeats(new Confirm(5, 1), 2, measured, 3))
                .containsExactly(new NewTrial(A, 3, null, 1));
    }

    @Test
    void ties_go_to_the_least_canonical_text() {
        List<Measured> measured = List.of(measured(C, 2, 0.6), measured(A, 2, 0.6), measured(B, 2, 0.6));
        Cell least = List.of(A, B, C).stream()
                .min((one, other) -> one.text().compareTo(other.text()))
                .orElseThrow();
        assertThat(Confirmation.repeats(new Confirm(1, 1), 2, measured, 4))
                .extracting(NewTrial::encoding)
                .containsExactly(least);
    }
}
