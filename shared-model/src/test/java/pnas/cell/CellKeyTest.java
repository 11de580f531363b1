package pnas.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CellKeyTest {
    private final Random random = new Random(5);

    @Test
    void a_key_gives_its_cell_back() {
        for (int i = 0; i < 500; i++) {
            Cell cell = RandomCells.draw(1 + i % Cell.MAX_BLOCKS, Arrays.asList(Operation.values()), random);

            assertThat(CellKey.cell(CellKey.of(cell))).isEqualTo(cell);
        }
    }

    @Test
    void append_is_the_key_of_the_longer_cell() {
        Cell cell = RandomCells.draw(3, Arrays.asList(Operation.values()), random);
        Block block = Block.parse("max3x3(b3)+sep3x3(b1)");

        assertThat(CellKey.append(CellKey.of(cell), 3, CellKey.of(block))).isEqualTo(CellKey.of(cell.plus(block)));
    }

    @Test
    void orderings_counts_the_different_orders_of_blocks() {
        for (int i = 0; i < 1000; i++) {
            List<Operation> operations =
                    List.of(Operation.SEP3X3, Operation.IDENTITY).subList(0, 1 + i % 2);
            Cell cell = RandomCells.draw(1 + i % Cell.MAX_BLOCKS, operations, random);

            assertThat(CellKey.orderings(CellKey.of(cell)))
                    .as(cell.text())
                    .isEqualTo(BruteForce.orderings(cell).stream()
                            .map(text -> withCanonicalBranches(Cell.parse(text)))
                            .collect(Collectors.toSet())
                            .size());
        }
    }

    private static Cell withCanonicalBranches(Cell cell) {
        return new Cell(cell.blocks().stream().map(Block::canonical).toList());
    }
}
