package pnas.orchestrator.trial;

import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;

/**
 * A trial that ended, with a result or without.
 *
 * @param cellId 16 hex digits
 * @param cell canonical form
 * @param accuracy validation accuracy, absent without a result
 * @param trainerSeconds time of all its attempts together, each from its claim to its end
 */
public record EndedTrial(
        String cellId, Cell cell, int stage, @Nullable Double accuracy, double trainerSeconds) {}
