package pnas.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An object that makes pods. */
record Workload(ObjectNode object) {
    /**
     * A variable of a container.
     *
     * @param value empty where it comes from elsewhere than a ConfigMap or the manifest
     */
    record Variable(String name, String value) {}

    String title() {
        return Rendering.title(object);
    }

    String kind() {
        return Rendering.kind(object);
    }

    JsonNode template() {
        return kind().equals("Pod") ? object : object.at("/spec/template");
    }

    JsonNode pod() {
        return template().path("spec");
    }

    JsonNode labels() {
        return template().at("/metadata/labels");
    }

    List<JsonNode> containers() {
        return Stream.of("initContainers", "containers")
                .flatMap(kind -> elements(pod().path(kind)))
                .toList();
    }

    /** Whether the container runs a program of this project. */
    static boolean isOurs(JsonNode container) {
        return container.path("image").asText().startsWith("pnas/");
    }

    boolean isOurs() {
        return containers().stream().anyMatch(Workload::isOurs);
    }

    /** Whether these labels choose its pods. */
    boolean isChosenBy(JsonNode selector) {
        return Selector.matches(selector, labels());
    }

    /** All variables of a container in their order, those of ConfigMaps first. */
    List<Variable> environment(JsonNode container, Rendering rendering) {
        Map<String, String> variables = new LinkedHashMap<>();
        elements(container.path("envFrom"))
                .flatMap(from -> rendering
                        .find("ConfigMap", from.at("/configMapRef/name").asText())
                        .stream())
                .forEach(map -> map.path("data")
                        .properties()
                        .forEach(entry ->
                                variables.put(entry.getKey(), entry.getValue().asText())));
        elements(container.path("env"))
                .forEach(entry -> variables.put(
                        entry.path("name").asText(), entry.path("value").asText("")));
        List<Variable> list = new ArrayList<>();
        variables.forEach((name, value) -> list.add(new Variable(name, value)));
        return list;
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
