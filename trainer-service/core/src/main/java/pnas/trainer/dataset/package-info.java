/**
 * The images that a trainer has: {@link pnas.trainer.dataset.DataSets} reads them, checks them against the hash that the job names and splits
 * them into {@link pnas.trainer.dataset.TrainingData}. Knows no engine and no training.
 */
@NullMarked
package pnas.trainer.dataset;

import org.jspecify.annotations.NullMarked;
