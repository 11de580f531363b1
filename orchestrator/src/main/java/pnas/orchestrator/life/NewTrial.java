package pnas.orchestrator.life;

import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;

/**
 * A cell that a stage is to train.
 *
 * @param encoding the cell in the order of blocks in which it was scored
 * @param rank position in the stage, from 1
 * @param predicted predicted accuracy, absent where there was no ranking
 */
public record NewTrial(Cell encoding, int rank, @Nullable Double predicted) {}
