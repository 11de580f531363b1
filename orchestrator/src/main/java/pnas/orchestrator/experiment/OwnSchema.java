package pnas.orchestrator.experiment;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Refuses a database that a development version before 0.1.0 made: this version does not read its tables. */
@Singleton
final class OwnSchema implements FlywayConfigurationCustomizer {
    /** What the first file of those tables was called. */
    private static final String BEFORE = "V1__experiments_and_stages.sql";

    @Override
    public void customize(FluentConfiguration configuration) {
        configuration.callbacks(new BaseCallback() {
            @Override
            public boolean supports(Event event, Context context) {
                return event == Event.BEFORE_VALIDATE;
            }

            @Override
            public void handle(Event event, Context context) {
                requireOwn(context.getConnection());
            }
        });
    }

    private static void requireOwn(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            boolean isEmpty = isTrue(statement, "select to_regclass('flyway_schema_history') is null");
            if (!isEmpty
                    && isTrue(
                            statement,
                            "select exists (select from flyway_schema_history where script = '" + BEFORE + "')")) {
                throw new ConfigurationException("The database '" + connection.getCatalog()
                        + "' was made by a development version before 0.1.0, whose tables this version does not read."
                        + " Give the orchestrator an empty database (quarkus.datasource.jdbc.url);"
                        + " on one machine: ./pnas down, and ./pnas up with another --home.");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database could not be asked who made its tables", e);
        }
    }

    private static boolean isTrue(Statement statement, String question) throws SQLException {
        try (ResultSet answer = statement.executeQuery(question)) {
            return answer.next() && answer.getBoolean(1);
        }
    }
}
