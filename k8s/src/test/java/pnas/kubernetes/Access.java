package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the orchestrator may ask the API server. */
final class Access {
    /** The calls of the orchestrator, by kind of role and resource: those that its AccessRightsTest sees. */
    private static final Map<String, Map<String, Set<String>>> CALLS = Map.of(
            "ClusterRole", Map.of("nodes", Set.of("list", "watch"), "pods", Set.of("list", "watch")),
            "Role",
                    Map.of(
                            "jobs", Set.of("create", "delete", "list", "watch"),
                            "leases", Set.of("create", "get", "patch"),
                            "resourcequotas", Set.of("list", "watch")));

    private static final Map<String, String> GROUPS = Map.of(
            "nodes", "",
            "pods", "",
            "resourcequotas", "",
            "jobs", "batch",
            "leases", "coordination.k8s.io");

    private Access() {}

    static Stream<String> breaches(Rendering rendering) {
        return Stream.concat(
                CALLS.entrySet().stream().flatMap(call -> rights(rendering, call.getKey(), call.getValue())),
                tokens(rendering));
    }

    private static Stream<String> rights(Rendering rendering, String kind, Map<String, Set<String>> calls) {
        Map<String, Set<String>> granted = new TreeMap<>();
        rendering
                .ofKind(kind)
                .flatMap(role -> elements(role.path("rules")))
                .forEach(rule -> elements(rule.path("resources"))
                        .forEach(resource -> elements(rule.path("verbs"))
                                .forEach(verb -> granted.computeIfAbsent(resource.asText(), key -> new TreeSet<>())
                                        .add(verb.asText()))));
        Stream<String> groups = rendering
                .ofKind(kind)
                .flatMap(role -> elements(role.path("rules")))
                .flatMap(rule -> elements(rule.path("resources"))
                        .map(JsonNode::asText)
                        .filter(resource -> elements(rule.path("apiGroups"))
                                .noneMatch(group -> group.asText().equals(GROUPS.get(resource))))
                        .map(resource -> resource + " are not in the API groups " + rule.path("apiGroups")));
        Stream<String> verbs = granted.equals(new TreeMap<>(calls))
                ? Stream.empty()
                : Stream.of("the calls need of " + kind + "s " + sorted(calls) + ", granted are " + granted);
        return Stream.concat(groups, verbs);
    }

    private static Map<String, Set<String>> sorted(Map<String, Set<String>> calls) {
        Map<String, Set<String>> sorted = new TreeMap<>();
        calls.forEach((resource, verbs) -> sorted.put(resource, new TreeSet<>(verbs)));
        return sorted;
    }

    /** Only who calls the API server has a token for it. */
    private static Stream<String> tokens(Rendering rendering) {
        return rendering.workloads().stream()
                .filter(workload ->
                        workload.pod().path("automountServiceAccountToken").asBoolean(true)
                                != Rendering.name(workload.object()).equals("pnas-orchestrator"))
                .map(workload -> workload.title() + " must have automountServiceAccountToken "
                        + Rendering.name(workload.object()).equals("pnas-orchestrator"));
    }
}
