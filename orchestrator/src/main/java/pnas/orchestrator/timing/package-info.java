/**
 * How long trainings take: {@link pnas.orchestrator.timing.TimeModel} learns it from those that were measured, {@link
 * pnas.orchestrator.timing.Workload} tells what some of them take together. Nothing here knows a database or a broker.
 */
@NullMarked
package pnas.orchestrator.timing;

import org.jspecify.annotations.NullMarked;
