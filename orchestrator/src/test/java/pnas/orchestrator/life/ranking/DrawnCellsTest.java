package pnas.orchestrator.life.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.space.SearchSpace;

class DrawnCellsTest {
    private static final SearchSpace SMALL =
            new SearchSpace(List.of(Operation.parse("identity"), Operation.parse("max3x3")));

    @Test
    void draws_different_cells_of_the_size_in_canonical_form() {
        List<Cell> drawn = DrawnCells.draw(SearchSpace.full(), 3, 200, 7);

        assertThat(drawn).hasSize(200).doesNotHaveDuplicates().allMatch(Cell::isCanonical);
        assertThat(drawn).allSatisfy(cell -> assertThat(cell.blocks()).hasSize(3));
    }

    @Test
    void the_seed_and_the_size_decide() {
        assertThat(DrawnCells.draw(SMALL, 2, 20, 7))
                .isEqualTo(DrawnCells.draw(SMALL, 2, 20, 7))
                .isNotEqualTo(DrawnCells.draw(SMALL, 2, 20, 8));
    }

    /** A control arm that is repeated under a later version is the same. */
    @Test
    void what_was_drawn_once_is_drawn_for_ever() {
        assertThat(DrawnCells.draw(SearchSpace.full(), 2, 2, 7))
                .extracting(Cell::text)
                .containsExactly(
                        "avg3x3(c-1)+avg3x3(c-1) | avg3x3(c-1)+max3x3(b1)",
                        "conv1x7_7x1(c-1)+sep7x7(c-2) | sep3x3(c-2)+sep7x7(c-2)");
    }

    @Test
    void who_asks_for_more_gets_the_same_first() {
        assertThat(DrawnCells.draw(SMALL, 2, 40, 7).subList(0, 15)).isEqualTo(DrawnCells.draw(SMALL, 2, 15, 7));
    }

    @Test
    void draws_all_where_there_are_no_more() {
        assertThat(DrawnCells.draw(SMALL, 1, 1000, 7)).containsExactlyInAnyOrderElementsOf(SMALL.firstStage());
    }

    @Test
    void every_cell_is_as_likely_as_any_other() {
        int[] drawn = new int[SMALL.firstStage().size()];
        for (int seed = 0; seed < 10_000; seed++) {
            drawn[SMALL.firstStage().indexOf(DrawnCells.draw(SMALL, 1, 1, seed).getFirst())]++;
        }

        // 1,000 are expected of each, with a standard deviation of 30.
        assertThat(drawn).hasSize(10);
        assertThat(Arrays.stream(drawn).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1150));
    }
}
