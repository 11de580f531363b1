package pnas.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.process.Program;

/**
 * A PostgreSQL server without a container: it keeps its data in a directory, writes every commit to the disk before it answers, and
 * answers on the same port of the loopback address after each start. It ends with this process.
 *
 * <p>Not thread-safe.
 */
public final class EmbeddedDatabase implements Part, AutoCloseable {
    /** The database that is made at the first start. */
    public static final String DATABASE = "pnas";

    public static final String USERNAME = "postgres";
    /** Connections from this machine are trusted; drivers and frameworks want a password all the same. */
    public static final String PASSWORD = "postgres";

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Path directory;
    private final Path binaries;
    private final LogFile log;
    private final RandomGenerator random;
    private @Nullable EmbeddedPostgres server;
    private @Nullable Process guard;

    /**
     * A server that is not started yet.
     *
     * @param directory where data and port are kept
     * @param binaries where PostgreSQL's programs are unpacked, once; several databases may share them
     * @param log the file that gets what the server prints
     * @param random chooses the port at the first start
     */
    public EmbeddedDatabase(Path directory, Path binaries, Path log, RandomGenerator random) {
        this.directory = directory.toAbsolutePath();
        this.binaries = binaries.toAbsolutePath();
        this.log = new LogFile(log);
        this.random = random;
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public Path log() {
        return log.path();
    }

    /** The address of the database {@value #DATABASE}; known from the first start on. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** The address of a database of this server; known from the first start on. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://localhost:" + started().getPort() + "/" + database;
    }

    /** Makes an empty database unless there is one of this name, which must be a plain identifier. */
    public void createDatabase(String name) throws SQLException {
        try (Connection connection = started().getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet found = statement.executeQuery(
                    "select 1 from pg_database where datname = '" + requireIdentifier(name) + "'")) {
                exists = found.next();
            }
            if (!exists) {
                statement.execute("create database " + name);
            }
        }
    }

    /** Starts the server and returns when it answers. A server that an earlier process left on the directory is ended first. */
    @Override
    public ProcessHandle start() throws IOException, InterruptedException {
        stop();
        log.rotate();
        Files.createDirectories(binaries);
        int port = RememberedPorts.in(directory.resolve("port"), 1, random).getFirst();
        server = launch(port);
        try {
            createDatabase(DATABASE);
        } catch (SQLException e) {
            throw new IOException(
                    "PostgreSQL did not make the database " + DATABASE + ": " + e.getMessage() + seeLog(), e);
        }
        ProcessHandle process =
                findServer().orElseThrow(() -> new IOException("PostgreSQL ended right after its start" + seeLog()));
        // PostgreSQL detaches itself from whoever starts it. This shell waits for the end of its input, that is, of
        // this process.
        guard = Program.of("sh", "-c", "cat >/dev/null; kill -INT " + process.pid())
                .inOwnSession()
                .start(new Program.Errors.Apart());
        return process;
    }

    /** Stops the server, also one that an earlier process left; its data stays. */
    @Override
    public void stop() throws InterruptedException {
        if (guard != null) {
            guard.destroyForcibly().waitFor();
            guard = null;
        }
        if (server != null) {
            closeServer(server);
            server = null;
        }
        endUnfinishedStart();
        Optional<ProcessHandle> running = findServer();
        if (running.isPresent()) {
            interrupt(running.get());
            if (!awaitNoServer(STOP_PATIENCE)) {
                kill();
            }
        }
    }

    /** Ends the programs that make the data or start the server: a start that was interrupted leaves them running. */
    private void endUnfinishedStart() throws InterruptedException {
        List<ProcessHandle> programs = ProcessHandle.current()
                .children()
                .filter(program -> Arrays.asList(program.info().arguments().orElse(new String[0]))
                        .contains(dataDirectory().toString()))
                .toList();
        // What they have started is told apart from others only as long as they live.
        List<ProcessHandle> all = programs.stream()
                .flatMap(program -> Stream.concat(Stream.of(program), program.descendants()))
                .toList();
        for (ProcessHandle program : programs) {
            // Then the one removes what it has made, a part of which no later start could use, and the other ends the
            // server.
            interrupt(program);
        }
        long end = System.nanoTime() + STOP_PATIENCE.toNanos();
        for (ProcessHandle program : all) {
            while (program.isAlive()) {
                if (System.nanoTime() > end) {
                    program.destroyForcibly();
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Ends the server as a crash would. */
    public void kill() throws InterruptedException {
        findServer().ifPresent(ProcessHandle::destroyForcibly);
        if (!awaitNoServer(STOP_PATIENCE)) {
            throw new IllegalStateException("PostgreSQL of " + directory + " could not be ended");
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private EmbeddedPostgres started() {
        if (server == null) {
            throw new IllegalStateException("the database is not started");
        }
        return server;
    }

    private EmbeddedPostgres launch(int port) throws IOException {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(dataDirectory())
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setPort(port)
                    .setPGStartupWait(START_LIMIT)
                    .setOutputRedirector(
                            ProcessBuilder.Redirect.appendTo(log.path().toFile()))
                    // Sorting must not depend on the machine's language.
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("locale-provider", "builtin")
                    .setLocaleConfig("builtin-locale", "C.UTF-8")
                    // The library turns both off, which loses commits on a power cut.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("listen_addresses", "localhost")
                    .setServerConfig("unix_socket_directories", "''")
                    .start();
        } catch (RuntimeException | ExceptionInInitializerError e) {
            throw new IOException("PostgreSQL could not be started: " + e.getMessage() + seeLog(), e);
        }
    }

    private static void closeServer(EmbeddedPostgres server) {
        try {
            server.close();
        } catch (IOException e) {
            // Only the lock file could not be freed; whether the server ended is looked at afterwards.
        }
    }

    /** The running server of the directory, by the process id that PostgreSQL writes there. */
    private Optional<ProcessHandle> findServer() {
        try {
            String pid = Files.readAllLines(dataDirectory().resolve("postmaster.pid"))
                    .getFirst();
            // The file stays after a crash, and the number may belong to another program by now.
            return ProcessHandle.of(Long.parseLong(pid.strip()))
                    .filter(process -> process.info().command().orElse("").endsWith("/postgres"));
        } catch (IOException | NoSuchElementException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean awaitNoServer(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (findServer().isPresent()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return true;
    }

    /** Makes the server end its sessions and itself; at SIGTERM it would wait for its clients to leave. */
    private static void interrupt(ProcessHandle running) throws InterruptedException {
        try {
            Program.of("kill", "-INT", String.valueOf(running.pid()))
                    .start(new Program.Errors.Apart())
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("the program kill could not be run", e);
        }
    }

    private Path dataDirectory() {
        return directory.resolve("data");
    }

    private String seeLog() {
        return " (see " + log.path() + ")";
    }

    private static String requireIdentifier(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException(
                    "the name of a database must be a plain lower-case identifier, got '" + name + "'");
        }
        return name;
    }
}
