package pnas.orchestrator.trial;

import java.time.Instant;
import pnas.cell.Cell;

/**
 * A training that a trainer does now.
 *
 * @param worker who does it
 * @param cellId 16 hex digits
 * @param cell canonical form
 * @param attempt number of the attempt, from 1
 * @param epoch epochs done
 * @param since when it was taken
 */
public record RunningTraining(
        String worker, String experimentId, String cellId, Cell cell, int attempt, int epoch, Instant since) {}
