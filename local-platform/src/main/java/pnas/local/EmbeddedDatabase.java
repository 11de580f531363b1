package pnas.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.access.UnshownPassword;
import pnas.process.Program;

/**
 * A PostgreSQL server without a container: it keeps its data in a directory, writes every commit to the disk before it answers, and
 * answers on the same port of the loopback address after each start. It ends with this process.
 *
 * <p>It lets in who has a password, each of which is in a file for this account alone: the superuser, who is for this class, and the
 * {@link DatabaseRoles} of the services. A directory of an older version, which let everybody in as superuser, is changed at the start.
 *
 * <p>Not thread-safe.
 */
public final class EmbeddedDatabase implements Part, AutoCloseable {
    /** The database that is made at the first start. */
    public static final String DATABASE = "pnas";

    private static final String SUPERUSER = "postgres";

    /** Who may connect: from this machine, with a password. There are no sockets in files. */
    private static final String DOORS = "host all all 127.0.0.1/32 scram-sha-256";

    /** In a path, these mean something to a shell, by which some programs of PostgreSQL start others. */
    private static final Pattern OF_THE_SHELL = Pattern.compile("[\"$`\\\\\n]");

    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "fsync",
            "on",
            "synchronous_commit",
            "on",
            "listen_addresses",
            "127.0.0.1",
            "unix_socket_directories",
            "",
            "timezone",
            "UTC",
            "max_connections",
            "300"));

    private static final String HALF_MADE = "data.next";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Path directory;
    private final DatabasePrograms programs;
    private final LogFile log;
    private final RandomGenerator random;
    private int port;
    private @Nullable DatabaseRoles roles;
    private @Nullable ServiceProcess process;

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
        this.programs = new DatabasePrograms(binaries);
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
        started();
        return address(database);
    }

    /** In the address itself, since the migrations connect by nothing else: while the server is down another account may listen at its port. */
    private String address(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?" + UnshownPassword.PROPERTY + "="
                + UnshownPassword.class.getName();
    }

    /** As whom the platform's services connect; known from the first start on. */
    public DatabaseRoles roles() {
        return started();
    }

    /** A connection that may do everything. */
    public Connection connectAsSuperuser(String database) throws SQLException, IOException {
        return connect(database, superuserPassword());
    }

    /** The password of the superuser {@code postgres}, which is in no service's hands; known from the first start on. */
    public String superuserPassword() throws IOException {
        return OwnerOnly.read(superuserPasswordFile());
    }

    /** Makes an empty database unless there is one of this name, which must be a plain identifier. */
    public void createDatabase(String name) throws SQLException, IOException {
        try (Connection connection = connectAsSuperuser(SUPERUSER);
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
        try (Connection connection = connectAsSuperuser(name)) {
            started().own(connection);
        }
    }

    /** Starts the server and returns when it answers. A server that an earlier process left on the directory is ended first. */
    @Override
    public ProcessHandle start() throws IOException, InterruptedException {
        stop();
        OwnerOnly.createFolders(directory);
        log.rotate();
        Path installed = programs.unpack();
        prepareData(installed);
        port = RememberedPorts.in(directory.resolve("port"), 1, random).getFirst();
        ServiceProcess next =
                // At SIGTERM it would wait for its clients to leave.
                new ServiceProcess(
                        name(), server(installed, port), directory, Map.of(), log.path(), STOP_PATIENCE, "INT");
        process = next;
        ProcessHandle started = next.start();
        next.await(started, "answer", this::answers, START_LIMIT);
        DatabaseRoles known = DatabaseRoles.of(
                OwnerOnly.secret(directory.resolve("owner.password")),
                OwnerOnly.secret(directory.resolve("service.password")));
        roles = known;
        try {
            try (Connection connection = connectAsSuperuser(SUPERUSER)) {
                known.establish(connection);
            }
            createDatabase(DATABASE);
        } catch (SQLException e) {
            throw new IOException(
                    "PostgreSQL did not make the database " + DATABASE + " and its roles: " + e.getMessage() + seeLog(),
                    e);
        }
        return started;
    }

    /** Makes the data where there is none, and shuts the doors that an older version left open. */
    private void prepareData(Path installed) throws IOException, InterruptedException {
        if (!Files.exists(dataDirectory())) {
            makeData(installed);
        } else if (OwnerOnly.read(superuserPasswordFile()).isEmpty() || !DOORS.equals(OwnerOnly.read(doorsFile()))) {
            setPasswordOfTheSuperuser(installed);
        }
        OwnerOnly.write(doorsFile(), DOORS + "\n");
    }

    private void makeData(Path installed) throws IOException, InterruptedException {
        Ownership.deleteAll(directory.resolve(HALF_MADE));
        OwnerOnly.secret(superuserPasswordFile());
        Path shellProof = installed;
        boolean copied = OF_THE_SHELL.matcher(installed.toString()).find();
        if (copied) {
            shellProof = Files.createTempDirectory("pnas-postgres");
        }
        try {
            if (copied) {
                runToItsEnd(List.of("cp", "-a", installed + "/.", shellProof.toString()), "");
            }
            runToItsEnd(
                    asOrdinaryAccount(
                            shellProof.resolve("bin/initdb").toString(),
                            "--pgdata=" + HALF_MADE,
                            "--username=" + SUPERUSER,
                            "--pwfile=" + superuserPasswordFile().getFileName(),
                            "--auth=scram-sha-256",
                            "--no-instructions",
                            "--encoding=UTF8",
                            // Sorting must not depend on the machine's language.
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8"),
                    "");
            Files.move(directory.resolve(HALF_MADE), dataDirectory(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Ownership.deleteAll(directory.resolve(HALF_MADE));
            if (copied) {
                Ownership.deleteAll(shellProof);
            }
        }
    }

    /**
     * Gives the superuser a new password without being asked for the old one, as its programs can where no server runs. Nobody else may log in any
     * more: while the doors were open, everybody could make a role.
     */
    private void setPasswordOfTheSuperuser(Path installed) throws IOException, InterruptedException {
        String password = OwnerOnly.newSecret();
        runToItsEnd(
                asOrdinaryAccount(installed.resolve("bin/postgres").toString(), "--single", "-D", "data", SUPERUSER),
                """
                do $$ declare each record; begin for each in select rolname from pg_authid where oid >= 16384 loop \
                execute format('alter role %%I nosuperuser nologin', each.rolname); end loop; end $$
                alter role %s login superuser password '%s'
                """.formatted(SUPERUSER, DatabaseRoles.verifier(password)));
        OwnerOnly.write(superuserPasswordFile(), password + "\n");
    }

    /** Runs a program of PostgreSQL in the directory. */
    private void runToItsEnd(List<String> command, String input) throws IOException, InterruptedException {
        Process program = Program.of(command).in(directory).start(new Program.Errors.WithOutput());
        log.follow(program);
        try {
            try (Writer writer = program.outputWriter(StandardCharsets.UTF_8)) {
                writer.write(input);
            }
            if (program.waitFor() != 0) {
                throw new IOException(
                        "PostgreSQL could not prepare its data: " + String.join(" / ", log.tail(3)) + seeLog());
            }
        } finally {
            endAll(program);
        }
    }

    /** Ends a program and those that it started; an interrupted start would leave them running. */
    private static void endAll(Process program) throws InterruptedException {
        // They are told apart from others only as long as it lives.
        List<ProcessHandle> started = program.descendants().toList();
        program.destroyForcibly().waitFor();
        for (ProcessHandle each : started) {
            each.destroyForcibly();
        }
        for (ProcessHandle each : started) {
            while (each.isAlive()) {
                Thread.sleep(PAUSE);
            }
        }
    }

    /** PostgreSQL refuses to run as root, which has no more rights in a name space of its own. */
    private static List<String> asOrdinaryAccount(String... command) throws IOException {
        return Ownership.account() == 0
                ? Stream.concat(Stream.of("unshare", "-U"), Stream.of(command)).toList()
                : List.of(command);
    }

    private static List<String> server(Path installed, int port) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(installed.resolve("bin/postgres").toString(), "-D", "data", "-p", Integer.toString(port)));
        SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return asOrdinaryAccount(command.toArray(String[]::new));
    }

    private boolean answers() {
        try (Connection _ = connectAsSuperuser(SUPERUSER)) {
            return true;
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    private Connection connect(String database, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", password);
        properties.setProperty("socketTimeout", "60");
        return DriverManager.getConnection(address(database), properties);
    }

    /** Stops the server, also one that an earlier process left; its data stays. */
    @Override
    public void stop() throws InterruptedException {
        Optional<ProcessHandle> running = findServer();
        if (running.isPresent()) {
            interrupt(running.get());
            if (!awaitNoServer(STOP_PATIENCE)) {
                kill();
            }
        }
        if (process != null) {
            // One that had not yet said that it runs.
            process.kill();
            process = null;
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

    private DatabaseRoles started() {
        if (roles == null) {
            throw new IllegalStateException("the database is not started");
        }
        return roles;
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

    private Path superuserPasswordFile() {
        return directory.resolve("superuser.password");
    }

    private Path doorsFile() {
        return dataDirectory().resolve("pg_hba.conf");
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
