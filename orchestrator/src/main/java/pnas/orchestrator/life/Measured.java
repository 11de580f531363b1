package pnas.orchestrator.life;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;

/**
 * A trial that is over and has a result or diverged.
 *
 * @param encoding the cell in the order of blocks in which it was scored
 * @param predicted predicted accuracy, absent where there was no ranking
 * @param accuracy validation accuracy, absent where the training diverged
 */
public record Measured(
        Cell cell,
        Cell encoding,
        int stage,
        @Nullable Double predicted,
        @Nullable Double accuracy) {
    /** One that is over, and how its stage chose it. */
    public static Measured of(Trial trial, NewTrial chosen) {
        return new Measured(
                chosen.encoding().canonical(),
                chosen.encoding(),
                trial.subject().stage(),
                chosen.predicted(),
                trial.standing() instanceof Trial.Standing.Trained trained ? trained.accuracy() : null);
    }

    /** Those of a stage that have an accuracy. */
    public static List<Measured> in(Collection<Measured> measured, int stage) {
        return measured.stream()
                .filter(cell -> cell.stage() == stage && cell.accuracy() != null)
                .toList();
    }

    /** The cells that a stage grows, in canonical form. */
    public static List<Cell> parents(Collection<Measured> measured, int stage) {
        return in(measured, stage - 1).stream().map(Measured::cell).toList();
    }
}
