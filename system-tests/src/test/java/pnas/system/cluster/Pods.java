package pnas.system.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The pods of the cluster, as the parts of the cluster read and change them. */
record Pods(KubernetesClient client) {
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    List<Pod> all() {
        return client.pods().inNamespace(Cluster.NAMESPACE).list().getItems();
    }

    static boolean isOver(Pod pod) {
        return OVER.contains(pod.getStatus().getPhase());
    }

    static boolean isBound(Pod pod) {
        return pod.getSpec().getNodeName() != null;
    }

    static boolean isDeleted(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** How many GPUs a pod takes. */
    static int gpus(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .mapToInt(container ->
                        amount(container.getResources().getRequests().get(Cluster.GPU)))
                .sum();
    }

    static int amount(@Nullable Quantity quantity) {
        return quantity == null ? 0 : quantity.getNumericalAmount().intValue();
    }

    void end(Pod pod, boolean succeeded) {
        edit(
                pod,
                each -> each.editStatus()
                        .withPhase(succeeded ? "Succeeded" : "Failed")
                        .endStatus());
    }

    /** Changes a pod as it is now. */
    void edit(Pod pod, UnaryOperator<PodBuilder> change) {
        client.resource(pod).edit(each -> change.apply(new PodBuilder(each)).build());
    }
}
