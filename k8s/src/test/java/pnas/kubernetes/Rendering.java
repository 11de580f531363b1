package pnas.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All objects of an overlay as they are applied, and the Job that the orchestrator makes the trainers from. */
record Rendering(List<ObjectNode> objects) {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String TEMPLATE = "trainer-job.yaml";
    private static final List<String> WORKLOADS = List.of("Deployment", "StatefulSet", "Job", "Pod");

    Rendering {
        objects = List.copyOf(objects);
    }

    /** The checked-in rendering of an overlay. */
    static Rendering of(String overlay) {
        return parse(Project.text(Project.FOLDER.resolve("rendered/" + overlay + ".yaml")));
    }

    static Rendering parse(String yaml) {
        List<ObjectNode> objects = documents(yaml);
        Stream<ObjectNode> templates = objects.stream()
                .map(object -> object.path("data").path(TEMPLATE))
                .filter(JsonNode::isTextual)
                .flatMap(template -> documents(template.textValue()).stream());
        return new Rendering(Stream.concat(objects.stream(), templates).toList());
    }

    /** The documents of a file, as they stand there. */
    static List<ObjectNode> documents(String yaml) {
        try (MappingIterator<ObjectNode> documents =
                YAML.readerFor(ObjectNode.class).readValues(yaml)) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<ObjectNode> ofKind(String kind) {
        return objects.stream().filter(object -> kind(object).equals(kind));
    }

    Optional<ObjectNode> find(String kind, String name) {
        return ofKind(kind).filter(object -> name(object).equals(name)).findFirst();
    }

    ObjectNode get(String kind, String name) {
        return find(kind, name).orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    List<Workload> workloads() {
        return objects.stream()
                .filter(object -> WORKLOADS.contains(kind(object)))
                .map(Workload::new)
                .toList();
    }

    /** The same objects with one of them changed. */
    Rendering with(String kind, String name, Consumer<ObjectNode> change) {
        ObjectNode changed = get(kind, name).deepCopy();
        change.accept(changed);
        List<ObjectNode> all = new ArrayList<>(objects);
        all.replaceAll(object -> kind(object).equals(kind) && name(object).equals(name) ? changed : object);
        return new Rendering(all);
    }

    /** The same objects without one of them. */
    Rendering without(String kind, String name) {
        ObjectNode removed = get(kind, name);
        return new Rendering(
                objects.stream().filter(object -> !object.equals(removed)).toList());
    }

    static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    /** How an object is called in a sentence. */
    static String title(JsonNode object) {
        return kind(object) + " " + name(object);
    }
}
