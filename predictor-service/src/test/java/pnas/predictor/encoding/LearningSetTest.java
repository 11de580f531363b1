package pnas.predictor.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.SampleCells;

final class LearningSetTest {
    @Test
    void orders_by_stage_then_canonical_text_then_accuracy_with_diverged_cells_first() {
        Cell first = Cell.parse("avg3x3(c-1)+sep3x3(c-1)");
        Cell swapped = Cell.parse("sep3x3(c-1)+avg3x3(c-1)");
        Cell second = Cell.parse("avg3x3(c-2)+sep3x3(c-1)");
        List<Observation> ordered = List.of(
                new Observation(first, 1, null),
                new Observation(first, 1, 0.6),
                new Observation(first, 1, 0.7),
                new Observation(swapped, 1, 0.5),
                new Observation(second, 1, 0.1),
                new Observation(first, 2, 0.2));
        assertThat(new LearningSet(ordered.reversed()).cells()).isEqualTo(ordered);
    }

    @Test
    void keeps_the_latest_stages_and_spaces_what_is_left_evenly() {
        LearningSet cells = new LearningSet(SampleCells.observations(10, 3, new SplittableRandom(1)));
        assertThat(cells.latest(30)).hasSize(30);
        assertThat(cells.latest(14)).containsExactly(10, 12, 15, 17, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
        assertThat(cells.latest(10)).startsWith(20).endsWith(29).hasSize(10);
    }
}
