package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.process.JavaCommand;
import pnas.process.Program;

class EmbeddedDatabaseTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration A_MOMENT = Duration.ofSeconds(5);
    /** Of PostgreSQL's protocol: its major version, and kinds of authentication. */
    private static final short PROTOCOL = 3;

    private static final int CLEAR_TEXT = 3;
    private static final int MD5 = 5;

    @TempDir
    private static Path binaries;

    @TempDir
    private Path directory;

    @Test
    void writes_each_commit_to_the_disk_and_keeps_it_over_a_stop_and_a_kill() throws Exception {
        try (EmbeddedDatabase database = database()) {
            database.start();
            String address = database.jdbcUrl();
            assertThat(ask(database, "show fsync")).isEqualTo("on");
            assertThat(ask(database, "show synchronous_commit")).isEqualTo("on");
            run(database, "create table kept (value text)");
            run(database, "insert into kept values ('before the stop')");

            database.stop();
            tellsNoImpostorAPassword(database);
            database.start();
            assertThat(database.jdbcUrl()).isEqualTo(address);
            assertThat(ask(database, "select string_agg(value, ', ') from kept"))
                    .isEqualTo("before the stop");

            run(database, "insert into kept values ('before the kill')");
            database.kill();
            database.start();
            assertThat(ask(database, "select string_agg(value, ', ') from kept"))
                    .isEqualTo("before the stop, before the kill");
        }
    }

    @Test
    void leaves_neither_programs_nor_half_made_data_where_its_start_is_interrupted() throws Exception {
        try (EmbeddedDatabase database = database()) {
            CompletableFuture<Exception> failure = new CompletableFuture<>();
            Thread starter = Thread.ofPlatform().start(() -> {
                try {
                    database.start();
                    failure.completeExceptionally(new AssertionError("the start was not interrupted"));
                } catch (IOException | InterruptedException e) {
                    failure.complete(e);
                }
            });
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(LIMIT)
                    .until(() -> programs().findAny().isPresent());
            starter.interrupt();
            failure.get();

            database.stop();

            // A program of a moment, which only tells its version, may outlive the one that ran it.
            await().atMost(A_MOMENT).until(() -> programs().findAny().isEmpty());
            database.start();
            assertThat(ask(database, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void a_directory_that_let_everybody_in_is_closed_and_what_is_in_it_goes_to_the_owner() throws Exception {
        try (EmbeddedDatabase database = database()) {
            database.start();
            openAsOlderVersionsDid(database);
            database.start();

            assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), "postgres", "postgres"))
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), "intruder", "intruder"))
                    .hasMessageContaining("not permitted to log in");
            assertThat(ask(database, "select string_agg(tableowner, ' ') from pg_tables where schemaname = 'public'"))
                    .isEqualTo("pnas_owner");
            assertThat(ask(database, "select value from shown")).isEqualTo("before");
            run(database, "alter table kept add column more text");
            run(database, "create table later (id integer)");
        }
    }

    @Test
    void the_role_of_the_services_reads_and_writes_rows_and_can_do_nothing_else() throws Exception {
        // In the name of the folder are words that a shell would run.
        Path folder = directory.resolve("Smith, J \"$(exit 3)\" 100% `false` \\' $HOME");
        try (EmbeddedDatabase database = databaseIn(folder, folder.resolve("programs"))) {
            database.start();
            run(database, "create table kept (id bigint generated always as identity, value text)");
            DatabaseRoles.Login service = database.roles().service();
            try (Connection connection =
                            DriverManager.getConnection(database.jdbcUrl(), service.username(), service.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("insert into kept (value) values ('one')");
                statement.execute("update kept set value = 'two'");
                statement.execute("delete from kept");
                for (String forbidden : List.of(
                        "copy kept (value) from program 'id'",
                        "copy kept (value) from '/etc/passwd'",
                        "create table more (id integer)",
                        "drop table kept",
                        "alter table kept add column more text",
                        "create role another",
                        "create database another",
                        "alter role pnas superuser",
                        "set role pnas_owner")) {
                    assertThatThrownBy(() -> statement.execute(forbidden))
                            .as(forbidden)
                            .hasMessageMatching("(?s)ERROR: (permission denied|must be owner|.*permission).*");
                }
            }
            assertThat(ask(
                            database,
                            "select count(*) from pg_shdepend where deptype = 'o' and refobjid = 'pnas'::regrole"))
                    .isEqualTo("0");
            for (String closed :
                    List.of("", "superuser.password", "owner.password", "service.password", "data/pg_hba.conf")) {
                assertThat(Ownership.isOwn(folder.resolve(closed))).as(closed).isTrue();
            }
        }
    }

    /** Leaves the directory as versions did that trusted every account of the machine, with what one of these could leave behind. */
    private void openAsOlderVersionsDid(EmbeddedDatabase database) throws Exception {
        try (Connection connection = database.connectAsSuperuser(EmbeddedDatabase.DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("create table kept (id bigint generated always as identity, value text)");
            statement.execute("create view shown as select value from kept");
            statement.execute("insert into kept (value) values ('before')");
            statement.execute("create role intruder superuser login password 'intruder'");
            statement.execute("alter database pnas owner to postgres");
            statement.execute("drop owned by pnas, pnas_owner");
            statement.execute("drop role pnas, pnas_owner");
            statement.execute("grant all on database pnas to public");
            statement.execute("alter role postgres password null");
        }
        database.stop();
        Files.writeString(directory.resolve("data/pg_hba.conf"), "host all all all trust\n");
        for (String name : List.of("superuser", "owner", "service")) {
            Files.delete(directory.resolve(name + ".password"));
        }
    }

    /** The programs of PostgreSQL that run for tests of this class. */
    private static Stream<ProcessHandle> programs() throws IOException {
        Path folder = binaries.toRealPath();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> Path.of(command).startsWith(folder))
                        .isPresent());
    }

    @Test
    void makes_a_database_once_and_refuses_a_name_that_is_no_identifier() throws Exception {
        try (EmbeddedDatabase database = database()) {
            database.start();
            database.createDatabase("another");
            database.createDatabase("another");
            assertThat(ask(database, "select count(*) from pg_database where datname = 'another'"))
                    .isEqualTo("1");
            assertThatThrownBy(() -> database.createDatabase("a; drop database another"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got 'a; drop database another'");
        }
    }

    private Process starter() throws IOException {
        return Program.of(JavaCommand.of(
                        List.of(),
                        List.of(
                                "-cp",
                                System.getProperty("java.class.path"),
                                DatabaseStarter.class.getName(),
                                directory.toString(),
                                binaries.toString())))
                .start(new Program.Errors.Discarded());
    }

    private static ProcessHandle serverOf(Process starter) throws IOException {
        return ProcessHandle.of(Long.parseLong(
                        starter.inputReader(StandardCharsets.UTF_8).readLine()))
                .orElseThrow();
    }

    @Test
    void ends_when_its_parent_is_gone_and_what_is_left_can_be_stopped() throws Exception {
        Process parent = starter();
        ProcessHandle server = serverOf(parent);
        // Without its guard the server outlives its starter.
        List<ProcessHandle> guards = parent.descendants()
                .filter(each -> !each.info().command().orElse("").endsWith("/postgres"))
                .toList();
        assertThat(guards).isNotEmpty();
        guards.forEach(ProcessHandle::destroyForcibly);
        parent.destroyForcibly().waitFor();
        assertThat(EmbeddedKafkaTest.isRunning(server)).isTrue();

        database().stop();

        await().atMost(LIMIT).until(() -> !EmbeddedKafkaTest.isRunning(server));
    }

    @Test
    void ends_by_itself_when_its_parent_is_gone() throws Exception {
        Process parent = starter();
        ProcessHandle server = serverOf(parent);

        parent.destroyForcibly().waitFor();

        await().atMost(LIMIT).until(() -> !EmbeddedKafkaTest.isRunning(server));
    }

    /** Starts a database, says its process id and waits to be killed. */
    static final class DatabaseStarter {
        private DatabaseStarter() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedDatabase database = databaseIn(Path.of(arguments[0]), Path.of(arguments[1]));
            System.out.println(database.start().pid());
            Thread.currentThread().join();
        }
    }

    /** A stranger that listens at the port of a database that is down. */
    private static void tellsNoImpostorAPassword(EmbeddedDatabase database) throws Exception {
        String address = database.jdbcUrl();
        String unguarded = address.substring(0, address.indexOf('?'));
        assertThat(toldToAnImpostor(
                        database, CLEAR_TEXT, () -> DriverManager.getConnection(unguarded, "pnas", "known")))
                .as("what the driver tells by itself")
                .isEqualTo("known\0");

        for (int asked : List.of(CLEAR_TEXT, MD5)) {
            assertThat(toldToAnImpostor(database, asked, () -> connect(database)))
                    .isEmpty();
            assertThat(toldToAnImpostor(database, asked, () -> database.connectAsSuperuser("pnas")))
                    .isEmpty();
        }
    }

    /**
     * What a program is told that listens in the database's place and asks for a password.
     *
     * @param asked the kind of authentication, by its number in PostgreSQL's protocol
     */
    private static String toldToAnImpostor(EmbeddedDatabase database, int asked, Callable<Connection> connect)
            throws Exception {
        int port = URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort();
        try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            FutureTask<String> told = new FutureTask<>(() -> askForThePassword(server, asked));
            Thread.startVirtualThread(told);
            assertThatThrownBy(connect::call).isInstanceOf(SQLException.class);
            return told.get();
        }
    }

    private static String askForThePassword(ServerSocket server, int asked) throws IOException {
        try (Socket client = server.accept();
                DataInputStream in = new DataInputStream(client.getInputStream());
                DataOutputStream out = new DataOutputStream(client.getOutputStream())) {
            while (ByteBuffer.wrap(in.readNBytes(in.readInt() - Integer.BYTES)).getShort() != PROTOCOL) {
                out.writeByte('N'); // No encryption.
            }
            out.writeByte('R');
            out.writeInt(asked == MD5 ? 12 : 8);
            out.writeInt(asked);
            if (asked == MD5) {
                out.writeInt(0x5A17);
            }
            return in.read() < 0 ? "" : new String(in.readNBytes(in.readInt() - Integer.BYTES), StandardCharsets.UTF_8);
        }
    }

    private EmbeddedDatabase database() {
        return databaseIn(directory, binaries);
    }

    private static EmbeddedDatabase databaseIn(Path directory, Path binaries) {
        return new EmbeddedDatabase(directory, binaries, directory.resolve("database.log"), new Random());
    }

    private static String ask(EmbeddedDatabase database, String query) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return answer.getString(1);
        }
    }

    private static void run(EmbeddedDatabase database, String command) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        DatabaseRoles.Login owner = database.roles().owner();
        return DriverManager.getConnection(database.jdbcUrl(), owner.username(), owner.password());
    }
}
