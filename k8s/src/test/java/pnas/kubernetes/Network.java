package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Everything is denied, and what the services need is opened on both sides. */
final class Network {
    /** A server in a variable: {@code host:port}, alone or in a JDBC URL. */
    private static final Pattern SERVER = Pattern.compile("(?:jdbc:postgresql://)?([a-z0-9.-]+):([0-9]+)(?:/.*)?");

    private static final List<String> SERVERS = List.of("KAFKA_BOOTSTRAP_SERVERS", "QUARKUS_DATASOURCE_JDBC_URL");

    private Network() {}

    private record Connection(Workload from, String host, String port) {}

    static Stream<String> breaches(Rendering rendering) {
        return Stream.of(
                        denial(rendering), idle(rendering), guests(rendering), connections(rendering), names(rendering))
                .flatMap(breaches -> breaches);
    }

    private static Stream<String> denial(Rendering rendering) {
        boolean denies = policies(rendering)
                .anyMatch(policy -> policy.at("/spec/podSelector").isEmpty()
                        && governs(policy, "Ingress")
                        && governs(policy, "Egress")
                        && !policy.path("spec").has("ingress")
                        && !policy.path("spec").has("egress"));
        return denies ? Stream.empty() : Stream.of("no NetworkPolicy denies everything to every pod");
    }

    /** The namespace closes the way out of every pod, so those of other people's pods that are let in somewhere must be let out too. */
    private static Stream<String> guests(Rendering rendering) {
        return policies(rendering)
                .flatMap(inward -> elements(inward.at("/spec/ingress"))
                        .flatMap(opening -> elements(opening.path("from")))
                        .filter(from -> from.has("podSelector") && !from.has("namespaceSelector"))
                        .map(from -> from.path("podSelector"))
                        .filter(guest ->
                                rendering.workloads().stream().noneMatch(workload -> workload.isChosenBy(guest)))
                        .filter(guest -> policies(rendering)
                                .noneMatch(outward ->
                                        outward.at("/spec/podSelector").equals(guest)
                                                && elements(outward.at("/spec/egress"))
                                                        .flatMap(opening -> elements(opening.path("to")))
                                                        .anyMatch(to -> to.path("podSelector")
                                                                .equals(inward.at("/spec/podSelector")))))
                        .map(guest -> Rendering.title(inward) + " lets pods in that no policy lets out: " + guest));
    }

    private static boolean isOfGuests(Rendering rendering, JsonNode policy) {
        return policies(rendering)
                .flatMap(inward -> elements(inward.at("/spec/ingress")))
                .flatMap(opening -> elements(opening.path("from")))
                .anyMatch(from -> from.path("podSelector").equals(policy.at("/spec/podSelector")));
    }

    private static Stream<String> idle(Rendering rendering) {
        return policies(rendering)
                .filter(policy -> !isOfGuests(rendering, policy))
                .filter(policy -> rendering.workloads().stream().noneMatch(workload -> applies(policy, workload)))
                .map(policy -> Rendering.title(policy) + " applies to no pod");
    }

    private static Stream<String> names(Rendering rendering) {
        return rendering.workloads().stream()
                .filter(Workload::isOurs)
                .filter(workload -> !isOpen(rendering, workload, "Egress", Optional.empty(), "53", "53"))
                .map(workload -> workload.title() + " cannot look up names");
    }

    private static Stream<String> connections(Rendering rendering) {
        return rendering.workloads().stream()
                .flatMap(workload -> workload.containers().stream()
                        .flatMap(container -> workload.environment(container, rendering).stream())
                        .filter(variable -> SERVERS.contains(variable.name()))
                        .map(variable -> connection(workload, variable)))
                .flatMap(connection -> breaches(rendering, connection));
    }

    private static Connection connection(Workload from, Workload.Variable variable) {
        Matcher server = SERVER.matcher(variable.value());
        if (!server.matches()) {
            throw new AssertionError(variable.name() + " must name a server and its port, got " + variable.value());
        }
        return new Connection(from, server.group(1), server.group(2));
    }

    private static Stream<String> breaches(Rendering rendering, Connection connection) {
        Optional<ObjectNode> service = rendering.find("Service", connection.host());
        Optional<Workload> server = service.flatMap(found -> rendering.workloads().stream()
                .filter(workload -> Selector.haveAll(found.at("/spec/selector"), workload.labels()))
                .findFirst());
        String portName = service.map(
                        found -> found.at("/spec/ports/0/targetPort").asText())
                .orElse(connection.port());
        boolean mayLeave = isOpen(rendering, connection.from(), "Egress", server, connection.port(), portName);
        boolean mayEnter = server.isEmpty()
                || isOpen(
                        rendering,
                        server.get(),
                        "Ingress",
                        Optional.of(connection.from()),
                        connection.port(),
                        portName);
        return Stream.of(
                        mayLeave ? "" : connection.from().title() + " may not reach ",
                        mayEnter ? "" : "no policy lets " + connection.from().title() + " in at ")
                .filter(breach -> !breach.isEmpty())
                .map(breach -> breach + connection.host() + ":" + connection.port());
    }

    /** Whether a policy opens a port of these pods to a peer, or to any where the peer is not of this namespace. */
    private static boolean isOpen(
            Rendering rendering,
            Workload workload,
            String direction,
            Optional<Workload> peer,
            String port,
            String portName) {
        boolean isEgress = direction.equals("Egress");
        return policies(rendering)
                .filter(policy -> applies(policy, workload))
                .flatMap(policy -> elements(policy.path("spec").path(isEgress ? "egress" : "ingress")))
                .filter(opening -> elements(opening.path("ports"))
                        .map(entry -> entry.path("port").asText())
                        .anyMatch(open -> open.equals(port) || open.equals(portName)))
                .map(opening -> opening.path(isEgress ? "to" : "from"))
                .anyMatch(peers -> peers.isMissingNode()
                        || peer.isEmpty()
                        || elements(peers)
                                .anyMatch(one -> one.has("podSelector")
                                        && Selector.matches(
                                                one.path("podSelector"),
                                                peer.get().labels())));
    }

    private static Stream<ObjectNode> policies(Rendering rendering) {
        return rendering.ofKind("NetworkPolicy");
    }

    private static boolean applies(JsonNode policy, Workload workload) {
        return workload.isChosenBy(policy.at("/spec/podSelector"));
    }

    private static boolean governs(JsonNode policy, String type) {
        return elements(policy.at("/spec/policyTypes"))
                .anyMatch(one -> one.asText().equals(type));
    }
}
