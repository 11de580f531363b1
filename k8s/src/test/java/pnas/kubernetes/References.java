package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one object names is there. */
final class References {
    private References() {}

    static Stream<String> breaches(Rendering rendering) {
        return Stream.concat(
                rendering.workloads().stream().flatMap(workload -> ofPods(workload, rendering)), bindings(rendering));
    }

    private static Stream<String> ofPods(Workload workload, Rendering rendering) {
        JsonNode pod = workload.pod();
        Stream<String> named = Stream.of(
                        workload.containers().stream()
                                .flatMap(container -> elements(container.path("envFrom")))
                                .map(from -> missing(rendering, "ConfigMap", from.at("/configMapRef/name"))),
                        elements(pod.path("volumes"))
                                .map(volume -> missing(rendering, "ConfigMap", volume.at("/configMap/name"))),
                        elements(pod.path("volumes"))
                                .map(volume -> missing(
                                        rendering,
                                        "PersistentVolumeClaim",
                                        volume.at("/persistentVolumeClaim/claimName"))),
                        Stream.of(missing(rendering, "ServiceAccount", pod.path("serviceAccountName"))),
                        Stream.of(
                                missing(rendering, "Service", workload.object().at("/spec/serviceName"))))
                .flatMap(missing -> missing)
                .filter(missing -> !missing.isEmpty());
        return Stream.of(named, secrets(workload), mounts(workload))
                .flatMap(breaches -> breaches)
                .map(breach -> workload.title() + " names " + breach);
    }

    private static String missing(Rendering rendering, String kind, JsonNode name) {
        return name.isMissingNode() || rendering.find(kind, name.asText()).isPresent()
                ? ""
                : "the " + kind + " " + name.asText() + ", which is not there";
    }

    /** Secrets are made by the person who applies the overlay and has to be told of them. */
    private static Stream<String> secrets(Workload workload) {
        Stream<String> variables = workload.containers().stream()
                .flatMap(container -> elements(container.path("env")))
                .map(variable -> variable.at("/valueFrom/secretKeyRef"))
                .filter(JsonNode::isObject)
                .map(reference -> undocumented(reference.path("name"), reference.path("key")));
        Stream<String> files = elements(workload.pod().path("volumes"))
                .map(volume -> volume.path("secret"))
                .filter(JsonNode::isObject)
                .flatMap(secret -> elements(secret.path("items"))
                        .map(item -> undocumented(secret.path("secretName"), item.path("key"))));
        return Stream.concat(variables, files).filter(breach -> !breach.isEmpty());
    }

    private static String undocumented(JsonNode secret, JsonNode key) {
        boolean said = Project.guides()
                .lines()
                .anyMatch(line ->
                        line.startsWith("| `" + secret.asText() + "` |") && line.contains("`" + key.asText() + "`"));
        return said
                ? ""
                : "the key " + key.asText() + " of the Secret " + secret.asText()
                        + ", of which docs/how-to says nothing";
    }

    private static Stream<String> mounts(Workload workload) {
        Set<String> volumes = Stream.concat(
                        elements(workload.pod().path("volumes"))
                                .map(volume -> volume.path("name").asText()),
                        elements(workload.object().at("/spec/volumeClaimTemplates"))
                                .map(Rendering::name))
                .collect(Collectors.toSet());
        return workload.containers().stream()
                .flatMap(container -> elements(container.path("volumeMounts")))
                .map(mount -> mount.path("name").asText())
                .filter(volume -> !volumes.contains(volume))
                .map(volume -> "the volume " + volume + ", which it has not");
    }

    private static Stream<String> bindings(Rendering rendering) {
        return Stream.of("RoleBinding", "ClusterRoleBinding")
                .flatMap(rendering::ofKind)
                .flatMap(binding -> Stream.concat(
                                Stream.of(missing(
                                        rendering, binding.at("/roleRef/kind").asText(), binding.at("/roleRef/name"))),
                                elements(binding.path("subjects"))
                                        .map(subject -> missing(
                                                rendering, subject.path("kind").asText(), subject.path("name"))))
                        .filter(missing -> !missing.isEmpty())
                        .map(missing -> Rendering.title(binding) + " names " + missing));
    }
}
