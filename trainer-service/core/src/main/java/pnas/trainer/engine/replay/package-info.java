/**
 * The engine that trains nothing: {@link pnas.trainer.engine.replay.ReplayEngineProvider}. It answers from a table of earlier results or from
 * the synthetic oracle, at once or after a given time, so that searches and the platform itself can be tried without hours of training.
 */
@NullMarked
package pnas.trainer.engine.replay;

import org.jspecify.annotations.NullMarked;
