/**
 * A Kubernetes cluster without Kubernetes: a mock API server, and small twins of what acts on its objects. Job controller, scheduler and kubelets do what
 * the real ones do to trainers and nothing else. Entry type: {@link pnas.system.cluster.Cluster}.
 */
@NullMarked
package pnas.system.cluster;

import org.jspecify.annotations.NullMarked;
