/**
 * Where trainings are kept between two epochs: the port {@link pnas.trainer.checkpoint.CheckpointStore} and the directory behind it that all
 * trainers share, {@link pnas.trainer.checkpoint.CheckpointDirectory}. Knows nothing of what a checkpoint holds.
 */
@NullMarked
package pnas.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
