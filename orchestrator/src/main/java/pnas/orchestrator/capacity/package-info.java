/**
 * As many trainers as there are trainings and free GPUs. {@link pnas.orchestrator.capacity.Scaling} decides from a snapshot of a {@link
 * pnas.orchestrator.capacity.Cluster} and knows no framework; {@link pnas.orchestrator.capacity.KubernetesTrainers} watches a cluster and does
 * what was decided, in the one orchestrator that leads. Whatever starts trainers is behind the port {@link
 * pnas.orchestrator.capacity.TrainerSupply}: a cluster, or the platform on one machine. {@link pnas.orchestrator.capacity.CapacityReports}
 * keeps why trainings wait, for experiments to show.
 */
@NullMarked
@Tables(owns = "capacity")
package pnas.orchestrator.capacity;

import org.jspecify.annotations.NullMarked;
import pnas.orchestrator.Tables;
