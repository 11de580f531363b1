package pnas.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.access.ApiKey;
import pnas.access.LocalAccounts;
import pnas.cli.CommandRun;
import pnas.cli.RecordedOrchestrator;

/** The key of a home, and the links that stand for it. */
class HomeKeyTest {
    private static final ApiKey KEY = new ApiKey("pnas_0123456789_" + "0123456789abcdef".repeat(4));
    private static final ApiKey OTHER = new ApiKey("pnas_1123456789_" + "0123456789abcdef".repeat(4));
    private static final String WORKERS = "GET /api/v1/workers";

    @TempDir
    private Path home;

    @TempDir
    private Path proc;

    private RecordedOrchestrator orchestrator;

    @BeforeEach
    void listen() throws IOException {
        orchestrator = new RecordedOrchestrator();
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/admin.key"), KEY.text() + "\n");
        Files.createDirectories(proc.resolve("net"));
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void a_platform_that_asks_is_shown_the_key_of_its_home_and_one_that_does_not_is_not() {
        assertThat(pnas("workers").status()).isEqualTo(ExitStatus.DONE);
        assertThat(sent()).containsExactly("");

        orchestrator.forget(WORKERS);
        orchestrator.on(WORKERS, 401, "application/problem+json", "{\"detail\": \"a key is needed\"}");
        orchestrator.on(WORKERS, 200, "workers.json");
        assertThat(pnas("workers").status()).isEqualTo(ExitStatus.DONE);
        assertThat(sent()).containsExactly("", "", "Bearer " + KEY.text());
    }

    @Test
    void a_key_that_is_named_comes_before_it() throws IOException {
        orchestrator.forget(WORKERS);
        orchestrator.on(WORKERS, 401, "application/problem+json", "{\"detail\": \"the key was revoked\"}");
        Path file = Files.writeString(home.resolve("other.key"), OTHER.text());

        CommandRun run = pnas("workers", "--key-file", file.toString());
        assertThat(run.err()).contains("the key was revoked");
        assertThat(sent()).containsExactly("Bearer " + OTHER.text());
    }

    @Test
    void who_cannot_read_the_home_is_told_that_a_key_is_needed() throws IOException {
        orchestrator.forget(WORKERS);
        orchestrator.on(WORKERS, 401, "application/problem+json", "{\"detail\": \"a key is needed\"}");
        Files.delete(home.resolve("secrets/admin.key"));

        assertThat(pnas("workers").err()).contains("status 401", "a key is needed");
        assertThat(sent()).containsExactly("");
    }

    @Test
    void the_key_is_shown_to_no_other_machine() throws IOException {
        listening("0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 77 1");
        assertThat(find("http://localhost:8080")).contains(KEY);
        assertThat(find("http://[::1]:8080")).contains(KEY);
        assertThat(find("https://pnas.example:8080")).isEmpty();
        assertThat(find("http://127.0.0.1.rebound.example:8080")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Nobody, or nobody who can be told.
                "",
                "0: 0100007F:1F91 00000000:0000 0A 0:0 0:0 0 0 0 77 1",
                // Another account in the platform's place.
                "0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 4242 0 77 1",
                // The platform at 127.0.0.1, another account at ::1.
                "0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 77 1\n"
                        + "1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0:0 0 4242 0 78 1"
            })
    void the_key_is_shown_to_no_program_of_another_account(String table) throws IOException {
        listening(table);

        assertThatThrownBy(() -> find("http://localhost:8080"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("http://localhost:8080")
                .hasMessageNotContaining(KEY.text());
    }

    @Test
    void a_link_to_sign_in_is_printed() {
        orchestrator.on(
                "POST /api/v1/sign-in-codes",
                201,
                "application/json",
                "{\"code\": \"0123abcd\", \"expiresAt\": \"2026-03-01T10:00:00Z\"}");

        assertThat(pnas("sign-in").out()).isEqualTo(orchestrator.url() + "/login?code=0123abcd\n");
        assertThat(pnas("sign-in", "-o", "json").out())
                .contains("\"url\" : \"" + orchestrator.url() + "/login?code=0123abcd\"", "2026-03-01T10:00:00Z");
        assertThat(pnas("up").out())
                .contains("The platform is up already: " + orchestrator.url())
                .contains("  " + orchestrator.url() + "/login?code=0123abcd\n");
    }

    @Test
    void why_there_is_no_link_is_told() {
        orchestrator.on(
                "POST /api/v1/sign-in-codes", 409, "application/problem+json", "{\"detail\": \"told of no key\"}");

        CommandRun run = pnas("up");
        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        assertThat(run.out()).contains("signs in with a key: ", "told of no key");
        assertThat(pnas("sign-in").status()).isEqualTo(ExitStatus.FAILED);
    }

    private List<String> sent() {
        return orchestrator.requests().stream()
                .map(RecordedOrchestrator.Request::authorization)
                .toList();
    }

    private void listening(String table) throws IOException {
        Files.writeString(proc.resolve("net/tcp"), table);
    }

    private Optional<ApiKey> find(String url) {
        return new HomeKey(home, URI.create(url), new LocalAccounts(proc)).find();
    }

    private CommandRun pnas(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", orchestrator.url(), "--home", home.toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
