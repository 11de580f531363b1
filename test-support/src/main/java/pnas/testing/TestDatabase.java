package pnas.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.UUID;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import pnas.local.DatabaseRoles;
import pnas.local.EmbeddedDatabase;

/**
 * An empty database for a test, on the one server of this JVM. The server ends with the JVM.
 *
 * @param jdbcUrl its address
 * @param roles who may do what in it
 */
public record TestDatabase(String jdbcUrl, DatabaseRoles roles) {
    private static final String IMAGE = "postgres:18";
    private static final int PORT = 5432;
    private static final String SUPERUSER = "postgres";

    /** The server of a test hears this machine alone, and holds nothing. */
    private static final DatabaseRoles ROLES = DatabaseRoles.of("owner-of-the-test", "service-of-the-test");

    /** Makes a database that nobody else uses. Starts the server when it is the first. */
    public static TestDatabase create() {
        String server = OncePerJvm.address("database", () -> Docker.isAvailable() ? startContainer() : startEmbedded());
        String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
        try {
            try (Connection connection = connectAsSuperuser(server, SUPERUSER);
                    Statement statement = connection.createStatement()) {
                ROLES.establish(connection);
                statement.execute("create database " + name);
            }
            try (Connection connection = connectAsSuperuser(server, name)) {
                ROLES.own(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database " + name + " could not be made: " + e.getMessage(), e);
        }
        return new TestDatabase(addressOf(server, name), ROLES);
    }

    /** A new connection of the owner, for tests that look at the tables themselves. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                jdbcUrl, roles.owner().username(), roles.owner().password());
    }

    /** A server is known by its address and the superuser's password. */
    private static String server(String url, String password) {
        return url + " " + password;
    }

    private static String addressOf(String server, String database) {
        return server.substring(0, server.indexOf(' ')) + database;
    }

    private static Connection connectAsSuperuser(String server, String database) throws SQLException {
        return DriverManager.getConnection(
                addressOf(server, database), SUPERUSER, server.substring(server.indexOf(' ') + 1));
    }

    @SuppressWarnings("resource") // Lives as long as the JVM; the engine's reaper removes it then.
    private static String startContainer() {
        GenericContainer<?> container = new PostgreSQLContainer(IMAGE)
                .withUsername(SUPERUSER)
                .withPassword(SUPERUSER)
                .withEnv("POSTGRES_INITDB_ARGS", "--locale=C --locale-provider=builtin --builtin-locale=C.UTF-8");
        container.start();
        return server(
                "jdbc:postgresql://" + container.getHost() + ":" + container.getMappedPort(PORT) + "/", SUPERUSER);
    }

    @SuppressWarnings("resource") // Lives as long as the JVM, with which it ends.
    private static String startEmbedded() {
        Path directory = TestDirectory.of("database");
        EmbeddedDatabase database = new EmbeddedDatabase(
                directory, TestDirectory.databaseBinaries(), directory.resolve("database.log"), new Random());
        try {
            database.start();
            String address = database.jdbcUrl("");
            return server(address.substring(0, address.indexOf('?')), database.superuserPassword());
        } catch (IOException e) {
            throw new IllegalStateException("the database for the tests could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the database for the tests was started", e);
        }
    }
}
