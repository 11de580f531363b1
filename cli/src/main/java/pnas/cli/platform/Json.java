package pnas.cli.platform;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.List;

/** JSON and YAML as this module reads and prints them. */
public final class Json {
    /** Fields that a later orchestrator adds are ignored. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Of an experiment. */
    private static final int MOST_BYTES = 1 << 20;

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The tree of a text. Throws {@link JsonProcessingException} where it is not JSON. */
    public static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** The tree as a record; a tree of another shape is a defect of the peer and an {@link IllegalArgumentException}. */
    public static <T> T read(JsonNode tree, Class<T> type) {
        return MAPPER.convertValue(tree, type);
    }

    /** The elements of a list; none where it is absent, as a peer of an older version leaves it out. */
    public static <T> List<T> readList(JsonNode tree, Class<T> elements) {
        return tree.isMissingNode()
                ? List.of()
                : MAPPER.convertValue(tree, MAPPER.getTypeFactory().constructCollectionType(List.class, elements));
    }

    public static String pretty(JsonNode tree) {
        return tree.toPrettyString();
    }

    /** The object that a YAML (or JSON) file holds. Its keys are judged by the orchestrator. */
    public static ObjectNode readYaml(Path file) {
        JsonNode tree;
        try {
            tree = YAML.readTree(new GivenFile("--file", file).text(MOST_BYTES));
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw CommandFailedException.usage(file + where + ": " + e.getOriginalMessage());
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw CommandFailedException.usage(file + " must hold the keys of an experiment, for instance \"blocks: 3\"");
    }
}
