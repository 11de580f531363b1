package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.peer.Wait.await;
import static pnas.testing.Http.given;
import static pnas.testing.Http.server;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.http.ProblemDocument;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class EventStreamTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    @Inject
    DataSource database;

    /** A stream that did not end as it should must not hold up the other tests. */
    @AfterEach
    void hangUp() {
        client.shutdownNow();
    }

    @Test
    void sends_all_events_of_an_ended_search_in_order_and_ends() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "events");

        List<String> lines = given().get(path(search.id())).asString().lines().toList();

        assertThat(values(lines, "event:"))
                .containsExactly("experiment.created", "trial.trained", "experiment.completed");
        assertThat(values(lines, "id:").stream().map(Long::valueOf).toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(values(lines, "data:").get(1))
                .contains(
                        "\"trial\":\"" + search.id() + "-" + search.best().id().hex() + "\"",
                        "\"accuracy\":0.96",
                        "\"at\":\"");
    }

    @Test
    void goes_on_after_the_last_event_that_the_client_knows() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "events");
        List<String> ids =
                values(given().get(path(search.id())).asString().lines().toList(), "id:");

        String rest = given().header("Last-Event-ID", ids.get(0))
                .get(path(search.id()))
                .asString();
        String last =
                given().get(path(search.id()) + "?lastEventId=" + ids.get(1)).asString();

        assertThat(values(rest.lines().toList(), "id:")).containsExactly(ids.get(1), ids.get(2));
        assertThat(values(last.lines().toList(), "id:")).containsExactly(ids.get(2));
    }

    @Test
    void tells_a_client_that_knows_all_of_an_ended_search_not_to_come_again() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "events");
        List<String> ids =
                values(given().get(path(search.id())).asString().lines().toList(), "id:");

        given().header("Last-Event-ID", ids.get(2))
                .get(path(search.id()))
                .then()
                .statusCode(204);
    }

    @Test
    void refuses_a_last_event_that_is_no_id() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "events");

        given().header("Last-Event-ID", "first")
                .get(path(search.id()))
                .then()
                .statusCode(400)
                .contentType(ProblemDocument.MEDIA_TYPE);
    }

    @Test
    void several_clients_follow_a_running_search_and_see_it_end() {
        String id = given().contentType("application/json")
                .body("{\"operations\": [\"sep3x3\"], \"blocks\": 1, \"engine\": \"replay\"}")
                .post("/api/v1/experiments")
                .path("id");
        List<String> one = new CopyOnWriteArrayList<>();
        List<String> other = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> oneEnds = follow(id, one);
        CompletableFuture<Void> otherEnds = follow(id, other);
        await().atMost(BOUND)
                .until(() -> one.contains("event:experiment.created") && other.contains("event:experiment.created"));

        for (String verb : List.of("pause", "resume", "cancel")) {
            given().contentType("application/json")
                    .post("/api/v1/experiments/" + id + ":" + verb)
                    .then()
                    .statusCode(200);
        }

        await().atMost(BOUND).until(() -> oneEnds.isDone() && otherEnds.isDone());
        assertThat(values(one, "event:"))
                .containsSubsequence(
                        "experiment.created", "experiment.paused", "experiment.resumed", "experiment.cancelled");
        assertThat(other).containsExactlyElementsOf(one);
    }

    private CompletableFuture<Void> follow(String id, List<String> lines) {
        HttpRequest request = HttpRequest.newBuilder(server().resolve(path(id))).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .thenAcceptAsync(answer -> answer.body().forEach(lines::add));
    }

    private static String path(String id) {
        return "/api/v1/experiments/" + id + "/events";
    }

    private static List<String> values(List<String> lines, String field) {
        return lines.stream()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).strip())
                .toList();
    }
}
