package pnas.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.stream.Stream;

/** What chooses pods by their labels. */
final class Selection {
    private Selection() {}

    static Stream<String> breaches(Rendering rendering) {
        return Stream.of(ownPods(rendering), services(rendering), budgets(rendering))
                .flatMap(breaches -> breaches);
    }

    private static Stream<String> ownPods(Rendering rendering) {
        return rendering.workloads().stream()
                .filter(workload -> workload.object().at("/spec/selector").isObject())
                .filter(workload -> !workload.isChosenBy(workload.object().at("/spec/selector")))
                .map(workload ->
                        workload.title() + " does not choose its own pods, which have the labels " + workload.labels());
    }

    private static Stream<String> services(Rendering rendering) {
        return rendering.ofKind("Service").flatMap(service -> {
            JsonNode selector = JsonNodeFactory.instance.objectNode().set("matchLabels", service.at("/spec/selector"));
            long chosen = rendering.workloads().stream()
                    .filter(workload -> workload.isChosenBy(selector))
                    .count();
            return chosen == 1
                    ? Stream.empty()
                    : Stream.of(Rendering.title(service) + " must choose the pods of 1 workload, got " + chosen);
        });
    }

    private static Stream<String> budgets(Rendering rendering) {
        return rendering.ofKind("PodDisruptionBudget").flatMap(budget -> {
            List<Workload> chosen = rendering.workloads().stream()
                    .filter(workload -> workload.isChosenBy(budget.at("/spec/selector")))
                    .toList();
            if (chosen.size() != 1) {
                return Stream.of(Rendering.title(budget) + " must choose the pods of 1 workload, got " + chosen.size());
            }
            if (!budget.at("/spec/unhealthyPodEvictionPolicy").asText().equals("AlwaysAllow")) {
                return Stream.of(Rendering.title(budget) + " keeps pods that are not ready on a node that is drained");
            }
            int replicas = chosen.getFirst().object().at("/spec/replicas").asInt(1);
            return budget.at("/spec/minAvailable").asInt(0) < replicas
                    ? Stream.empty()
                    : Stream.of(Rendering.title(budget) + " lets none of " + replicas
                            + " pods be evicted: no node could be drained");
        });
    }
}
