package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    private Path directory;

    @Test
    void a_disk_without_enough_room_is_told_with_what_to_do() {
        assertThatThrownBy(() -> new Home(directory).prepare(Long.MAX_VALUE))
                .isInstanceOf(PlatformException.class)
                .hasMessageMatching(
                        "The disk of .* has \\d+ MiB left and the platform needs \\d+ MiB: make room, or choose "
                                + "another place with --home\\.");
    }

    @Test
    void a_place_where_no_directory_can_be_made_is_told_with_the_reason() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> new Home(file.resolve("home")).prepare(0))
                .isInstanceOf(PlatformException.class)
                .hasMessageStartingWith("The directory " + file.resolve("home") + " cannot be used (")
                .hasMessageContaining("Not a directory")
                .hasMessageEndingWith("make it writable, or choose another place with --home.");
    }

    @Test
    void the_lock_is_held_by_one_at_a_time() throws Exception {
        Home home = new Home(directory);
        try (FileChannel _ = home.lock().orElseThrow()) {
            assertThat(home.lock()).isEmpty();
        }
        Optional<FileChannel> again = home.lock();
        assertThat(again).isPresent();
        again.orElseThrow().close();
    }

    @Test
    void reads_back_the_state_that_it_wrote_and_nothing_where_there_is_none() throws Exception {
        Home home = new Home(directory);
        PlatformState state = new PlatformState(
                17,
                Instant.parse("2026-01-01T00:00:00.123Z"),
                "http://localhost:8080",
                PlatformState.Progress.READY,
                "",
                List.of(new ProcessIdentity("kafka", 18, Instant.parse("2026-01-01T00:00:01Z"))));

        assertThat(home.readState()).isEmpty();
        home.writeState(state);
        assertThat(home.readState()).contains(state);
        assertThat(Files.readString(directory.resolve("platform.json")))
                .contains("\"state\":\"ready\"", "\"startTime\":\"2026-01-01T00:00:00.123Z\"");
        home.deleteState();
        assertThat(home.readState()).isEmpty();
    }
}
