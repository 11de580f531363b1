/**
 * Where trainings are kept between two epochs, and the models of finished ones: the port {@link pnas.trainer.checkpoint.CheckpointStore} and the directory behind it that all
 * trainers share, {@link pnas.trainer.checkpoint.CheckpointDirectory}. Knows nothing of what a checkpoint or a model holds.
 */
@NullMarked
package pnas.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
