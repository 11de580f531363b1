/**
 * As many trainers as there are trainings and free GPUs. {@link pnas.orchestrator.capacity.Scaling} decides from a snapshot of a {@link
 * pnas.orchestrator.capacity.Cluster} and knows no framework.
 */
@NullMarked
package pnas.orchestrator.capacity;

import org.jspecify.annotations.NullMarked;
