/**
 * How jobs come in and how they are answered. {@link pnas.trainer.intake.Trainer} starts one slot for each training that may run at once; a slot
 * takes a job, claims it, has it trained in its child process and sends the outcome. Heartbeats go out beside it, commands to stop come in. What follows from
 * what, {@link pnas.trainer.intake.SlotLife} and {@link pnas.trainer.intake.TrainerLife} decide, in plain Java; the others do what those say.
 * The only package here that knows the broker.
 */
@NullMarked
package pnas.trainer.intake;

import org.jspecify.annotations.NullMarked;
