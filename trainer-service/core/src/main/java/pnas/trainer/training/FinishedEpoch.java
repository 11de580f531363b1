package pnas.trainer.training;

/**
 * An epoch that was trained and validated.
 *
 * @param epoch number of the epoch, from 1
 * @param trainingLoss mean loss of its steps
 * @param validationAccuracy share of the validation part that was classified right, 0 to 1
 * @param seconds wall-clock time, validation included
 */
public record FinishedEpoch(int epoch, double trainingLoss, double validationAccuracy, double seconds) {}
