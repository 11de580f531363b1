/**
 * Searches in virtual time. A {@link pnas.simulation.Simulation} plays one schedule: orchestrators, trainers and a user, a broker and a database that fail, all of it
 * on one thread and from one seed. What decides is the product's own: the core of the orchestrator and the lives of trainers. Only what is around those is
 * played here.
 */
@NullMarked
package pnas.simulation;

import org.jspecify.annotations.NullMarked;
