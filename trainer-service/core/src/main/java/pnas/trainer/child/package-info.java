/**
 * Training in a process of its own. {@link pnas.trainer.child.TrainingChild} is the trainer's side: it starts the process, answers jobs through
 * it and names what becomes of one that dies, stalls or takes too much memory. {@link pnas.trainer.child.ChildMain} is the process: it opens the
 * engine, trains, and ends with its parent. Between them go frames of text over standard input and output.
 */
@NullMarked
package pnas.trainer.child;

import org.jspecify.annotations.NullMarked;
