/**
 * The training of one network: the loop over epochs and steps, its schedule, and the two ports an engine may implement. {@link
 * pnas.trainer.training.TrainingEngine} answers a whole job; {@link pnas.trainer.training.NetworkEngine} offers single steps to the loop that
 * all real engines share. Knows no engine.
 */
@NullMarked
package pnas.trainer.training;

import org.jspecify.annotations.NullMarked;
