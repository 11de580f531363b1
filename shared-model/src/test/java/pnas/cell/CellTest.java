package pnas.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellTest {
    /** The cell of PNASNet-5 as it was published, its canonical text and its id, computed independently of this code. */
    private static final String PNASNET5 =
            "sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+max3x3(c-1) | sep5x5(c-1)+sep3x3(c-1) | sep3x3(b3)+max3x3(c-1) | sep3x3(c-2)+identity(c-1)";

    private static final String PNASNET5_CANONICAL =
            "identity(c-1)+sep3x3(c-2) | max3x3(c-1)+sep7x7(c-1) | max3x3(c-2)+sep5x5(c-2) | sep3x3(c-1)+sep5x5(c-1) | max3x3(c-1)+sep3x3(b4)";

    @Test
    void pnasnet5_has_its_published_identity() {
        Cell cell = Cell.parse(PNASNET5);

        assertThat(cell.text()).isEqualTo(PNASNET5);
        assertThat(cell.canonical().text()).isEqualTo(PNASNET5_CANONICAL);
        assertThat(cell.id()).isEqualTo(new CellId("67dab768b4d66c13"));
        assertThat(cell.isCanonical()).isFalse();
        assertThat(cell.canonical().isCanonical()).isTrue();
        assertThat(cell.canonical().id()).isEqualTo(cell.id());
    }

    @Test
    void canonical_text_is_the_least_of_all_orderings_on_random_cells() {
        Random random = new Random(1);
        List<Operation> all = Arrays.asList(Operation.values());
        for (int i = 0; i < 4000; i++) {
            // One to three operations, where twins and ties are frequent, and all eight.
            List<Operation> operations = i % 4 == 3 ? all : all.subList(4 - i % 4, 5);
            Cell cell = RandomCells.draw(1 + random.nextInt(Cell.MAX_BLOCKS), operations, random);

            assertThat(cell.canonical().text()).as(cell.text()).isEqualTo(BruteForce.canonicalText(cell));
        }
    }

    @Test
    void all_orderings_of_a_cell_share_canonical_form_and_id() {
        Random random = new Random(2);
        for (int i = 0; i < 20; i++) {
            Cell cell = RandomCells.draw(4, Arrays.asList(Operation.values()), random);

            assertThat(BruteForce.orderings(cell)).allSatisfy(text -> {
                assertThat(Cell.parse(text).canonical()).isEqualTo(cell.canonical());
                assertThat(Cell.parse(text).id()).isEqualTo(cell.id());
            });
        }
    }

    @Test
    void a_swap_of_branches_is_the_same_cell_but_not_an_equal_one() {
        Cell cell = Cell.parse("identity(c-1)+sep3x3(c-2)");
        Cell swapped = Cell.parse("sep3x3(c-2)+identity(c-1)");

        assertThat(swapped.id()).isEqualTo(cell.id());
        assertThat(swapped).isNotEqualTo(cell);
    }

    @Test
    void text_is_read_back_as_an_equal_cell() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            Cell cell =
                    RandomCells.draw(1 + random.nextInt(Cell.MAX_BLOCKS), Arrays.asList(Operation.values()), random);

            assertThat(Cell.parse(cell.text())).isEqualTo(cell);
            for (Block block : cell.blocks()) {
                assertThat(Block.parse(block.text())).isEqualTo(block);
            }
        }
    }

    @Test
    void cells_compare_as_their_texts_do() {
        Random random = new Random(4);
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            cells.add(RandomCells.draw(1 + i % Cell.MAX_BLOCKS, Arrays.asList(Operation.values()), random));
        }
        cells.add(Cell.parse("sep3x3(c-1)+sep3x3(c-1)"));
        cells.add(Cell.parse("sep3x3(c-1)+sep3x3(c-1) | sep3x3(b1)+sep3x3(b1)"));
        for (Cell one : cells) {
            for (Cell other : cells) {
                assertThat(Integer.signum(one.compareTo(other)))
                        .isEqualTo(Integer.signum(one.text().compareTo(other.text())));
            }
        }
    }

    @Test
    void plus_appends_a_block() {
        Cell cell = Cell.parse("sep3x3(c-1)+sep3x3(c-1)").plus(Block.parse("identity(b1)+avg3x3(c-2)"));

        assertThat(cell.text()).isEqualTo("sep3x3(c-1)+sep3x3(c-1) | identity(b1)+avg3x3(c-2)");
    }

    @Test
    void rejects_a_block_that_reads_a_later_block() {
        Block reader = Block.parse("sep3x3(b1)+sep3x3(c-1)");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cell(List.of(reader)))
                .withMessage("block 1 must read earlier blocks only, got sep3x3(b1)+sep3x3(c-1)");
    }

    @Test
    void rejects_no_block_and_six_blocks() {
        Block block = Block.parse("sep3x3(c-1)+sep3x3(c-1)");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cell(List.of()))
                .withMessage("a cell must have 1 to 5 blocks, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cell(List.of(block, block, block, block, block, block)))
                .withMessage("a cell must have 1 to 5 blocks, got 6");
    }

    @Test
    void rejects_an_input_that_no_block_may_read() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Input.block(5))
                .withMessage("a block that is read must be 1 to 4, got 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Input(-1))
                .withMessage("input index must be 0 to 5, got -1");
    }

    @ParameterizedTest
    @EnumSource
    void every_operation_is_read_back_from_its_text(Operation operation) {
        assertThat(Operation.parse(operation.text())).isEqualTo(operation);
    }

    @Test
    void rejects_an_unknown_operation() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Operation.parse("SEP3X3"))
                .withMessage(
                        "operation must be one of sep3x3, sep5x5, sep7x7, conv1x7_7x1, identity, avg3x3, max3x3, dil3x3, got 'SEP3X3'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "67dab768b4d66c1", "67dab768b4d66c133", "67DAB768B4D66C13", "67dab768b4d66c1\n"})
    void rejects_an_id_that_is_not_16_lower_case_hex_digits(String hex) {
        assertThatThrownBy(() -> new CellId(hex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a cell id must be 16 lower-case hex digits, got '");
    }
}
