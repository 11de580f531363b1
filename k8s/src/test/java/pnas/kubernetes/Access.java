package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the orchestrator may ask the API server: what it asks where it makes the trainers, and elsewhere nothing. */
final class Access {
    private static final String ORCHESTRATOR = "pnas-orchestrator";

    /** The calls of the orchestrator, by kind of role and resource: those that its AccessRightsTest sees. */
    private static final Map<String, Map<String, Set<String>>> CALLS = Map.of(
            "ClusterRole", Map.of("nodes", Set.of("list", "watch"), "pods", Set.of("list", "watch")),
            "Role",
                    Map.of(
                            "jobs", Set.of("create", "delete", "list", "watch"),
                            "pods", Set.of("list", "watch"),
                            "events", Set.of("list", "watch"),
                            "leases", Set.of("create", "get", "patch"),
                            "resourcequotas", Set.of("list", "watch")));

    private static final Map<String, String> GROUPS = Map.of(
            "nodes", "",
            "pods", "",
            "events", "",
            "resourcequotas", "",
            "jobs", "batch",
            "leases", "coordination.k8s.io");

    private Access() {}

    static Stream<String> breaches(Rendering rendering) {
        boolean asks = makesTrainers(rendering);
        Stream<String> rights = CALLS.entrySet().stream()
                .flatMap(call -> rights(rendering, call.getKey(), asks ? call.getValue() : Map.of()));
        return Stream.of(rights, tokens(rendering, asks), way(rendering, asks)).flatMap(breaches -> breaches);
    }

    private static Stream<String> way(Rendering rendering, boolean asks) {
        return rendering.find("NetworkPolicy", "orchestrator-to-api-server").isPresent() == asks
                ? Stream.empty()
                : Stream.of("the orchestrator must" + (asks ? "" : " not") + " have a way to the API server");
    }

    private static boolean makesTrainers(Rendering rendering) {
        Workload orchestrator = new Workload(rendering.get("Deployment", ORCHESTRATOR));
        return orchestrator.environment(orchestrator.containers().getFirst(), rendering).stream()
                .anyMatch(variable -> variable.name().equals("PNAS_CAPACITY_MODE")
                        && variable.value().equals("kubernetes"));
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
    private static Stream<String> tokens(Rendering rendering, boolean asks) {
        return rendering.workloads().stream().flatMap(workload -> {
            boolean needed = asks && Rendering.name(workload.object()).equals(ORCHESTRATOR);
            return workload.pod().path("automountServiceAccountToken").asBoolean(true) == needed
                    ? Stream.empty()
                    : Stream.of(workload.title() + " must have automountServiceAccountToken " + needed);
        });
    }
}
