package pnas.orchestrator.life;

import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;

/**
 * A cell that a stage is to train.
 *
 * @param encoding the cell in the order of blocks in which it was scored
 * @param rank position in the stage, from 1
 * @param predicted predicted accuracy, absent where there was no ranking
 * @param repeat under which of other seeds it is trained again, from 1; 0 where it is trained for the first time
 */
public record NewTrial(Cell encoding, int rank, @Nullable Double predicted, int repeat) {
    /** One that is trained for the first time. */
    public NewTrial(Cell encoding, int rank, @Nullable Double predicted) {
        this(encoding, rank, predicted, 0);
    }
}
