package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static pnas.testing.Http.given;
import static pnas.testing.Http.server;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.orchestrator.http.ProblemDocument;
import pnas.orchestrator.peer.Management;
import pnas.testing.Http.Expected;
import pnas.testing.KafkaAndDatabase;

/** What nobody sends by mistake: each is refused in words, and none of it is the orchestrator's own failure. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class BadInputTest {
    @Inject
    DataSource database;

    static Stream<String> targets() {
        List<String> ids =
                List.of("%00", "a%00b", "%0A", "%f0%28%8c%28", "%c0%80", "%ed%a0%80", "AAAAAAAA", "..%2f..", "%20");
        List<String> paths = List.of(
                "GET /api/v1/experiments/ID",
                "GET /api/v1/experiments/ID/stages",
                "GET /api/v1/experiments/ID/events",
                "GET /api/v1/experiments/ID/trials",
                "GET /api/v1/experiments/ID/trials.csv",
                "GET /api/v1/experiments/ID/best",
                "GET /api/v1/experiments/aaaaaaaa/trials/ID",
                "GET /api/v1/experiments/aaaaaaaa/trials/ID/drawing.svg",
                "GET /api/v1/experiments/aaaaaaaa/trials/ID/model.safetensors",
                "GET /api/v1/experiments/aaaaaaaa/events?lastEventId=xID",
                "GET /api/v1/experiments?pageToken=xID",
                "GET /api/v1/experiments?state=xID",
                "GET /api/v1/cells/ID/drawing.svg",
                "POST /api/v1/experiments/ID:pause",
                "POST /api/v1/experiments/ID:extend",
                "POST /api/v1/experiments/ID:retry",
                "POST /api/v1/experiments/aaaaaaaa/trials/ID:retry",
                "POST /api/v1/keys/ID:revoke",
                "GET /experiments/ID",
                "GET /experiments/ID/live",
                "GET /experiments/ID/events",
                "GET /experiments/ID/trials",
                "GET /experiments/aaaaaaaa/trials/ID",
                "GET /experiments/aaaaaaaa/predictions/ID",
                "POST /experiments/ID/pause",
                "POST /experiments/ID/retry",
                "POST /experiments/aaaaaaaa/trials/ID/retry",
                "GET /compare?experiments=ID,aaaaaaab",
                "GET /?pageToken=xID",
                "GET /assets/ID");
        return paths.stream().flatMap(path -> ids.stream().map(id -> path.replace("ID", id)));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void refuses_an_id_that_is_none(String target) throws IOException {
        String body = target.startsWith("POST") ? "{}" : "";

        Answer answer = answer(target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

        assertThat(answer.status()).as(answer.text()).isIn(400, 404);
        assertThat(answer.text()).containsAnyOf(ProblemDocument.MEDIA_TYPE, "text/html");
    }

    @Test
    void names_what_has_no_such_id() {
        given().get("/api/v1/experiments/a%00b")
                .then()
                .statusCode(404)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("detail", startsWith("there is no experiment 'a\\u0000b': an experiment's id has 8 "));
        given().get("/api/v1/experiments/aaaaaaaa/trials/0123")
                .then()
                .statusCode(404)
                .body("detail", startsWith("there is no trial of such a cell: a cell id must be 16 "));
        given().contentType("application/json")
                .post("/api/v1/keys/x:revoke")
                .then()
                .statusCode(404)
                .body("detail", startsWith("there is no key with the id 'x': "));
        given().accept("text/html")
                .get("/experiments/a%00b")
                .then()
                .statusCode(404)
                .contentType("text/html");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name': '\\ud800'}                       | name",
                "{'name': 'a\\u0000b'}                     | name",
                "{'name': '\\u001b[31m'}                   | name",
                "{'dataset': '\\udc00'}                    | dataset",
                "{'preset': '\\u0000'}                     | preset",
                "{'engine': 'replay', 'replay': {'table': '\\ud800'}} | replay.table",
                "{'operations': ['max3x3', '\\u0000']}     | operations[1]",
                "{'': 1}                                   | ''",
                "{'\\u0000': 1}                            | \\u0000",
                "{'blocks': 1e999999999}                   | blocks",
                "{'blocks': 1.0}                           | blocks",
                "{'seed': 9223372036854775808}             | seed",
                "{'budget': {'trainerSeconds': 1e999}}     | budget.trainerSeconds",
                "{'budget': {'trainerSeconds': NaN}}       | budget.trainerSeconds",
                "{'blocks': -0}                            | blocks",
                "{'seed': 1, 'seed': 2}                    | seed",
                "[]                                        | body",
            })
    void names_the_field_of_a_body_that_is_wrong(String body, String field) {
        refused(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)).body("errors.field", contains(field));
    }

    @Test
    void refuses_bytes_that_are_no_text_and_numbers_that_have_no_end() {
        refused("{\"name\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1)).body("errors.field", contains("name"));
        refused("[".repeat(10_000).getBytes(StandardCharsets.US_ASCII)).body("errors", hasSize(1));
        refused(("{\"blocks\":" + "9".repeat(5000) + "}").getBytes(StandardCharsets.US_ASCII))
                .body("errors.field", contains("blocks"));
    }

    @Test
    void tells_a_hundred_problems_and_how_many_more_there_are() {
        StringBuilder body = new StringBuilder("{");
        for (int i = 0; i < 5000; i++) {
            body.append("\"k").append(i).append("\":1,");
        }
        refused(body.append("\"last\":1}").toString().getBytes(StandardCharsets.US_ASCII))
                .body("errors", hasSize(101));
    }

    private static Expected refused(byte[] body) {
        return given().contentType("application/json")
                .body(body)
                .post("/api/v1/experiments?dryRun=true")
                .then()
                .statusCode(400)
                .contentType(ProblemDocument.MEDIA_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"\\ud800\", \"role\": \"viewer\"}",
                "{\"name\": \"\\u0085\", \"role\": \"viewer\"}",
                "{\"\": 1, \"name\": \"x\", \"role\": \"viewer\"}"
            })
    void makes_no_key_of_what_no_database_holds(String body) {
        given().contentType("application/json")
                .body(body)
                .post("/api/v1/keys")
                .then()
                .statusCode(400)
                .body("errors", hasSize(1));
    }

    @ParameterizedTest
    @CsvSource({
        "Idempotency-Key,''",
        "Idempotency-Key,ä",
        "Last-Event-ID,''",
        "Last-Event-ID,-1",
        "Last-Event-ID,+5",
        "Last-Event-ID,18446744073709551615",
        "Last-Event-ID,1e3"
    })
    void names_the_header_that_is_wrong(String header, String value) throws IOException, SQLException {
        String target = header.equals("Idempotency-Key")
                ? "POST /api/v1/experiments?dryRun=true"
                : "GET /api/v1/experiments/"
                        + EndedSearch.insert(database, "headers").id() + "/events";

        Answer answer = answer(target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + ": " + value
                + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains("\"field\":\"" + header + "\"");
    }

    @Test
    void takes_a_page_token_for_its_own_list_only_and_as_it_was_given() throws SQLException {
        EndedSearch.insert(database, "first page");
        String id = EndedSearch.insert(database, "second page").id();
        String experiments = given().get("/api/v1/experiments?pageSize=1").path("nextPageToken");
        String trials = "/api/v1/experiments/" + id + "/trials?pageSize=1";
        String token = given().get(trials + "&sort=accuracy").path("nextPageToken");

        given().get(trials + "&sort=accuracy&pageToken=" + token).then().statusCode(200);
        given().get("/api/v1/experiments?pageSize=1&pageToken=" + experiments)
                .then()
                .statusCode(200);
        for (String wrong : List.of(
                trials + "&sort=-accuracy&pageToken=" + token,
                trials + "&sort=accuracy&stage=1&pageToken=" + token,
                trials + "&pageToken=" + experiments,
                "/api/v1/experiments?pageToken=" + token,
                "/api/v1/experiments?state=RUNNING&pageToken=" + experiments,
                "/api/v1/experiments?pageToken=" + forged(experiments, "+999999999-12-31T23:59:59Z aaaaaaaa"),
                "/api/v1/experiments?pageToken=" + forged(experiments, "-999999999-01-01T00:00:00Z aaaaaaaa"),
                "/api/v1/experiments?pageToken=" + forged(experiments, "2026-01-01T00:00:00Z a\0b"),
                "/api/v1/experiments?pageToken=" + "A".repeat(4000),
                trials + "&sort=accuracy&pageToken=" + forged(token, "99999999999"),
                trials + "&sort=accuracy&pageToken=" + forged(token, "-1"))) {
            given().get(wrong)
                    .then()
                    .statusCode(400)
                    .contentType(ProblemDocument.MEDIA_TYPE)
                    .body("errors.field", contains("pageToken"));
        }
    }

    /** The token with another place, for the same list. */
    private static String forged(String token, String place) {
        String mark = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).substring(0, 8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString((mark + place).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/experiments            | name=%                 | 400",
                "/experiments            | name=%zz               | 400",
                "/experiments            | name=%00&preset=demo   | 400",
                "/experiments            | seed=1e999             | 400",
                "/experiments            | preset=%00             | 400",
                "/experiments            | engine=%ed%a0%80       | 400",
                "/login                  | key=%zz                | 400",
                "/login                  | key=%00&to=%00         | 401",
                "/experiments/%00/cancel | a=1                    | 404",
            })
    void refuses_a_form_with_what_no_page_sends(String path, String form, int status) throws IOException {
        assertThat(submit(path, form).status()).isEqualTo(status);
    }

    @Test
    void refuses_a_form_with_more_fields_than_any_page_has() throws IOException {
        assertThat(submit("/experiments", "a=1&".repeat(2000)).status()).isEqualTo(400);
    }

    private static Answer submit(String path, String form) throws IOException {
        return answer("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Origin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + form.length() + "\r\n\r\n" + form);
    }

    static Stream<String[]> refusals() {
        String get = "GET /api/v1/workers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        return Stream.of(
                new String[] {"414", "uri-too-long", get.replace("workers", "workers?x=" + "a".repeat(9000))},
                new String[] {"414", "uri-too-long", get.replace("/api/v1/workers", "/?x=" + "a".repeat(100_000))},
                new String[] {"431", "request-header-fields-too-large", get + "X: " + "a".repeat(40_000) + "\r\n"},
                new String[] {"415", "unsupported-media-type", get + "Content-Encoding: gzip\r\n"},
                new String[] {
                    "416",
                    "requested-range-not-satisfiable",
                    get.replace("/api/v1/workers", "/assets/pnas.css") + "Range: bytes=99999999-\r\n"
                },
                new String[] {"406", "not-acceptable", get + "Accept: application/xml\r\n"},
                new String[] {"404", "not-found", get.replace("/api/v1/workers", "/assets/none")},
                new String[] {"404", "not-found", get.replace("/api/v1/workers", "nothing")},
                new String[] {
                    "404", "not-found", get.replace("/api/v1/workers", "*").replace("GET", "OPTIONS")
                },
                new String[] {"400", "bad-request", get.replace("workers", "%zz")},
                new String[] {"400", "bad-request", get.replace("workers", "workers?state=%")},
                new String[] {"400", "bad-request", get.replace("/api/v1/workers", "/experiments/a|b")},
                new String[] {"400", "bad-request", get.replace("/api/v1/workers", "/assets/%zz")},
                new String[] {"400", "bad-request", get.replace("Host: localhost", "Host: [::1")},
                new String[] {"400", "bad-request", get.replace("Host: localhost\r\n", "")});
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void says_in_words_what_the_server_itself_refuses(String status, String type, String request) throws IOException {
        Answer answer = answer(request + "\r\n");

        assertThat(answer.status()).as(answer.text()).isEqualTo(Integer.parseInt(status));
        assertThat(answer.text())
                .contains(ProblemDocument.MEDIA_TYPE)
                .contains("\"type\":\"urn:pnas:problem:" + type + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "400, bad-request, /q/%zz, localhost",
        "400, bad-request, /%, localhost",
        "400, bad-request, /q/health, [::1",
        "404, not-found, /q/nothing, localhost",
        "421, unknown-host, /q/health, elsewhere.example"
    })
    void says_in_words_what_is_refused_where_health_is_told(int status, String type, String target, String host)
            throws IOException {
        Answer answer = answer(
                Management.address("/"),
                "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text())
                .contains(ProblemDocument.MEDIA_TYPE)
                .contains("\"type\":\"urn:pnas:problem:" + type + "\"");
    }

    /** What came back, headers and all. */
    private record Answer(String text) {
        int status() {
            return Integer.parseInt(text.split(" ", 3)[1]);
        }
    }

    /** Sends exactly this: clients of HTTP refuse to. */
    private static Answer answer(String request) throws IOException {
        return answer(server(), request);
    }

    private static Answer answer(URI server, String request) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new Answer(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
