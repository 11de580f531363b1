package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The profile "restricted" of the Pod Security Standards, and more that is asked of every pod here. */
final class PodSecurity {
    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    private PodSecurity() {}

    static Stream<String> breaches(Rendering rendering) {
        Stream<String> namespaces = rendering
                .ofKind("Namespace")
                .filter(namespace -> !namespace
                        .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                        .asText()
                        .equals("restricted"))
                .map(namespace -> Rendering.title(namespace) + " does not enforce the profile restricted");
        return Stream.concat(
                namespaces,
                rendering.workloads().stream()
                        .flatMap(workload -> Stream.concat(
                                        ofPod(workload.pod()),
                                        workload.containers().stream()
                                                .flatMap(container -> ofContainer(workload.pod(), container)))
                                .map(breach -> workload.title() + ": " + breach)));
    }

    private static Stream<String> ofPod(JsonNode pod) {
        Stream<String> host = Stream.of("hostNetwork", "hostPID", "hostIPC")
                .filter(field -> pod.path(field).asBoolean(false))
                .map(field -> field + " is set");
        Stream<String> volumes = elements(pod.path("volumes"))
                .flatMap(volume -> volume.properties().stream())
                .map(Map.Entry::getKey)
                .filter(field -> !field.equals("name") && !VOLUMES.contains(field))
                .map(field -> "a volume is a " + field);
        Stream<String> links = pod.path("enableServiceLinks").asBoolean(true)
                ? Stream.of("enableServiceLinks is not false: a Service would become variables of its environment")
                : Stream.empty();
        return Stream.of(host, volumes, links).flatMap(breaches -> breaches);
    }

    private static Stream<String> ofContainer(JsonNode pod, JsonNode container) {
        JsonNode own = container.path("securityContext");
        JsonNode shared = pod.path("securityContext");
        return Stream.of(
                        holds(either(own, shared, "runAsNonRoot").asBoolean(false), "runAsNonRoot is not true"),
                        holds(either(own, shared, "runAsUser").asInt(0) > 0, "runAsUser is not a user other than root"),
                        holds(
                                either(own, shared, "seccompProfile")
                                        .path("type")
                                        .asText()
                                        .equals("RuntimeDefault"),
                                "seccompProfile is not RuntimeDefault"),
                        holds(
                                !own.path("allowPrivilegeEscalation").asBoolean(true),
                                "allowPrivilegeEscalation is not false"),
                        holds(!own.path("privileged").asBoolean(false), "it is privileged"),
                        holds(
                                elements(own.at("/capabilities/drop"))
                                                .anyMatch(drop -> drop.asText().equals("ALL"))
                                        && own.at("/capabilities/add").isMissingNode(),
                                "its capabilities are not dropped"),
                        holds(
                                own.path("readOnlyRootFilesystem").asBoolean(false),
                                "readOnlyRootFilesystem is not true"),
                        holds(
                                !own.path("readOnlyRootFilesystem").asBoolean(false)
                                        || !Workload.isOurs(container)
                                        || container.path("command").isArray()
                                        || elements(container.path("volumeMounts"))
                                                .anyMatch(mount -> mount.path("mountPath")
                                                        .asText()
                                                        .equals("/tmp")),
                                "it has nothing to write at /tmp"))
                .flatMap(breaches -> breaches);
    }

    private static JsonNode either(JsonNode own, JsonNode shared, String field) {
        return own.has(field) ? own.path(field) : shared.path(field);
    }

    private static Stream<String> holds(boolean kept, String breach) {
        return kept ? Stream.empty() : Stream.of(breach);
    }
}
