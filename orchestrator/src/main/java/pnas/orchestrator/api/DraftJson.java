package pnas.orchestrator.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.failure.Problem;

/**
 * Reads an experiment, or a change of one, as somebody wrote it. Unlike a plain data binding it goes on after the first mistake and names the field of each, and it
 * never turns one type into another: {@code "3"} is no number. Only a list of texts may be one text with commas in it, as the command line takes it.
 */
final class DraftJson {
    private static final int LONG_EXCERPT = 200;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(20).build());
    }

    private final List<Problem> problems = new ArrayList<>();

    private DraftJson() {}

    /**
     * What was written.
     *
     * @param draft everything that could be read
     * @param problems what could not: unknown keys and values of a wrong type
     */
    record Reading<R extends Record>(R draft, List<Problem> problems) {
        Reading {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads a body.
     *
     * @param type a record that takes any values, absent ones included
     * @throws PnasException where it is no JSON object at all
     */
    static <R extends Record> Reading<R> read(Class<R> type, byte[] body) {
        DraftJson reader = new DraftJson();
        JsonNode tree = tree(body);
        if (tree == null || !tree.isObject()) {
            throw PnasException.invalidInput(List.of(
                    new Problem("body", "must be a JSON object, got " + (tree == null ? "nothing" : excerpt(tree)))));
        }
        return new Reading<>(reader.object(type, tree, ""), reader.problems);
    }

    private static @Nullable JsonNode tree(byte[] body) {
        try (var parser = JSON.createParser(body)) {
            try {
                return JSON.readTree(parser);
            } catch (JsonProcessingException e) {
                String path = parser.getParsingContext()
                        .pathAsPointer()
                        .toString()
                        .replaceAll("/(\\d+)", "[$1]")
                        .replaceFirst("^/", "")
                        .replace('/', '.');
                String place = e.getLocation() == null
                        ? ""
                        : " in line " + e.getLocation().getLineNr() + ", column "
                                + e.getLocation().getColumnNr();
                throw PnasException.invalidInput(List.of(new Problem(
                        path.isBlank() ? "body" : PlainText.excerpt(path, LONG_EXCERPT),
                        "is no valid JSON" + place + ": " + PlainText.excerpt(e.getOriginalMessage(), LONG_EXCERPT))));
            }
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory could not be read", e);
        }
    }

    private <R extends Record> R object(Class<R> type, JsonNode node, String prefix) {
        List<String> names = names(type).toList();
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                problems.add(new Problem(
                        prefix + (name.isBlank() ? "'" + excerpt(name) + "'" : excerpt(name)),
                        "is not known here%s; known are %s".formatted(nearest(name, names), String.join(", ", names))));
            }
        });
        return members(type, node, prefix);
    }

    /** The keys of a record, those of its groups included. */
    private static Stream<String> names(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(component -> isGroup(component) ? names(component.getType()) : Stream.of(component.getName()));
    }

    /** Whether the keys of a component stand beside those of its record. */
    private static boolean isGroup(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(JsonUnwrapped.class);
    }

    private <R extends Record> R members(Class<R> type, JsonNode node, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            values[i] = isGroup(components[i])
                    ? members(components[i].getType().asSubclass(Record.class), node, prefix)
                    : value(components[i].getGenericType(), node.get(name), prefix + name);
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a draft takes any values: " + type.getName(), e);
        }
    }

    private @Nullable Object value(Type type, @Nullable JsonNode node, String path) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (type == String.class) {
            if (!node.isTextual()) {
                return wrong(path, "a text", node);
            }
            return PlainText.isPlain(node.textValue())
                    ? node.textValue()
                    : wrong(path, "a text without control characters", node);
        }
        if (type == Boolean.class) {
            return node.isBoolean() ? (Object) node.booleanValue() : wrong(path, "true or false", node);
        }
        if (type == Integer.class) {
            return node.canConvertToInt() && node.isIntegralNumber()
                    ? (Object) node.intValue()
                    : wrong(path, "a whole number", node);
        }
        if (type == Long.class) {
            return node.canConvertToLong() && node.isIntegralNumber()
                    ? (Object) node.longValue()
                    : wrong(path, "a whole number", node);
        }
        if (type == Double.class) {
            return node.isNumber() ? (Object) node.doubleValue() : wrong(path, "a number", node);
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Type element = list.getActualTypeArguments()[0];
            if (node.isTextual() && element == String.class) {
                return Stream.of(node.textValue().split(",")).map(String::strip).toList();
            }
            return node.isArray() ? elements(element, node, path) : wrong(path, "a list", node);
        }
        Class<? extends Record> nested = ((Class<?>) type).asSubclass(Record.class);
        return node.isObject() ? object(nested, node, path + ".") : wrong(path, "an object", node);
    }

    private List<Object> elements(Type type, JsonNode array, String path) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String place = path + "[" + i + "]";
            Object element = value(type, array.get(i), place);
            if (element != null) {
                elements.add(element);
            } else if (array.get(i).isNull()) {
                wrong(place, "a value", array.get(i));
            }
        }
        return elements;
    }

    private @Nullable Object wrong(String path, String expected, JsonNode given) {
        problems.add(new Problem(path, "must be " + expected + ", got " + excerpt(given)));
        return null;
    }

    /** The key that was likely meant, however it is spelt; empty where none is alike. */
    private static String nearest(String name, List<String> names) {
        String given = plain(excerpt(name));
        return names.stream()
                .min(Comparator.comparingInt(known -> distance(given, plain(known))))
                .filter(known -> distance(given, plain(known)) <= Math.max(1, known.length() / 3))
                .map(known -> ", did you mean " + known + "?")
                .orElse("");
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Letters to insert, remove or replace (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    private static String excerpt(JsonNode node) {
        return excerpt(node.toString());
    }

    private static String excerpt(String text) {
        return PlainText.excerpt(text);
    }
}
