package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ports are named after ports of containers, by those who send something there. */
final class Ports {
    private static final Set<String> LISTENS = Set.of("QUARKUS_HTTP_PORT", "QUARKUS_MANAGEMENT_PORT");

    private Ports() {}

    static Stream<String> breaches(Rendering rendering) {
        return Stream.of(services(rendering), probes(rendering), listens(rendering))
                .flatMap(breaches -> breaches);
    }

    /** The names of all ports of a workload's containers. */
    static Set<String> names(Workload workload) {
        return workload.containers().stream()
                .flatMap(container -> elements(container.path("ports")))
                .map(port -> port.path("name").asText())
                .collect(Collectors.toSet());
    }

    private static Stream<String> services(Rendering rendering) {
        return rendering.ofKind("Service").flatMap(service -> {
            JsonNode selector = JsonNodeFactory.instance.objectNode().set("matchLabels", service.at("/spec/selector"));
            return rendering.workloads().stream()
                    .filter(workload -> workload.isChosenBy(selector))
                    .flatMap(workload -> elements(service.at("/spec/ports"))
                            .map(port -> port.path("targetPort").asText())
                            .filter(target -> !names(workload).contains(target))
                            .map(target -> Rendering.title(service) + " leads to the port '" + target + "', which "
                                    + workload.title() + " has not"));
        });
    }

    private static Stream<String> probes(Rendering rendering) {
        return rendering.workloads().stream()
                .flatMap(workload -> workload.containers().stream()
                        .flatMap(container -> Probes.KINDS.stream().map(container::path))
                        .flatMap(probe -> Stream.of(probe.at("/httpGet/port"), probe.at("/tcpSocket/port")))
                        .filter(port -> !port.isMissingNode())
                        .filter(port -> !names(workload).contains(port.asText()))
                        .map(port -> "a probe of " + workload.title() + " asks the port '" + port.asText()
                                + "', which it has not"));
    }

    /** A service of this project listens on the port that its container names. */
    private static Stream<String> listens(Rendering rendering) {
        return rendering.workloads().stream()
                .flatMap(workload -> workload.containers().stream()
                        .flatMap(container -> workload.environment(container, rendering).stream()
                                .filter(variable -> LISTENS.contains(variable.name()))
                                .filter(variable -> elements(container.path("ports"))
                                        .noneMatch(port -> port.path("containerPort")
                                                .asText()
                                                .equals(variable.value())))
                                .map(variable -> workload.title() + " listens on port " + variable.value()
                                        + ", which no port of its container is")));
    }
}
