package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.access.ApiKey;
import pnas.cli.platform.ExitStatus;

class KeyCommandTest {
    private static final String KEY = "pnas_0123456789_" + "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    private RecordedOrchestrator orchestrator;

    @BeforeEach
    void listen() throws IOException {
        orchestrator = new RecordedOrchestrator();
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void the_key_of_a_file_goes_with_every_request() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), KEY + "\n");

        assertThat(pnas("workers", "--key-file", file.toString()).status()).isEqualTo(ExitStatus.DONE);
        assertThat(orchestrator.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.authorization()).isEqualTo("Bearer " + KEY));
    }

    @Test
    void a_file_without_a_key_is_refused_and_not_repeated() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "secret");

        CommandRun run = pnas("workers", "--key-file", file.toString());
        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains(file + " has no key").doesNotContain("secret");
        assertThat(orchestrator.requests()).isEmpty();
    }

    @Test
    void a_key_that_is_missing_is_said() {
        orchestrator.forget("GET /api/v1/workers");
        orchestrator.on(
                "GET /api/v1/workers",
                401,
                "application/problem+json",
                "{\"detail\": \"a key is needed: --key-file\"}");

        CommandRun run = pnas("workers");
        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("status 401", "a key is needed: --key-file");
    }

    @Test
    void a_key_is_made_listed_and_revoked() {
        orchestrator
                .on("POST /api/v1/keys", 201, "application/json", "{\"id\": \"0123456789\", \"key\": \"" + KEY + "\"}")
                .on("GET /api/v1/keys", 200, "application/json", """
                        {"keys": [{"id": "0123456789", "name": "nightly", "role": "operator",
                          "createdAt": "2026-03-01T10:00:00Z", "revokedAt": "2026-03-02T10:00:00Z"}]}""")
                .on("POST /api/v1/keys/0123456789:revoke", 200, "application/json", """
                        {"id": "0123456789", "name": "nightly", "role": "operator"}""");

        assertThat(pnas("key", "create", "--name", "nightly", "--role", "operator", "--days", "30")
                        .out())
                .isEqualTo(KEY + "\n");
        assertThat(orchestrator.requests().getFirst().body())
                .isEqualTo("{\"name\":\"nightly\",\"role\":\"operator\",\"days\":30}");
        assertThat(pnas("key", "list").out().lines())
                .anySatisfy(line -> assertThat(line).matches("0123456789 +nightly +operator +revoked +- +-"));
        assertThat(pnas("key", "revoke", "0123456789").out()).contains("nightly", "opens nothing any more");
    }

    @Test
    void the_first_key_is_drawn_without_a_platform() throws IOException {
        Path file = folder.resolve("admin.key");

        CommandRun run = pnas("key", "new", file.toString());
        ApiKey key = new ApiKey(Files.readString(file).strip());
        assertThat(run.out()).isEqualTo(key.hash() + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        assertThat(pnas("key", "new", file.toString()).status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Files.readString(file).strip()).isEqualTo(key.text());
        assertThat(orchestrator.requests()).isEmpty();
    }

    private CommandRun pnas(String... arguments) {
        return CommandRun.of(Stream.concat(Stream.of(arguments), Stream.of("--url", orchestrator.url()))
                .toArray(String[]::new));
    }
}
