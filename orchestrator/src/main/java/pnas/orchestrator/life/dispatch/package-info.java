/**
 * Which trial is sent next: {@link pnas.orchestrator.life.dispatch.DispatchTurn} says it for a turn, and {@link
 * pnas.orchestrator.life.dispatch.FairShare} divides the trainers among experiments.
 */
@NullMarked
package pnas.orchestrator.life.dispatch;

import org.jspecify.annotations.NullMarked;
