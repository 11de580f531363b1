package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Fields whose words the API server knows and the schema does not. */
final class Words {
    private static final Map<String, Set<String>> LISTS = Map.ofEntries(
            Map.entry("imagePullPolicy", Set.of("Always", "IfNotPresent", "Never")),
            Map.entry("restartPolicy", Set.of("Always", "OnFailure", "Never")),
            Map.entry("protocol", Set.of("TCP", "UDP", "SCTP")),
            Map.entry("accessModes", Set.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")),
            Map.entry("policyTypes", Set.of("Ingress", "Egress")),
            Map.entry("whenUnsatisfiable", Set.of("DoNotSchedule", "ScheduleAnyway")),
            Map.entry("fsGroupChangePolicy", Set.of("OnRootMismatch", "Always")),
            Map.entry("effect", Set.of("NoSchedule", "PreferNoSchedule", "NoExecute")),
            Map.entry("operator", Set.of("In", "NotIn", "Exists", "DoesNotExist", "Equal")),
            Map.entry(
                    "verbs",
                    Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")));

    private Words() {}

    static Stream<String> breaches(Rendering rendering) {
        Stream<String> jobs = rendering
                .ofKind("Job")
                .filter(job ->
                        !job.at("/spec/template/spec/restartPolicy").asText().matches("Never|OnFailure"))
                .map(job -> Rendering.title(job) + " must say Never or OnFailure of restarts");
        return Stream.concat(
                jobs,
                rendering.objects().stream()
                        .flatMap(object -> inside(object).map(breach -> Rendering.title(object) + ": " + breach)));
    }

    private static Stream<String> inside(JsonNode node) {
        Stream<String> here = node.properties().stream()
                .filter(field -> LISTS.containsKey(field.getKey()))
                .flatMap(field -> (field.getValue().isArray()
                                ? elements(field.getValue())
                                : Stream.of(field.getValue()))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::asText)
                        .filter(word ->
                                !LISTS.getOrDefault(field.getKey(), Set.of()).contains(word))
                        .map(word -> field.getKey() + " has no word '" + word + "'"));
        return Stream.concat(here, elements(node).flatMap(Words::inside));
    }
}
