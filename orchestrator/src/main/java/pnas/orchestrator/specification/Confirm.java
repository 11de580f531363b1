package pnas.orchestrator.specification;

import org.jspecify.annotations.Nullable;

/**
 * How a search confirms its winner: the best cells of its last stage and the best of all stages are trained again under other seeds.
 *
 * @param cells so many of the last stage
 * @param seeds trainings of each of them, its first one not counted
 */
public record Confirm(int cells, int seeds) {
    static final int MAX_SEEDS = 20;
    private static final int USUAL_CELLS = 5;
    private static final int USUAL_SEEDS = 3;

    public Confirm {
        if (cells < 1 || seeds < 1) {
            throw new IllegalArgumentException("confirm needs cells and seeds, got " + cells + " and " + seeds);
        }
    }

    /** See {@link Confirm}. */
    public record ConfirmDraft(
            @Nullable Integer cells, @Nullable Integer seeds) {}

    /**
     * Absent where nobody asked for it.
     *
     * @param most cells that the last stage has
     */
    static @Nullable Confirm read(Given<ConfirmDraft> given, long most) {
        if (given.own() == null && given.preset() == null) {
            return null;
        }
        Problems problems = given.problems();
        Integer written = given.value(ConfirmDraft::cells);
        int cells = written == null ? (int) Math.min(USUAL_CELLS, most) : written;
        int seeds = given.value(ConfirmDraft::seeds, USUAL_SEEDS);
        boolean cellsFit = problems.isBetween("confirm.cells", cells, 1, (double) most);
        boolean seedsFit = problems.isBetween("confirm.seeds", seeds, 1, MAX_SEEDS);
        return cellsFit && seedsFit ? new Confirm(cells, seeds) : null;
    }

    /** The most trainings that it adds: the best of all stages may be one more cell. */
    public long mostTrainings() {
        return (cells + 1L) * seeds;
    }

    String text() {
        return "its " + cells + " best and the best of all stages under " + seeds + " other "
                + (seeds == 1 ? "seed" : "seeds");
    }
}
