package pnas.orchestrator.experiment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.orchestrator.life.Budget;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Specification;
import pnas.orchestrator.life.Spent;

/** Raises what an experiment may do, and collects everything that is wrong before it complains. */
final class ExtensionReader {
    private static final SpecificationDraft.Limits NO_LIMITS = new SpecificationDraft.Limits(null, null, null);

    private final Specification present;
    private final List<Problem> problems = new ArrayList<>();

    private ExtensionReader(Specification present) {
        this.present = present;
    }

    /**
     * The specification with what is raised.
     *
     * @param state of the experiment, which is over
     * @param spent what it has used
     * @throws PnasException with all problems: only raises are taken, and such that the experiment has something to go on with
     */
    static Specification read(Specification present, Extension extension, ExperimentState state, Spent spent) {
        return new ExtensionReader(present).extended(extension, state, spent);
    }

    private Specification extended(Extension extension, ExperimentState state, Spent spent) {
        boolean sampled = present.samples() != null;
        if (sampled && extension.blocks() != null) {
            problems.add(new Problem("blocks", "cannot be raised where samples are drawn: all cells have as many"));
        }
        if (sampled && extension.beam() != null) {
            problems.add(new Problem("beam", "is not used where samples are drawn; raise samples"));
        }
        Specification extended = present.with(
                raised("blocks", present.blocks(), extension.blocks(), Cell.MAX_BLOCKS),
                raised("beam", present.beam(), extension.beam(), DraftReader.MAX_BEAM),
                samples(extension.samples()),
                budget(extension.budget() == null ? NO_LIMITS : extension.budget()));
        if (problems.isEmpty()) {
            requireSomethingToDo(extended, state, spent);
        }
        if (!problems.isEmpty()) {
            throw PnasException.invalidInput(problems);
        }
        return extended;
    }

    private @Nullable Integer samples(@Nullable Integer larger) {
        Integer samples = present.samples();
        if (samples != null) {
            return raised("samples", samples, larger, DraftReader.MAX_SAMPLES);
        }
        if (larger != null) {
            problems.add(new Problem("samples", "are not drawn by this experiment; raise beam or blocks"));
        }
        return null;
    }

    private Budget budget(SpecificationDraft.Limits limits) {
        Budget budget = present.budget();
        return new Budget(
                limit("budget.trainings", budget.trainings(), limits.trainings(), DraftReader.MAX_TRAININGS),
                limit(
                        "budget.trainerSeconds",
                        budget.trainerSeconds(),
                        limits.trainerSeconds(),
                        DraftReader.MAX_SECONDS),
                limit(
                        "budget.wallClockSeconds",
                        budget.wallClockSeconds(),
                        limits.wallClockSeconds(),
                        DraftReader.MAX_SECONDS));
    }

    private int raised(String field, int present, @Nullable Integer larger, int most) {
        return larger != null && isRaise(field, present, larger, most) ? larger : present;
    }

    /** The larger limit where one is given, else the present one, which may be none. */
    private <N extends Number> @Nullable N limit(String field, @Nullable N present, @Nullable N larger, double most) {
        if (present == null) {
            if (larger != null) {
                problems.add(new Problem(field, "has no limit that could be raised, got " + larger));
            }
            return null;
        }
        return larger != null && isRaise(field, present, larger, most) ? larger : present;
    }

    private boolean isRaise(String field, Number present, Number larger, double most) {
        boolean more = larger.doubleValue() > present.doubleValue() && larger.doubleValue() <= most;
        if (!more) {
            problems.add(new Problem(
                    field,
                    "must be more than the present " + DraftReader.text(present.doubleValue()) + " and at most "
                            + DraftReader.text(most) + ", got " + DraftReader.text(larger.doubleValue())));
        }
        return more;
    }

    private void requireSomethingToDo(Specification extended, ExperimentState state, Spent spent) {
        boolean moreCells = extended.cells() > present.cells() && (extended.blocks() > 1 || extended.samples() != null);
        if (state == ExperimentState.COMPLETED && !moreCells && extended.blocks() == present.blocks()) {
            problems.add(
                    new Problem(
                            "blocks",
                            "or the number of cells must be raised: all stages are done, and a stage of one block has all its cells"));
        } else if (extended.equals(present)) {
            problems.add(new Problem("budget", "or blocks, beam or samples must be raised, got nothing"));
        }
        extended.budget()
                .reachedBy(spent)
                .ifPresent(reached ->
                        problems.add(new Problem(reached.field(), reached.message() + " already: raise it, too")));
    }
}
