package pnas.orchestrator.specification;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.orchestrator.specification.Specification.Line;
import pnas.orchestrator.specification.Strategy.Progressive;
import pnas.orchestrator.specification.Strategy.RandomCells;
import pnas.orchestrator.specification.Strategy.RandomStages;
import pnas.space.SearchSpace;

/**
 * Which cells there are and how they are chosen.
 *
 * @param operations the operations of the search space, in their order
 * @param blocks blocks of the largest cells: the paper's B
 * @param beam cells that are trained in each stage after the first: the paper's K
 * @param strategy how cells are chosen
 * @param probes uniform random cells that each stage measures beside those that it chooses, to say how well it chose
 * @param confirm how the last stage confirms its best cells, absent where it does not
 */
public record Search(
        List<Operation> operations,
        int blocks,
        int beam,
        Strategy strategy,
        int probes,
        @Nullable Confirm confirm) {
    static final int MAX_BEAM = 4096;
    static final int MAX_SAMPLES = 10_000;
    private static final int USUAL_BLOCKS = 3;
    private static final int USUAL_BEAM = 8;
    private static final Set<String> SIZES = Set.of("operations", "blocks", "beam", "strategy", "samples");
    private static final String PROGRESSIVE = new Progressive().text();
    private static final String RANDOM = new RandomStages().text();

    public Search {
        operations = List.copyOf(operations);
    }

    /**
     * See {@link Search}.
     *
     * @param strategy {@code progressive} by a predictor, {@code random} by chance, which is the control arm
     * @param samples with {@code random}: so many cells, all of {@code blocks} blocks, instead of {@code beam} cells of each stage
     */
    public record Draft(
            @Nullable String strategy,
            @Nullable List<@Nullable String> operations,
            @Nullable Integer blocks,
            @Nullable Integer beam,
            @Nullable Integer samples,
            @Nullable Integer probes,
            Confirm.@Nullable ConfirmDraft confirm) {}

    static Search read(Given<Draft> given) {
        Problems problems = given.problems();
        Search search = new Search(
                operations(given.value(Draft::operations), problems),
                problems.between("blocks", given.value(Draft::blocks, USUAL_BLOCKS), 1, Cell.MAX_BLOCKS),
                problems.between("beam", given.value(Draft::beam, USUAL_BEAM), 1, MAX_BEAM),
                strategy(given),
                probes(given),
                null);
        // How many cells the last stage has follows from the others: where one of those is wrong, that is said alone.
        return problems.areIn(SIZES) || search.operations().isEmpty()
                ? search
                : search.with(Confirm.read(given.part(Draft::confirm), search.mostCellsOfLastStage()));
    }

    private long mostCellsOfLastStage() {
        long there = new SearchSpace(operations).distinctCells(blocks);
        return choosesIn(blocks) ? Math.min(cells(), there) : there;
    }

    /** Nothing measures them yet: to take them and leave them out would say something of a search that is not so. */
    private static int probes(Given<Draft> given) {
        int probes = given.value(Draft::probes, 0);
        if (probes != 0) {
            given.problems().add("probes", "must be 0, since this version measures none, got " + probes);
        }
        return probes;
    }

    private static Strategy strategy(Given<Draft> given) {
        Problems problems = given.problems();
        String strategy =
                problems.oneOf("strategy", given.value(Draft::strategy, PROGRESSIVE), List.of(PROGRESSIVE, RANDOM));
        Integer samples = given.value(Draft::samples);
        if (samples != null) {
            if (!problems.isBetween("samples", samples, 1, MAX_SAMPLES)) {
                samples = null;
            }
            if (!strategy.equals(RANDOM)) {
                problems.add(
                        "samples", "goes with strategy random only, got strategy '" + Problems.excerpt(strategy) + "'");
            }
        }
        return strategy(strategy, samples);
    }

    private static Strategy strategy(String text, @Nullable Integer samples) {
        if (!text.equals(RANDOM)) {
            return new Progressive();
        }
        return samples == null ? new RandomStages() : new RandomCells(samples);
    }

    private static List<Operation> operations(@Nullable List<@Nullable String> names, Problems problems) {
        if (names == null) {
            return List.of(Operation.values());
        }
        if (names.isEmpty()) {
            problems.add("operations", "must name at least one operation");
        }
        List<String> known =
                Arrays.stream(Operation.values()).map(Operation::text).toList();
        Set<Operation> operations = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String field = "operations[" + i + "]";
            String name = problems.oneOf(field, String.valueOf(names.get(i)), known);
            if (known.contains(name) && !operations.add(Operation.parse(name))) {
                problems.add(field, "must not name '" + name + "' twice");
            }
        }
        return operations.stream().sorted().toList();
    }

    @JsonCreator
    static Search of(
            @JsonProperty("operations") List<Operation> operations,
            @JsonProperty("blocks") int blocks,
            @JsonProperty("beam") int beam,
            @JsonProperty("strategy") String strategy,
            @JsonProperty("samples") @Nullable Integer samples,
            @JsonProperty("probes") @Nullable Integer probes,
            @JsonProperty("confirm") @Nullable Confirm confirm) {
        return new Search(operations, blocks, beam, strategy(strategy, samples), probes == null ? 0 : probes, confirm);
    }

    /** Cells that are drawn at once, absent where there is a stage for each number of blocks. */
    @JsonProperty
    public @Nullable Integer samples() {
        return strategy instanceof RandomCells drawn ? (Integer) drawn.samples() : null;
    }

    /** The same with other sizes. */
    public Search with(int blocks, int beam, Strategy strategy) {
        return new Search(operations, blocks, beam, strategy, probes, confirm);
    }

    private Search with(@Nullable Confirm other) {
        return new Search(operations, blocks, beam, strategy, probes, other);
    }

    /** How many cells a stage chooses, where there are so many. */
    public int cells() {
        return strategy instanceof RandomCells drawn ? drawn.samples() : beam;
    }

    /** Whether a stage chooses from its cells; a stage of one block trains all, unless all cells are drawn at once. */
    public boolean choosesIn(int stage) {
        return stage > 1 || strategy instanceof RandomCells;
    }

    /** The number of the first stage: only a search that draws cells of all blocks at once begins with its last. */
    public int firstStage() {
        return strategy instanceof RandomCells ? blocks : 1;
    }

    /** How a stage confirms its best cells; absent for all but the last, and where none does. */
    public @Nullable Confirm confirmsIn(int stage) {
        return stage == blocks ? confirm : null;
    }

    /** Whether chance chooses the cells, and no predictor. */
    public boolean drawsAtRandom() {
        return !(strategy instanceof Progressive);
    }

    /** Whether a predictor chooses the cells of a stage. */
    public boolean ranksIn(int stage) {
        return choosesIn(stage) && !drawsAtRandom();
    }

    List<Line> lines() {
        return List.of(
                new Line("Operations", operations.stream().map(Operation::text).collect(Collectors.joining(", "))),
                new Line(
                        "Search",
                        strategy.text()
                                + switch (strategy) {
                                    case RandomCells drawn ->
                                        ", " + drawn.samples() + " cells of " + blocks + " blocks";
                                    case Progressive _, RandomStages _ ->
                                        ", up to " + blocks + " blocks, " + beam + " cells in each later stage";
                                }
                                + (probes == 0 ? "" : ", " + probes + " random probes a stage")
                                + (confirm == null ? "" : "; confirms " + confirm.text())));
    }
}
