package pnas.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import pnas.cell.Cell;

class CellDrawingTest {
    @Test
    void draws_a_line_for_each_branch_and_joins_them_to_blocks_and_output() {
        Cell cell = Cell.parse("sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+conv1x7_7x1(c-1) | sep3x3(b2)+identity(c-1)");

        assertThat(String.join("\n", CellDrawing.of(cell))).isEqualTo("""
                        c-2 ── sep5x5 ───────┐
                        c-2 ── max3x3 ───────┴── b1 ──┐
                        c-1 ── sep7x7 ───────┐        │
                        c-1 ── conv1x7_7x1 ──┴── b2 ──┤
                        b2  ── sep3x3 ───────┐        │
                        c-1 ── identity ─────┴── b3 ──┴── output""");
    }

    @Test
    void joins_a_single_block_straight_to_the_output() {
        assertThat(CellDrawing.of(Cell.parse("identity(c-1)+sep3x3(c-2)")))
                .containsExactly("c-1 ── identity ──┐", "c-2 ── sep3x3 ────┴── b1 ── output");
    }

    @Test
    void draws_the_largest_cell_in_two_lines_a_block() {
        Cell cell = Cell.parse("sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+max3x3(c-1) | sep5x5(c-1)+sep3x3(c-1)"
                + " | sep3x3(b3)+max3x3(c-1) | sep3x3(c-2)+identity(c-1)");

        assertThat(CellDrawing.of(cell))
                .hasSize(10)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(60));
    }
}
