package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pnas.system.TraceReceiver.Span;

/** What one can follow of a search across the processes: a trace, and the ids beside the lines of the logs. */
class TracesAndLogsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RunningPlatform platform;
    private static Search search;

    @BeforeAll
    static void search_to_the_end() throws Exception {
        platform = RunningPlatform.shared();
        search = Search.submit(platform.rest(), """
                {"name": "traced", "engine": "replay", "operations": ["sep3x3", "max3x3"], "blocks": 1,
                 "replay": {"oracle": {"seed": 1, "sigma": 0.004}}}""");
        assertThat(search.awaitCompletion().cells()).hasSize(10);
    }

    @Test
    void one_trace_leads_from_the_request_over_the_dispatches_to_every_training() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            List<Span> ours = platform.traces().spans();
            Map<String, Span> byId =
                    ours.stream().collect(Collectors.toMap(Span::id, Function.identity(), (a, b) -> a));
            List<Span> trainings = ours.stream()
                    .filter(span -> span.name().equals("training"))
                    .filter(span -> search.id().equals(span.attributes().get("pnas.experiment")))
                    .toList();
            assertThat(trainings)
                    .hasSize(10)
                    .extracting(Span::trace)
                    .containsOnly(trainings.getFirst().trace());
            assertThat(trainings).allSatisfy(training -> {
                Span dispatch = parent(training, byId);
                assertThat(dispatch.name()).isEqualTo("dispatch");
                assertThat(dispatch.attributes())
                        .containsEntry("pnas.trial", training.attributes().get("pnas.trial"));
                Span request = parent(dispatch, byId);
                assertThat(request.name()).isEqualTo("POST /api/v1/experiments");
                assertThat(request.trace()).isEqualTo(training.trace());
            });
        });
    }

    @Test
    void lines_of_the_logs_are_json_with_the_ids_of_what_they_are_about() throws IOException {
        assertThat(lines("trainer-replay-1")).anySatisfy(line -> {
            assertThat(line.path("mdc").path("experiment").asText()).isEqualTo(search.id());
            assertThat(line.path("mdc").path("trial").asText()).startsWith(search.id() + "-");
            assertThat(line.path("mdc").path("attempt").asText()).isEqualTo("1");
            assertThat(line.path("mdc").path("worker").asText()).isEqualTo("local-replay-1");
            assertThat(line.path("message").asText()).contains("claimed");
        });
        assertThat(lines("orchestrator")).anySatisfy(line -> {
            assertThat(line.path("mdc").path("experiment").asText()).isEqualTo(search.id());
            assertThat(line.path("message").asText()).startsWith("experiment.created");
        });
    }

    private static Span parent(Span child, Map<String, Span> byId) {
        return Optional.ofNullable(byId.get(child.parent()))
                .orElseThrow(() -> new AssertionError("the parent has not come yet: " + child));
    }

    private static List<JsonNode> lines(String service) throws IOException {
        return Files.readAllLines(platform.home().resolve("logs").resolve(service + ".log")).stream()
                .filter(line -> line.startsWith("{"))
                .map(TracesAndLogsTest::parse)
                .toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }
}
