package pnas.orchestrator.timing;

/**
 * A training that was measured.
 *
 * @param seconds how long it took
 */
public record MeasuredTime(TrainingPlace place, TrainingSize size, double seconds) {}
