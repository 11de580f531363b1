package pnas.orchestrator.specification;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.orchestrator.specification.Strategy.RandomCells;

/** What an experiment that has ended is to have more of, as somebody wrote it: everything may be absent. */
public record Extension(
        @Nullable Integer blocks,
        @Nullable Integer beam,
        @Nullable Integer samples,
        Budget.@Nullable BudgetDraft budget) {

    /**
     * The specification with what is raised.
     *
     * @param completed whether all stages of the experiment are done
     * @param reached the limit of a budget that is reached already, and what is said of it
     * @throws PnasException with all problems: only raises are taken, and such that the experiment has something to go on with
     */
    public Specification of(Specification present, boolean completed, Function<Budget, Optional<Problem>> reached) {
        Problems problems = new Problems();
        Specification extended = present.with(search(present.search(), problems), budget(present.budget(), problems));
        if (problems.isEmpty()) {
            requireSomethingToDo(present, extended, completed, problems);
            extended.network()
                    .requireIndex(
                            "blocks",
                            extended.search().blocks(),
                            extended.training().batchSize(),
                            extended.dataSet(),
                            problems);
            reached.apply(extended.budget())
                    .ifPresent(limit -> problems.add(limit.field(), limit.message() + " already: raise it, too"));
        }
        problems.refuse();
        return extended;
    }

    private Search search(Search present, Problems problems) {
        Strategy strategy = present.strategy();
        if (strategy instanceof RandomCells drawn) {
            if (blocks != null) {
                problems.add("blocks", "cannot be raised where samples are drawn: all cells have as many");
            }
            if (beam != null) {
                problems.add("beam", "is not used where samples are drawn; raise samples");
            }
            strategy = new RandomCells(raised("samples", drawn.samples(), samples, Search.MAX_SAMPLES, problems));
        } else if (samples != null) {
            problems.add("samples", "are not drawn by this experiment; raise beam or blocks");
        }
        return present.with(
                raised("blocks", present.blocks(), blocks, Cell.MAX_BLOCKS, problems),
                raised("beam", present.beam(), beam, Search.MAX_BEAM, problems),
                strategy);
    }

    private Budget budget(Budget present, Problems problems) {
        return budget == null
                ? present
                : new Budget(
                        limit(
                                "budget.trainings",
                                present.trainings(),
                                budget.trainings(),
                                Budget.MAX_TRAININGS,
                                problems),
                        limit(
                                "budget.trainerSeconds",
                                present.trainerSeconds(),
                                budget.trainerSeconds(),
                                Budget.MAX_SECONDS,
                                problems),
                        limit(
                                "budget.wallClockSeconds",
                                present.wallClockSeconds(),
                                budget.wallClockSeconds(),
                                Budget.MAX_SECONDS,
                                problems));
    }

    private static int raised(String field, int present, @Nullable Integer larger, int most, Problems problems) {
        return larger != null && isRaise(field, present, larger, most, problems) ? larger : present;
    }

    /** The larger limit where one is given, else the present one, which may be none. */
    private static <N extends Number> @Nullable N limit(
            String field, @Nullable N present, @Nullable N larger, double most, Problems problems) {
        if (present == null) {
            if (larger != null) {
                problems.add(field, "has no limit that could be raised, got " + larger);
            }
            return null;
        }
        return larger != null && isRaise(field, present, larger, most, problems) ? larger : present;
    }

    private static boolean isRaise(String field, Number present, Number larger, double most, Problems problems) {
        boolean more = larger.doubleValue() > present.doubleValue() && larger.doubleValue() <= most;
        if (!more) {
            problems.add(
                    field,
                    "must be more than the present " + Problems.text(present.doubleValue()) + " and at most "
                            + Problems.text(most) + ", got " + Problems.text(larger.doubleValue()));
        }
        return more;
    }

    private static void requireSomethingToDo(
            Specification present, Specification extended, boolean completed, Problems problems) {
        Search before = present.search();
        Search after = extended.search();
        boolean moreCells = after.cells() > before.cells() && after.choosesIn(after.blocks());
        if (completed && !moreCells && after.blocks() == before.blocks()) {
            problems.add(
                    "blocks",
                    "or the number of cells must be raised: all stages are done, and a stage of one block has all its cells");
        } else if (extended.equals(present)) {
            problems.add("budget", "or blocks, beam or samples must be raised, got nothing");
        }
    }
}
