package pnas.orchestrator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static pnas.testing.Http.given;
import static pnas.testing.Http.server;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.orchestrator.peer.Management;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class HttpGuardTest {
    @Test
    void refuses_a_request_for_a_host_that_is_not_its_own() {
        for (String path : new String[] {"/", "/api/v1/experiments", "/assets/pnas.css", "/q/health/live"}) {
            given().header("Host", "rebound.example:8080")
                    .get(path)
                    .then()
                    .statusCode(421)
                    .contentType(ProblemDocument.MEDIA_TYPE)
                    .body("type", equalTo("urn:pnas:problem:unknown-host"))
                    .body("detail", containsString("rebound.example"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rebound.example:9000, 421",
        "10.1.2.3.rebound.example, 421",
        "localhost:9000, 200",
        "127.0.0.1:9000, 200",
        "[::1]:9000, 200",
        // As probes on a cluster and Prometheus name it.
        "10.1.2.3:9000, 200",
        "[fd00::7]:9000, 200"
    })
    void health_and_metrics_are_told_to_who_names_this_server_or_an_address(String host, int status) {
        for (String path : new String[] {"/q/health/ready", "/q/metrics"}) {
            given().header("Host", host).get(Management.address(path)).then().statusCode(status);
        }
    }

    @Test
    void answers_for_every_name_of_loopback_with_any_port() {
        for (String host : new String[] {"localhost", "LOCALHOST:99", "127.0.0.1:8080", "[::1]:8080", "[::1]"}) {
            given().header("Host", host).get("/api/v1/workers").then().statusCode(200);
        }
    }

    @Test
    void refuses_a_change_that_another_site_sends() {
        given().header("Origin", "http://elsewhere.example")
                .contentType("application/json")
                .body("{}")
                .post("/api/v1/experiments?dryRun=true")
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:pnas:problem:cross-origin"));
        given().header("Origin", "null")
                .contentType("application/x-www-form-urlencoded")
                .post("/experiments")
                .then()
                .statusCode(403);
    }

    @Test
    void refuses_a_change_that_is_neither_json_nor_of_the_same_origin() {
        given().contentType("application/x-www-form-urlencoded")
                .body("preset=demo")
                .post("/api/v1/experiments")
                .then()
                .statusCode(403)
                .body("detail", containsString("application/json"));
        given().post("/api/v1/experiments/aaaaaaaa:pause").then().statusCode(403);
    }

    @Test
    void lets_a_json_change_and_one_of_the_same_origin_pass() {
        given().contentType("application/json; charset=utf-8")
                .post("/api/v1/experiments/aaaaaaaa:pause")
                .then()
                .statusCode(404);
        given().header("Origin", "http://" + server().getAuthority())
                .post("/api/v1/experiments/aaaaaaaa:pause")
                .then()
                .statusCode(404);
    }

    @Test
    void refuses_a_body_over_one_mebibyte() {
        given().contentType("application/json")
                .body(" ".repeat((1 << 20) + 1))
                .post("/api/v1/experiments")
                .then()
                .statusCode(413)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("type", equalTo("urn:pnas:problem:body-too-large"));
    }

    @Test
    void refuses_a_body_over_one_mebibyte_that_does_not_tell_its_length() throws IOException {
        String chunk = Integer.toHexString(1 << 16) + "\r\n" + " ".repeat(1 << 16) + "\r\n";
        try (Socket socket = new Socket(server().getHost(), server().getPort())) {
            var out = socket.getOutputStream();
            out.write("""
                    POST /api/v1/experiments HTTP/1.1
                    Host: localhost
                    Content-Type: application/json
                    Transfer-Encoding: chunked

                    """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 17; i++) {
                out.write(chunk.getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
            byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 413".length());

            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void allows_pages_nothing_from_elsewhere() {
        given().get("/")
                .then()
                .statusCode(200)
                .header("Content-Security-Policy", containsString("default-src 'self'"))
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin");
    }

    @Test
    void says_in_its_own_way_that_a_path_is_unknown() {
        given().get("/api/v1/nothing")
                .then()
                .statusCode(404)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("detail", containsString("/api/v1/nothing"));
        given().accept("text/html")
                .get("/nothing")
                .then()
                .statusCode(404)
                .contentType("text/html")
                .body(containsString("/nothing"));
    }

    @Test
    void says_in_its_own_way_that_a_method_is_not_allowed() {
        given().contentType("application/json")
                .delete("/api/v1/workers")
                .then()
                .statusCode(405)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("type", equalTo("urn:pnas:problem:method-not-allowed"));
    }
}
