package pnas.predictor.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.predictor.SampleCells;

final class CellFeaturesTest {
    private final SplittableRandom random = new SplittableRandom(8);

    @Test
    void does_not_depend_on_the_order_of_blocks_and_branches() {
        for (int i = 0; i < 500; i++) {
            Cell cell = SampleCells.cell(1 + i % Cell.MAX_BLOCKS, random);
            assertThat(CellFeatures.of(cell).values())
                    .as(cell.text())
                    .isEqualTo(CellFeatures.of(cell.canonical()).values());
        }
    }

    @Test
    void counts_what_stands_in_a_cell() {
        Cell cell = Cell.parse("sep3x3(c-1)+sep3x3(c-1) | max3x3(b1)+sep3x3(c-2)");
        double[] values = CellFeatures.of(cell).values();
        assertThat(Arrays.stream(values).filter(value -> value != 0).toArray())
                .as(
                        "operations: sep3x3, max3x3; their pairs; inputs c-1, c-2, block; what reads what: three, max3x3 a block; "
                                + "blocks, greatest and mean depth, leaves, doubled; c-1 and c-2 are read; a block of sep3x3 twice")
                .containsExactly(
                        0.75, 0.25, 0.5, 0.5, 0.5, 0.25, 0.25, 0.5, 0.25, 0.25, 0.4, 0.4, 0.3, 0.5, 0.5, 1.0, 1.0,
                        0.25);
    }

    @Test
    void adds_up_from_the_parent_the_new_block_and_the_shape() {
        Cell parent = SampleCells.cell(4, random);
        CellFeatures of = CellFeatures.of(parent);
        double[][] contributions = CellFeatures.contributions(5);
        Map<Long, double[]> restOfShape = new HashMap<>();
        for (Block block : SampleCells.children(4)) {
            CellFeatures child = of.plus(block);
            double[] rest = child.valuesWithoutNewBlock(of);
            double[] whole = rest.clone();
            for (int column = 0; column < CellFeatures.COLUMNS; column++) {
                whole[column] += contributions[CellFeatures.kind(block)][column];
            }
            assertThat(whole).containsExactly(child.values(), within(1e-15));
            assertThat(child.values())
                    .isEqualTo(CellFeatures.of(parent.plus(block)).values());
            assertThat(rest).isEqualTo(restOfShape.computeIfAbsent(child.shape(), shape -> rest));
        }
        assertThat(restOfShape).hasSizeBetween(4, 40);
    }
}
