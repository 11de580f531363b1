package pnas.kubernetes;

import java.util.List;
import java.util.stream.Stream;

/** A container that lives on is asked whether it does. */
final class Probes {
    static final List<String> KINDS = List.of("startupProbe", "readinessProbe", "livenessProbe");

    private Probes() {}

    static Stream<String> breaches(Rendering rendering) {
        return rendering.workloads().stream()
                .filter(workload -> !workload.kind().equals("Pod"))
                .flatMap(workload -> workload.containers().stream()
                        .flatMap(container -> KINDS.stream().filter(kind -> !container.has(kind)))
                        .map(kind -> workload.title() + " has no " + kind));
    }
}
