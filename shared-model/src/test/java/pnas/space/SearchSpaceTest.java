package pnas.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.BruteForce;
import pnas.cell.Cell;
import pnas.cell.CellKey;
import pnas.cell.Input;
import pnas.cell.Operation;
import pnas.cell.RandomCells;

class SearchSpaceTest {
    private static final SearchSpace FULL = SearchSpace.full();

    @Test
    void the_first_stage_of_eight_operations_has_136_cells() {
        List<Cell> cells = FULL.firstStage();

        assertThat(cells).hasSize(136).isSorted().allMatch(Cell::isCanonical).doesNotHaveDuplicates();
        assertThat(FULL.distinctCells(1)).isEqualTo(136);
        assertThat(FULL.orderedCells(1)).isEqualTo(256);
    }

    @Test
    void the_second_stage_of_eight_operations_has_31620_cells() {
        assertThat(FULL.expand(FULL.firstStage()).count()).isEqualTo(31_620);
        assertThat(FULL.distinctCells(2)).isEqualTo(31_620);
        assertThat(FULL.orderedCells(2)).isEqualTo(147_456);
    }

    @Test
    void the_paper_expands_256_cells_to_at_most_301056_candidates() {
        assertThat(FULL.mostCandidates(5, 256)).isEqualTo(301_056);
        assertThat(FULL.orderedCells(5)).isEqualTo(556_627_761_561_600L);
    }

    /** The definition of sameness itself, on texts. */
    @ParameterizedTest
    @CsvSource({"1,8", "2,1", "2,3", "3,1"})
    void distinct_cells_are_those_of_a_brute_force_on_texts(int blocks, int operations) {
        Set<String> distinct = new HashSet<>();
        forEachOrdered(space(operations), blocks, cell -> distinct.add(BruteForce.canonicalText(cell)));

        assertThat(space(operations).distinctCells(blocks)).isEqualTo(distinct.size());
    }

    /** Larger spaces, by canonical keys, which the tests of cells hold against the same brute force. */
    @ParameterizedTest
    @CsvSource({"2,8", "3,2", "4,1", "5,1"})
    void counts_are_those_of_an_enumeration(int blocks, int operations) {
        Set<Long> distinct = new HashSet<>();
        long[] ordered = new long[1];
        forEachOrdered(space(operations), blocks, cell -> {
            ordered[0]++;
            distinct.add(CellKey.canonical(CellKey.of(cell)));
        });

        assertThat(space(operations).distinctCells(blocks)).isEqualTo(distinct.size());
        assertThat(space(operations).orderedCells(blocks)).isEqualTo(ordered[0]);
    }

    @ParameterizedTest
    @CsvSource({"3,2", "3,3", "4,1"})
    void expanding_every_cell_of_a_stage_gives_every_cell_of_the_next(int blocks, int operations) {
        SearchSpace space = space(operations);
        List<Cell> cells = space.firstStage();
        for (int stage = 2; stage <= blocks; stage++) {
            cells = candidates(space.expand(cells)).map(Cell::canonical).toList();
        }

        assertThat(cells).doesNotHaveDuplicates();
        assertThat(space.distinctCells(blocks)).isEqualTo(cells.size());
    }

    @Test
    void a_candidate_stands_once_under_the_parent_with_the_least_text() {
        Random random = new Random(7);
        SearchSpace space = space(2);
        for (int size = 1; size < Cell.MAX_BLOCKS; size++) {
            List<Cell> parents = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                parents.add(RandomCells.draw(size, space.operations(), random).canonical());
            }
            Map<String, String> firstSeen = new HashMap<>();
            for (Cell parent : parents.stream()
                    .sorted((a, b) -> a.text().compareTo(b.text()))
                    .toList()) {
                for (Block block : orderedBlocks(space, size)) {
                    firstSeen.putIfAbsent(BruteForce.canonicalText(parent.plus(block)), parent.text());
                }
            }

            Map<String, String> listed = new HashMap<>();
            Expansion expansion = space.expand(parents);
            for (Expansion.Children children : expansion.children()) {
                for (Block block : children.blocks()) {
                    String candidate = children.parent().plus(block).canonical().text();
                    assertThat(listed.put(candidate, children.parent().text())).isNull();
                }
                assertThat(children.blocks())
                        .isNotEmpty()
                        .isSorted()
                        .allMatch(block -> block.equals(block.canonical()));
            }
            assertThat(listed).isEqualTo(firstSeen);
            assertThat(expansion.count()).isEqualTo(firstSeen.size());
            assertThat(expansion.children())
                    .extracting(Expansion.Children::parent)
                    .isSorted();
        }
    }

    @Test
    void an_expansion_does_not_depend_on_the_order_of_parents() {
        List<Cell> parents = new ArrayList<>(FULL.firstStage().subList(0, 20));
        Expansion expansion = FULL.expand(parents);
        Collections.shuffle(parents, new Random(8));
        parents.add(parents.getFirst());

        assertThat(FULL.expand(parents)).isEqualTo(expansion);
    }

    @Test
    void no_parents_have_no_candidates() {
        assertThat(FULL.expand(List.of()).count()).isZero();
    }

    /**
     * Chi-squared statistics of 200 draws per cell. Uniform draws stay within 5 standard deviations of the mean; draws that are uniform over
     * orderings do not, by far.
     */
    @ParameterizedTest
    @CsvSource({"2,1", "2,2", "3,1"})
    void random_cells_are_uniform_over_distinct_cells(int blocks, int operations) {
        SearchSpace space = space(operations);
        Random random = new Random(9);

        double cells = space.distinctCells(blocks);
        double bound = cells - 1 + 5 * Math.sqrt(2 * (cells - 1));
        assertThat(chiSquared(cells, () -> space.random(blocks, random))).isLessThan(bound);
        assertThat(chiSquared(
                        cells,
                        () -> RandomCells.draw(blocks, space.operations(), random)
                                .canonical()))
                .isGreaterThan(2 * bound);
    }

    private static double chiSquared(double cells, Supplier<Cell> draws) {
        int expected = 200;
        Map<Cell, Integer> counts = new HashMap<>();
        for (int i = 0; i < expected * cells; i++) {
            counts.merge(draws.get(), 1, Integer::sum);
        }
        double unseen = (cells - counts.size()) * expected;
        return unseen
                + counts.values().stream()
                        .mapToDouble(count -> Math.pow(count - expected, 2) / expected)
                        .sum();
    }

    @Test
    void random_cells_are_canonical_and_repeat_with_their_seed() {
        List<Cell> cells =
                Stream.generate(() -> FULL.random(5, new Random(10))).limit(2).toList();

        assertThat(cells.getFirst()).isEqualTo(cells.getLast());
        assertThat(cells.getFirst().isCanonical()).isTrue();
        assertThat(cells.getFirst().blocks()).hasSize(5);
    }

    @Test
    void operations_are_kept_in_their_own_order() {
        assertThat(new SearchSpace(List.of(Operation.MAX3X3, Operation.SEP3X3)).operations())
                .containsExactly(Operation.SEP3X3, Operation.MAX3X3);
    }

    @Test
    void rejects_what_is_no_space_and_no_stage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SearchSpace(List.of()))
                .withMessage("operations must be one or more, each once, got []");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SearchSpace(List.of(Operation.SEP3X3, Operation.SEP3X3)))
                .withMessage("operations must be one or more, each once, got [sep3x3, sep3x3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FULL.distinctCells(6))
                .withMessage("blocks must be 1 to 5, got 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FULL.orderedCells(0))
                .withMessage("blocks must be 1 to 5, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FULL.expand(List.of(Cell.parse("sep3x3(c-1)+identity(c-1)"))))
                .withMessage("parents must be in canonical form, got sep3x3(c-1)+identity(c-1)");
        Cell small = FULL.random(1, new Random(11));
        Cell large = FULL.random(5, new Random(11));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FULL.expand(List.of(small, large)))
                .withMessage("parents must all have the same number of blocks, at most 4, got " + large);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FULL.expand(List.of(large)))
                .withMessageStartingWith("parents must all have the same number of blocks, at most 4");
    }

    private static SearchSpace space(int operations) {
        return new SearchSpace(FULL.operations().subList(0, operations));
    }

    private static Stream<Cell> candidates(Expansion expansion) {
        return expansion.children().stream()
                .flatMap(children -> children.blocks().stream().map(children.parent()::plus));
    }

    private static void forEachOrdered(SearchSpace space, int blocks, Consumer<Cell> action) {
        List<List<Block>> choices = new ArrayList<>();
        for (int earlier = 0; earlier < blocks; earlier++) {
            choices.add(orderedBlocks(space, earlier));
        }
        forEachOrdered(choices, new ArrayList<>(), action);
    }

    private static void forEachOrdered(List<List<Block>> choices, List<Block> begun, Consumer<Cell> action) {
        if (begun.size() == choices.size()) {
            action.accept(new Cell(begun));
            return;
        }
        for (Block block : choices.get(begun.size())) {
            begun.addLast(block);
            forEachOrdered(choices, begun, action);
            begun.removeLast();
        }
    }

    private static List<Block> orderedBlocks(SearchSpace space, int earlierBlocks) {
        List<Branch> branches = new ArrayList<>();
        for (Operation operation : space.operations()) {
            for (int input = 0; input < 2 + earlierBlocks; input++) {
                branches.add(new Branch(operation, new Input(input)));
            }
        }
        List<Block> blocks = new ArrayList<>();
        branches.forEach(left -> branches.forEach(right -> blocks.add(new Block(left, right))));
        return blocks;
    }
}
