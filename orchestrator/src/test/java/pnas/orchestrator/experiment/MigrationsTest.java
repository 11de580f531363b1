package pnas.orchestrator.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import pnas.testing.TestDatabase;

/** Which databases this orchestrator takes. */
final class MigrationsTest {
    private final TestDatabase database = TestDatabase.create();

    @Test
    void takes_an_empty_database_and_one_of_its_own() {
        assertThat(migrate()).isPositive();
        assertThat(migrate()).isZero();
    }

    @Test
    void refuses_the_tables_of_a_time_before_the_first_version_and_says_what_to_do() throws SQLException {
        assertThatCode(this::migrate).doesNotThrowAnyException();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update flyway_schema_history set script = 'V1__experiments_and_stages.sql' where version = '1'");
        }
        assertThatThrownBy(this::migrate)
                .rootCause()
                .hasMessageStartingWith("The database 'test_")
                .hasMessageContaining("before 0.1.0")
                .hasMessageContaining("empty database (quarkus.datasource.jdbc.url)")
                .hasMessageContaining("--home");
    }

    private int migrate() {
        FluentConfiguration configuration = Flyway.configure()
                .locations("classpath:db/schema")
                .dataSource(
                        database.jdbcUrl(),
                        database.roles().owner().username(),
                        database.roles().owner().password());
        new OwnSchema().customize(configuration);
        return configuration.load().migrate().migrationsExecuted;
    }
}
