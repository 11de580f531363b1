package pnas.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pnas.cli.CommandRun;
import pnas.cli.RecordedOrchestrator;

/** Against real children: small shell programs that speak as the platform does. */
@Timeout(60)
class PlatformProcessTest {
    private final StringWriter told = new StringWriter();

    @TempDir
    private Path home;

    @Test
    void tells_the_steps_until_the_platform_is_ready_and_lets_it_end_in_order() {
        Path ended = home.resolve("ended");
        PlatformProcess platform = launch("""
                trap 'touch %s; exit' TERM
                echo '{"state":"remark","step":"no AVX2"}'
                echo '{"state":"starting","step":"kafka"}'
                echo '{"state":"ready","url":"http://localhost:8080"}'
                while true; do sleep 0.1; done""".formatted(ended));

        platform.awaitReady();
        platform.requireRunning();
        assertThat(told.toString()).isEqualTo("  no AVX2\n  kafka\n");
        assertThat(ended).doesNotExist();

        platform.close();
        assertThat(ended).exists();
    }

    @Test
    void fails_with_the_platforms_own_sentence() {
        PlatformProcess platform = launch("echo '{\"state\":\"failed\",\"message\":\"port 8080 is taken\"}'; exit 1");

        assertThatThrownBy(platform::awaitReady).isInstanceOfSatisfying(CommandFailedException.class, failure -> {
            assertThat(failure).hasMessage("port 8080 is taken");
            assertThat(failure.exitStatus()).isEqualTo(ExitStatus.FAILED);
        });
    }

    @Test
    void a_platform_that_ends_without_a_word_is_told_with_its_log() throws IOException {
        PlatformProcess platform = launch("echo 'no memory' >&2; exit 7");

        assertThatThrownBy(platform::awaitReady).hasMessage("the platform ended with status 7: see " + log());
        assertThat(log()).content().isEqualTo("no memory\n");
    }

    @Test
    void a_platform_that_fails_later_is_noticed() {
        PlatformProcess platform = launch("echo '{\"state\":\"ready\"}'; exit 9");
        platform.awaitReady();

        assertThatThrownBy(platform::hold).hasMessage("the platform ended with status 9: see " + log());
        assertThatThrownBy(platform::requireRunning).hasMessage("the platform ended with status 9: see " + log());
    }

    @Test
    void output_after_the_start_does_not_block_the_platform() {
        PlatformProcess platform =
                launch("echo '{\"state\":\"ready\"}'; yes '{}' | head -n 100000; echo $? > " + home.resolve("written"));
        platform.awaitReady();
        platform.hold();

        assertThat(home.resolve("written")).exists();
    }

    @Test
    void stopping_returns_the_platforms_sentence() {
        assertThat(launch("echo '{\"state\":\"stopped\",\"message\":\"It was stopped.\"}'")
                        .awaitEnd())
                .isEqualTo("It was stopped.");
        assertThatThrownBy(() -> launch("echo '{\"state\":\"failed\",\"message\":\"It does not end.\"}'; exit 1")
                        .awaitEnd())
                .hasMessage("It does not end.");
    }

    @Test
    void up_without_a_built_platform_says_so() {
        CommandRun run = CommandRun.on(
                CommandRun.NO_SCREEN,
                home,
                "up",
                "--url",
                "http://localhost:1",
                "--home",
                home.resolve("state").toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("the platform is not built in", "./pnas");
    }

    @Test
    void a_platform_of_another_machine_is_not_started() {
        CommandRun run = CommandRun.on(
                CommandRun.NO_SCREEN, home, "search", "--url", "http://127.0.0.2:1", "--home", home.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.NOT_REACHABLE);
        assertThat(run.err()).contains("one can be started on this machine only");
    }

    @Test
    void stopping_where_nothing_runs_fails_makes_nothing_and_names_a_platform_that_answers() throws Exception {
        Path none = home.resolve("none");
        CommandRun alone = CommandRun.on(
                CommandRun.NO_SCREEN, home, "down", "--url", "http://localhost:1", "--home", none.toString());
        assertThat(alone.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(alone.err()).isEqualTo("pnas: No platform runs in " + none + ".\n");

        try (RecordedOrchestrator elsewhere = new RecordedOrchestrator()) {
            CommandRun run = CommandRun.on(
                    CommandRun.NO_SCREEN, home, "down", "--url", elsewhere.url(), "--home", none.toString());
            assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(run.err())
                    .isEqualTo(
                            "pnas: No platform runs in %s. One answers at %s: its state is elsewhere, name that folder with --home.\n"
                                    .formatted(none, elsewhere.url()));
        }
        assertThat(none).doesNotExist();
    }

    @Test
    void a_home_that_cannot_be_written_is_named() throws IOException {
        Files.createDirectories(home.resolve("local-platform/target"));
        Path file = Files.createFile(home.resolve("file"));

        CommandRun run = CommandRun.on(
                CommandRun.NO_SCREEN, home, "up", "--url", "http://localhost:1", "--home", file.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("cannot write to " + file);
    }

    private PlatformProcess launch(String script) {
        return PlatformProcess.launch(List.of("bash", "-c", script), new PrintWriter(told), log());
    }

    private Path log() {
        return home.resolve("log");
    }
}
