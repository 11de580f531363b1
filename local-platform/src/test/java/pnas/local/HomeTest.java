package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.access.ApiKey;

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
    void is_for_its_owner_alone_whatever_an_older_version_or_the_umask_left_open() throws Exception {
        Path elsewhere = open(Files.createDirectory(directory.resolve("elsewhere")));
        Path shared = open(Files.writeString(elsewhere.resolve("image.png"), "kept open"));
        Path old = directory.resolve("old");
        for (String folder : List.of("postgres/programs/PG-1/bin", "logs", "data/own", "data-cache/ab/images")) {
            Files.createDirectories(old.resolve(folder));
        }
        Files.writeString(old.resolve("postgres/programs/PG-1/bin/postgres"), "swapped by another account");
        Files.writeString(old.resolve("logs/kafka.log"), "");
        Files.writeString(old.resolve("data-cache/ab/images/1.png"), "");
        Files.createSymbolicLink(old.resolve("data/linked"), elsewhere);
        Files.createLink(old.resolve("data/own/image.png"), shared);
        openAll(old);
        Home home = new Home(old);

        home.prepare(0);
        home.closeToOthers();

        assertThat(openIn(old)).containsExactly(old.resolve("data/own/image.png"));
        assertThat(Files.getPosixFilePermissions(old)).hasSize(3);
        assertThat(old.resolve("postgres/programs")).doesNotExist();
        assertThat(modes(elsewhere, shared)).containsOnly("rwxrwxrwx");
    }

    @Test
    void does_not_look_into_a_large_folder_that_is_closed_already() throws Exception {
        Home home = new Home(directory.resolve("home"));
        home.prepare(0);
        Path within = Files.createDirectories(home.dataCache().resolve("ab")).resolve("1.png");
        open(Files.writeString(within, ""));
        Ownership.closeToOthers(home.dataCache());

        home.closeToOthers();

        assertThat(modes(within)).containsExactly("rwxrwxrwx");
    }

    @Test
    void a_place_in_which_another_account_could_put_its_own_is_refused_by_name() throws Exception {
        Path open = open(Files.createDirectory(directory.resolve("open")));
        Path link = Files.createSymbolicLink(directory.resolve("link"), open.resolve("home"));

        for (Path refused : List.of(open.resolve("home"), open.resolve("further/home"), link)) {
            assertThatThrownBy(() -> new Home(refused).prepare(0))
                    .isInstanceOf(PlatformException.class)
                    .hasMessage(
                            "The directory " + refused + " cannot be a home of the platform: all accounts can write to "
                                    + open + ", and so put their own in its place. Choose another place with --home.");
        }
        assertThat(open).isEmptyDirectory();
        // As /tmp is: there everybody can add, and only its owner replace.
        sticky(open);
        new Home(open.resolve("home")).prepare(0);
        assertThat(openIn(open.resolve("home"))).isEmpty();
    }

    @Test
    void a_home_of_another_account_is_refused_and_nothing_that_its_files_name_is_ended() throws Exception {
        Path foreign = Files.createDirectory(directory.resolve("foreign"));
        assumeTrue(Ownership.account() == 0, "only root can give a folder to another account");
        Files.setAttribute(foreign, "unix:uid", 65_534);
        String sentence =
                "The directory " + foreign + " cannot be a home of the platform: it belongs to another account, "
                        + Files.getOwner(foreign) + ". Choose another place with --home.";

        assertThatThrownBy(() -> new Home(foreign).prepare(0)).hasMessage(sentence);
        assertThatThrownBy(() -> new Leftovers(new Home(foreign), new Random()).stopPlatform())
                .hasMessage(sentence);
        Path within = foreign.resolve("home");
        assertThatThrownBy(() -> new Home(within).prepare(0))
                .hasMessageContaining("its part " + foreign + " belongs to another account");
    }

    @Test
    void a_secret_is_made_once_and_read_by_its_owner_alone() throws Exception {
        Home home = new Home(directory);
        String made = OwnerOnly.secret(home.secret("key"));

        assertThat(made).hasSize(43);
        assertThat(OwnerOnly.secret(home.secret("key"))).isEqualTo(made);
        assertThat(OwnerOnly.secret(home.secret("another"))).isNotEqualTo(made);
        assertThat(modes(home.secret("key"), home.secret(""))).containsExactly("rw-------", "rwx------");
        // Nothing may be left to guess where a full disk cut it off.
        Files.writeString(home.secret("key"), "");
        assertThat(OwnerOnly.secret(home.secret("key"))).hasSize(43).isNotEqualTo(made);
    }

    private static Path open(Path path) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static void openAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                open(each);
            }
        }
    }

    private static void sticky(Path folder) throws IOException {
        Files.setAttribute(folder, "unix:mode", 01777);
    }

    /** What another account may do anything with. */
    private static List<Path> openIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> open = new ArrayList<>();
            for (Path each : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                if (!Ownership.isOwn(each)) {
                    open.add(each);
                }
            }
            return open;
        }
    }

    private static List<String> modes(Path... paths) throws IOException {
        List<String> modes = new ArrayList<>();
        for (Path path : paths) {
            modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
        return modes;
    }

    @Test
    void takes_the_programs_of_the_database_from_the_place_of_all_homes_where_no_other_account_can_swap_them()
            throws Exception {
        Home home = new Home(directory.resolve("home"));
        Path own = home.directory().resolve("postgres/programs");
        Path account = OwnerOnly.createFolders(directory.resolve("account"));
        Map<String, String> environment = Map.of("HOME", account.toString());

        Path shared = home.databaseBinaries(environment);
        assertThat(shared).isEqualTo(account.resolve(".cache/pnas/postgresql")).isDirectory();
        assertThat(new Home(directory.resolve("another")).databaseBinaries(environment))
                .isEqualTo(shared);
        Path caches = directory.resolve("caches");
        assertThat(home.databaseBinaries(Map.of("HOME", account.toString(), "XDG_CACHE_HOME", caches.toString())))
                .isEqualTo(caches.resolve("pnas/postgresql"));

        assertThat(home.databaseBinaries(Map.of())).isEqualTo(own);
        assertThat(home.databaseBinaries(Map.of("HOME", "of nobody"))).isEqualTo(own);
        assertThat(home.databaseBinaries(Map.of("HOME", "/proc"))).isEqualTo(own);
        open(account);
        assertThat(home.databaseBinaries(environment)).isEqualTo(own);
        Files.setPosixFilePermissions(account, PosixFilePermissions.fromString("rwx------"));
        open(shared);
        assertThat(home.databaseBinaries(environment)).isEqualTo(own);

        Files.createDirectories(own);
        assertThat(home.databaseBinaries(Map.of("XDG_CACHE_HOME", caches.toString())))
                .as("an older home keeps its own")
                .isEqualTo(own);
    }

    @Test
    void keeps_one_key_that_no_other_account_can_know() throws Exception {
        Home home = new Home(directory);
        home.prepare(1);
        ApiKey key = home.adminKey();
        Path file = home.secret("admin.key");

        assertThat(Files.readString(file)).isEqualTo(key.text() + "\n");
        assertThat(modes(file)).containsExactly("rw-------");
        assertThat(home.adminKey()).isEqualTo(key);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ApiKey next = home.adminKey();
        assertThat(next).isNotEqualTo(key);
        assertThat(modes(file)).containsExactly("rw-------");

        Files.writeString(file, "no key");
        assertThat(home.adminKey()).isNotEqualTo(next);
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
                List.of("The disk is full."),
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
