package pnas.orchestrator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.hamcrest.Matchers.equalTo;
import static pnas.testing.Http.given;
import static pnas.testing.Http.server;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.testing.KafkaAndDatabase;

/** Who needs no key on loopback. This JVM is of the orchestrator's own account; others are processes of their own. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class LocalClientsTest {
    private static final int NOBODY = 65534;

    /** An IPv6 socket reaches the second one by IPv4, as those of Java do. */
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "::ffff:127.0.0.1");

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/experiments",
        "GET, /api/v1/keys",
        "GET, /api/v1/experiments/aaaaaaaa/events",
        "GET, /q/openapi",
        "GET, /live",
        "POST, /api/v1/experiments",
        "POST, /api/v1/keys",
        "POST, /api/v1/sign-in-codes"
    })
    void another_account_is_refused_without_a_key(String method, String path) throws Exception {
        for (String address : ADDRESSES) {
            assertThat(ask(NOBODY, address, request(method, path, "Accept: application/json")))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("urn:pnas:problem:key-needed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/trainers", "/experiments/aaaaaaaa"})
    void another_account_is_sent_to_sign_in(String page) throws Exception {
        for (String address : ADDRESSES) {
            assertThat(ask(NOBODY, address, request("GET", page, "Accept: text/html")))
                    .startsWith("HTTP/1.1 303 ")
                    .containsIgnoringCase("location: /login?to=");
        }
        assertThat(ask(NOBODY, "127.0.0.1", request("GET", "/login", "Accept: text/html")))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void another_account_is_let_in_with_a_key() throws Exception {
        String key = given().contentType("application/json")
                .body("{\"name\": \"stranger %s\", \"role\": \"viewer\"}".formatted(UUID.randomUUID()))
                .post("/api/v1/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        for (String address : ADDRESSES) {
            assertThat(ask(NOBODY, address, request("GET", "/api/v1/experiments", "Authorization: Bearer " + key)))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(ask(NOBODY, address, request("GET", "/api/v1/keys", "Authorization: Bearer " + key)))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    /** A connection keeps its account: the second request on it is answered as the first one. */
    @Test
    void another_account_is_refused_as_often_as_it_asks() throws Exception {
        String first = request("GET", "/api/v1/keys", "Accept: application/json")
                .replace("Connection: close", "Connection: keep-alive");
        String answers = ask(NOBODY, "127.0.0.1", first + request("GET", "/api/v1/keys", "Accept: application/json"));

        assertThat(answers.split("HTTP/1.1 401 ", -1)).hasSize(3);
        assertThat(answers).doesNotContain("HTTP/1.1 200");
    }

    @Test
    void the_own_account_is_let_in_over_a_connection_of_any_kind() throws Exception {
        for (String address : ADDRESSES) {
            assertThat(ask(-1, address, request("GET", "/api/v1/keys", "Accept: application/json")))
                    .startsWith("HTTP/1.1 200 ");
        }
        given().get("/api/v1/keys").then().statusCode(200);
    }

    @Test
    void the_own_account_is_let_in_with_the_cookie_of_a_session_that_ended() throws Exception {
        String request = request("GET", "/api/v1/keys", "Cookie: " + KeyMechanism.COOKIE + "=ended");

        assertThat(ask(-1, "127.0.0.1", request)).startsWith("HTTP/1.1 200 ");
        assertThat(ask(NOBODY, "127.0.0.1", request)).startsWith("HTTP/1.1 401 ");
    }

    /** Its own account runs the proxy, but that speaks for others. */
    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "x-forwarded-anything", "Forwarded", "Via", "X-Real-IP"})
    void what_a_proxy_passes_on_needs_a_key(String header) {
        given().header(header, "somebody").get("/api/v1/experiments").then().statusCode(401);
        given().header(header, "somebody")
                .header("Content-Type", "application/json")
                .body("{}")
                .post("/api/v1/keys")
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:pnas:problem:key-needed"));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, Accept, false",
        "127.0.0.1, Accept, false",
        "::1, Origin, false",
        "localhost, X-Requested-With, false",
        // What a proxy answers for, with a name that pnas.http.allowed-hosts has.
        "pnas.example, Accept, true",
        ", Accept, true",
        "localhost, forwarded, true",
        "localhost, FORWARDED, true",
        "localhost, X-Forwarded-Proto, true",
        "localhost, X-FORWARDED-HOST, true",
        "localhost, via, true",
        "localhost, x-real-ip, true"
    })
    void a_request_that_may_come_by_a_proxy_is_told_by_its_headers(String host, String header, boolean passedOn) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(header, "x");

        assertThat(LocalClients.isPassedOn(host, headers)).isEqualTo(passedOn);
    }

    private static String request(String method, String path, String header) {
        return "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(method, path, header, method.equals("POST") ? 2 : 0, method.equals("POST") ? "{}" : "");
    }

    /**
     * What the orchestrator answers a process of an account.
     *
     * @param account its number; negative for the own one
     */
    private static String ask(int account, String address, String request) throws Exception {
        List<String> shell = List.of(
                "bash",
                "-c",
                "exec 3<>\"/dev/tcp/$0/$1\"; cat >&3; cat <&3",
                address,
                String.valueOf(server().getPort()));
        return account < 0 ? output(shell, request) : output(as(account, shell), request);
    }

    private static List<String> as(int account, List<String> command) throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only root may run a program as another account")
                .isEqualTo(0);
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--reuid=" + account, "--regid=" + account, "--clear-groups"));
        all.addAll(command);
        return all;
    }

    private static String output(List<String> command, String input) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
