package pnas.predictor.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.predictor.SampleCells;

final class OrderingsTest {
    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void are_the_same_cell() {
        for (int i = 0; i < 500; i++) {
            Cell cell = SampleCells.cell(1 + i % Cell.MAX_BLOCKS, random);
            assertThat(Orderings.random(cell, random).canonical()).isEqualTo(cell.canonical());
        }
    }

    @Test
    void are_all_found() {
        Cell cell = Cell.parse("sep3x3(c-1)+sep5x5(c-1) | max3x3(c-2)+avg3x3(c-2) | sep3x3(b1)+identity(c-1)");
        Set<Cell> found = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            found.add(Orderings.random(cell, random));
        }
        // Three orders of the blocks, as the third reads the first, and two of the branches of each.
        assertThat(found).hasSize(3 * 8);
    }
}
