/**
 * The images that a trainer has: {@link pnas.trainer.dataset.DataSets} takes them from a {@link pnas.dataset.DataFolder}, checks them against the
 * hash that the job names and splits them into {@link pnas.trainer.dataset.TrainingData}. Knows no engine and no training.
 */
@NullMarked
package pnas.trainer.dataset;

import org.jspecify.annotations.NullMarked;
