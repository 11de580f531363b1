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
import pnas.local.EmbeddedDatabase;

/**
 * An empty database for a test, on the one server of this JVM. The server ends with the JVM.
 *
 * @param jdbcUrl its address
 * @param username who may do everything in it
 * @param password the password to send
 */
public record TestDatabase(String jdbcUrl, String username, String password) {
    private static final String IMAGE = "postgres:18";
    private static final int PORT = 5432;

    /** Makes a database that nobody else uses. Starts the server when it is the first. */
    public static TestDatabase create() {
        String server = OncePerJvm.address("database", () -> Docker.isAvailable() ? startContainer() : startEmbedded());
        String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
        try (Connection connection = connect(server + "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("the database " + name + " could not be made: " + e.getMessage(), e);
        }
        return new TestDatabase(server + name, EmbeddedDatabase.USERNAME, EmbeddedDatabase.PASSWORD);
    }

    /** A new connection, for tests that look at the tables themselves. */
    public Connection connect() throws SQLException {
        return connect(jdbcUrl);
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, EmbeddedDatabase.USERNAME, EmbeddedDatabase.PASSWORD);
    }

    @SuppressWarnings("resource") // Lives as long as the JVM; the engine's reaper removes it then.
    private static String startContainer() {
        GenericContainer<?> container = new PostgreSQLContainer(IMAGE)
                .withUsername(EmbeddedDatabase.USERNAME)
                .withPassword(EmbeddedDatabase.PASSWORD)
                .withEnv("POSTGRES_INITDB_ARGS", "--locale=C --locale-provider=builtin --builtin-locale=C.UTF-8");
        container.start();
        return "jdbc:postgresql://" + container.getHost() + ":" + container.getMappedPort(PORT) + "/";
    }

    @SuppressWarnings("resource") // Lives as long as the JVM, with which it ends.
    private static String startEmbedded() {
        Path directory = TestDirectory.of("database");
        EmbeddedDatabase database = new EmbeddedDatabase(
                directory, TestDirectory.databaseBinaries(), directory.resolve("database.log"), new Random());
        try {
            database.start();
        } catch (IOException e) {
            throw new IllegalStateException("the database for the tests could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the database for the tests was started", e);
        }
        return database.jdbcUrl("");
    }
}
