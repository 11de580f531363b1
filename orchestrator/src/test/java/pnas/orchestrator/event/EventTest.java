package pnas.orchestrator.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.state.GeneratedPage;

class EventTest {
    /** An event and the JSON that is frozen for it. */
    record Golden(String type, String json) {
        Event read() {
            return Event.read(type, json);
        }
    }

    static List<Golden> goldens() throws IOException {
        try (InputStream in = Objects.requireNonNull(EventTest.class.getResourceAsStream("events.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 2))
                    .map(words -> new Golden(words[0], words[1]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void is_written_and_read_as_it_was_frozen(Golden golden) {
        Event event = golden.read();
        assertThat(event).isNotInstanceOf(Event.Unknown.class);
        assertThat(event.type()).isEqualTo(golden.type());
        assertThat(event.json()).isEqualTo(golden.json());
    }

    @Test
    void every_kind_is_frozen() throws IOException {
        assertThat(goldens().stream().map(Golden::type).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(Event.KINDS.keySet());
    }

    @Test
    void says_what_it_was_told() {
        assertThat(Event.read("stage.ranking", "{\"stage\":2,\"candidates\":5368,\"try\":3}"))
                .isEqualTo(new Event.StageRanking(2, 5368, 3));
        assertThat(Event.read("trial.requeued", "{\"attempt\":3}")).isEqualTo(new Event.TrialRequeued(3, null));
        Event extended = new Event.ExperimentExtended(5, 256, Budget.UNLIMITED);
        assertThat(Event.read(extended.type(), extended.json())).isEqualTo(extended);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void ignores_fields_that_a_later_version_may_add(Golden golden) {
        String more = golden.json()
                .replaceFirst("\\{(.*)}", "{\"addedLater\":[1],$1}")
                .replace(",}", "}");
        assertThat(Event.read(golden.type(), more)).isEqualTo(golden.read());
    }

    @Test
    void passes_on_a_kind_that_a_later_version_added() {
        String json = "{\"to\":\"another\",\"by\":null}";
        Event event = Event.read("trial.moved", json);
        assertThat(event).isInstanceOf(Event.Unknown.class);
        assertThat(event.type()).isEqualTo("trial.moved");
        assertThat(event.json()).isEqualTo(json);
    }

    /** It must not stop those who read the events after it. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"accuracy\":null,\"attempt\":1}", "{\"accuracy\":\"high\",\"attempt\":1}"})
    void passes_on_a_row_without_its_fields(String json) {
        Event event = Event.read("trial.trained", json);
        assertThat(event).isInstanceOf(Event.Unknown.class);
        assertThat(event.type()).isEqualTo("trial.trained");
        assertThat(event.json()).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "", "{"})
    void refuses_what_is_no_object(String json) {
        assertThatExceptionOfType(PnasException.class)
                .isThrownBy(() -> Event.read("trial.trained", json))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE));
    }

    @Test
    void the_page_of_events_says_what_is_told() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Events

                What `GET /api/v1/experiments/{id}/events` tells of an experiment, and when. Made by `EventTest` from the types and their frozen JSON. Each event
                has its `id`, its kind as the name of the event, and one JSON object: `at`, when it was committed; `trial`, the id of the trial that it is about,
                else null; and the fields below. A field with `?` may be absent. Readers ignore kinds and fields that they do not know: later versions add some.

                | event | when | fields | example |
                |---|---|---|---|
                """);
        for (Class<?> kind : Event.KINDS.values()) {
            Event.Kind about = Objects.requireNonNull(kind.getAnnotation(Event.Kind.class));
            String example = goldens().stream()
                    .filter(golden -> golden.type().equals(about.name()))
                    .findFirst()
                    .orElseThrow()
                    .json();
            page.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            about.name(), about.when(), fields(kind), example.equals("{}") ? "" : "`" + example + "`"));
        }
        GeneratedPage.assertThatItSays("events.md", page.toString());
    }

    private static String fields(Class<?> kind) {
        return Arrays.stream(kind.getRecordComponents()).map(EventTest::field).collect(Collectors.joining("<br>"));
    }

    private static String field(RecordComponent field) {
        // An annotation of a component stands at its accessor.
        String name = Stream.of(field.getAccessor().getAnnotationsByType(JsonProperty.class))
                .map(JsonProperty::value)
                .findFirst()
                .orElse(field.getName());
        String type = switch (field.getType().getSimpleName()) {
            case "String" -> "text";
            case "int", "long" -> "whole number";
            case "double" -> "number";
            case "boolean" -> "true or false";
            case String record -> "object, `" + record + "` of the description of REST";
        };
        String absent = field.getAnnotatedType().isAnnotationPresent(Nullable.class) ? "?" : "";
        return "`" + name + absent + "`: " + type;
    }
}
