package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.process.Program;

class ServiceProcessTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void what_it_prints_is_kept_in_files_of_bounded_size() throws Exception {
        Path log = directory.resolve("logs/loud.log");
        ServiceProcess loud = shell("head -c 25000000 /dev/zero; echo the end", Duration.ofSeconds(5), log);

        ProcessHandle process = loud.start();

        await().atMost(LIMIT)
                .until(() -> !process.isAlive() && Files.readString(log).endsWith("the end\n"));
        assertThat(Files.size(log)).isLessThan(10_100_000);
        assertThat(Files.size(directory.resolve("logs/loud.log.1"))).isBetween(10_000_000L, 10_100_000L);
    }

    @Test
    void what_it_prints_is_kept_again_once_a_full_disk_has_room() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                Ownership.account() == 0
                        && status("mount", "-t", "tmpfs", "-o", "size=1m", "none", disk.toString()) == 0,
                "only root can mount a small disk, and not everywhere");
        try {
            Path filler = Files.write(disk.resolve("filler"), new byte[400_000]);
            Path log = disk.resolve("loud.log");
            ServiceProcess loud = shell(
                    "head -c 2000000 /dev/zero; until [ -e '%s' ]; do sleep 0.05; done; echo; echo the end"
                            .formatted(directory.resolve("room")),
                    Duration.ofSeconds(5),
                    log);
            ProcessHandle process = loud.start();
            await().atMost(LIMIT).until(() -> disk.toFile().getUsableSpace() == 0);

            Files.delete(filler);
            Files.createFile(directory.resolve("room"));

            await().atMost(LIMIT)
                    .until(() -> !process.isAlive()
                            && new LogFile(log).tail(2).getLast().equals("the end"));
        } finally {
            assertThat(status("umount", "-l", disk.toString())).isZero();
        }
    }

    private static int status(String... command) throws Exception {
        return Program.of(command).start(new Program.Errors.Discarded()).waitFor();
    }

    @Test
    void what_it_prints_while_it_stops_is_kept() throws Exception {
        ServiceProcess polite = shell(
                "trap 'kill $!; echo goodbye; exit' TERM; sleep 1000 & echo hello; wait",
                Duration.ofSeconds(30),
                log());
        polite.start();
        await().atMost(LIMIT)
                .until(() -> Files.exists(log()) && Files.readString(log()).contains("hello"));

        polite.stop();

        await().atMost(LIMIT).until(() -> Files.readString(log()).equals("hello\ngoodbye\n"));
    }

    @Test
    void a_process_that_does_not_listen_is_ended_by_force_with_its_children() throws Exception {
        ServiceProcess deaf = shell("trap '' TERM; sleep 1000 & echo deaf; wait; wait", Duration.ofMillis(100), log());
        ProcessHandle process = deaf.start();
        await().atMost(LIMIT)
                .until(() -> Files.exists(log()) && Files.readString(log()).contains("deaf"));
        List<ProcessHandle> children = process.children().toList();
        assertThat(children).isNotEmpty();

        deaf.stop();

        assertThat(process.isAlive()).isFalse();
        await().atMost(LIMIT).until(() -> children.stream().noneMatch(EmbeddedKafkaTest::isRunning));
    }

    @Test
    void a_process_that_ends_while_it_starts_is_told_with_its_last_words() throws Exception {
        ServiceProcess failing = shell("echo no such file; exit 3", Duration.ofSeconds(5), log());
        ProcessHandle process = failing.start();
        await().atMost(LIMIT)
                .until(() -> Files.exists(log()) && Files.readString(log()).contains("no such file"));

        assertThatThrownBy(() -> failing.await(process, "answer", () -> false, LIMIT))
                .isInstanceOf(IOException.class)
                .hasMessage("test ended while it started: no such file (see " + log() + ")");
    }

    @Test
    void a_process_that_takes_too_long_to_start_is_ended() throws Exception {
        ServiceProcess slow = shell("sleep 1000", Duration.ofSeconds(5), log());
        ProcessHandle process = slow.start();

        assertThatThrownBy(() -> slow.await(process, "answer", () -> false, Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("test did not answer within 0 s");
        assertThat(process.isAlive()).isFalse();
    }

    private Path log() {
        return directory.resolve("test.log");
    }

    private static ServiceProcess shell(String script, Duration patience, Path log) {
        return new ServiceProcess("test", List.of("sh", "-c", script), Map.of(), log, patience);
    }
}
