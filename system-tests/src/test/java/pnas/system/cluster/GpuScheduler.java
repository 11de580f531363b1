package pnas.system.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Places pods on nodes with free GPUs, the emptiest first, by node selector, tolerations and cordon. It looks at no other resource. */
final class GpuScheduler {
    private final KubernetesClient client;
    private final Pods pods;

    GpuScheduler(KubernetesClient client) {
        this.client = client;
        this.pods = new Pods(client);
    }

    void act() {
        List<Node> nodes = client.nodes().list().getItems();
        List<Pod> all = pods.all();
        Map<String, Integer> free = new HashMap<>();
        nodes.forEach(node -> free.put(node.getMetadata().getName(), gpus(node)));
        all.stream()
                .filter(pod -> Pods.isBound(pod) && !Pods.isOver(pod))
                .forEach(pod -> free.merge(pod.getSpec().getNodeName(), -Pods.gpus(pod), Integer::sum));
        for (Pod pod : all) {
            if (!Pods.isBound(pod) && !Pods.isOver(pod) && !Pods.isDeleted(pod)) {
                nodes.stream()
                        .filter(node -> takes(node, pod))
                        .map(node -> node.getMetadata().getName())
                        .filter(name -> free.getOrDefault(name, 0) >= Pods.gpus(pod))
                        .max(Comparator.comparing(free::get))
                        .ifPresentOrElse(
                                name -> {
                                    free.merge(name, -Pods.gpus(pod), Integer::sum);
                                    pods.edit(
                                            pod,
                                            each -> each.editSpec()
                                                    .withNodeName(name)
                                                    .endSpec()
                                                    .editStatus()
                                                    .removeMatchingFromConditions(condition ->
                                                            condition.getType().equals("PodScheduled"))
                                                    .endStatus());
                                },
                                () -> refuse(pod, nodes.size()));
            }
        }
    }

    private void refuse(Pod pod, int nodes) {
        if (pod.getStatus().getConditions().isEmpty()) {
            pods.edit(
                    pod,
                    each -> each.editStatus()
                            .addNewCondition()
                            .withType("PodScheduled")
                            .withStatus("False")
                            .withReason("Unschedulable")
                            .withMessage("0/" + nodes + " nodes are available")
                            .endCondition()
                            .endStatus());
        }
    }

    private static int gpus(Node node) {
        return Pods.amount(node.getStatus().getAllocatable().get(Cluster.GPU));
    }

    private static boolean takes(Node node, Pod pod) {
        return !Boolean.TRUE.equals(node.getSpec().getUnschedulable())
                && node.getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(pod.getSpec().getNodeSelector().entrySet())
                && node.getSpec().getTaints().stream()
                        .allMatch(taint -> pod.getSpec().getTolerations().stream()
                                .anyMatch(toleration -> bears(toleration, taint)));
    }

    private static boolean bears(Toleration toleration, Taint taint) {
        return (toleration.getKey() == null || toleration.getKey().equals(taint.getKey()))
                && ("Exists".equals(toleration.getOperator())
                        || Objects.equals(toleration.getValue(), taint.getValue()))
                && (toleration.getEffect() == null || toleration.getEffect().equals(taint.getEffect()));
    }
}
