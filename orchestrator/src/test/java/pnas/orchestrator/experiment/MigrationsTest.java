package pnas.orchestrator.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import pnas.message.Messages;
import pnas.orchestrator.life.Specification;
import pnas.testing.TestDatabase;

/** What an older orchestrator wrote is read by this one. */
final class MigrationsTest {
    /** The last version of the schema before anything was added to experiments. */
    private static final String OLD = "4";

    private final TestDatabase database = TestDatabase.create();
    private final Specification now = Drafts.preset("demo");

    @Test
    void an_experiment_and_its_trials_of_the_first_schema_are_kept_and_get_what_was_added_since() throws SQLException {
        migrate(OLD);
        execute(
                "insert into experiment (id, name, state, specification, engine, seed) values ('oldones1', 'old', 'RUNNING', '"
                        + oldSpecification() + "', 'torch', 7)");
        execute("insert into stage (experiment_id, number, state, candidates) values ('oldones1', 1, 'TRAINING', 136)");
        insertTrial("0000000000000001", 2_000, "'QUEUED', null, null, null");
        insertTrial("0000000000000002", 1_000, "'TRAINED', 0.5, '{\"settings\": {\"epochs\": 4}}', now()");

        for (String end : new String[] {"now(), 'trained'", "null, null"}) {
            execute("insert into attempt (trial_id, number, token, worker, half_batch, ended_at, outcome) values"
                    + " ('oldones1-0000000000000002', 1, gen_random_uuid(), 'w', false, " + end + ")");
        }

        execute(
                "insert into experiment (id, name, state, specification, engine, seed, finished_at) values ('oldones2', 'old', 'CANCELLED', '"
                        + oldSpecification() + "', 'torch', 7, now()), ('oldones3', 'old', 'FAILED', '"
                        + oldSpecification()
                        + "', 'torch', 7, now())");
        execute(
                "insert into stage (experiment_id, number, state, candidates, finished_at) values ('oldones2', 1, 'TRAINING', 136, null),"
                        + " ('oldones3', 1, 'DONE', 136, now())");

        migrate("latest");

        Specification read = Messages.decode(
                read("select cast(specification as text) from experiment where id = 'oldones1'")
                        .getBytes(StandardCharsets.UTF_8),
                Specification.class);
        assertThat(read.training()).isEqualTo(now.training());
        assertThat(read.budget()).isEqualTo(now.budget());
        assertThat(read.reuse()).as("never asked for").isFalse();
        assertThat(read.weight()).isEqualTo(1);
        assertThat(read.priority()).isZero();
        assertThat(read("select running_since = created_at from experiment where id = 'oldones1'"))
                .isEqualTo("t");
        assertThat(read("select string_agg(cell_id, ' ' order by expected_seconds desc) from trial"))
                .as("larger networks go first, as they did")
                .isEqualTo("0000000000000001 0000000000000002");
        assertThat(read("select string_agg(state, ' ' order by experiment_id) from stage"))
                .as("what ended without a result is closed")
                .isEqualTo("TRAINING CLOSED CLOSED");
        assertThat(
                        read(
                                "select trained || ' ' || queued || ' ' || open_trials from stage where experiment_id = 'oldones1'"))
                .as("its trials are counted")
                .isEqualTo("1 1 1");
        assertThat(read("select trials_out || ' ' || attempts_granted || ' ' || attempts_charged from experiment"
                        + " where id = 'oldones1'"))
                .isEqualTo("0 1 2");
        assertThat(read(
                        "select ended_millis = 0 and claimed_millis = (select floor(extract(epoch from claimed_at) * 1000)"
                                + " from attempt where ended_at is null) from experiment where id = 'oldones1'"))
                .as("one has ended as it began, the other goes on")
                .isEqualTo("t");
        assertThat(read("select accuracy from trial where state = 'TRAINED'")).isEqualTo("0.5");
        assertThat(read("select identity -> 'settings' ->> 'precision' from trial where state = 'TRAINED'"))
                .isEqualTo("fp32");
    }

    /** A specification of today without the settings that there were not then. */
    private String oldSpecification() {
        try {
            ObjectNode specification = (ObjectNode) new ObjectMapper().readTree(Messages.encode(now));
            ((ObjectNode) specification.get("training")).remove(List.of("labelSmoothing", "augmentation", "precision"));
            return specification
                    .remove(List.of("budget", "reuse", "weight", "priority"))
                    .toString();
        } catch (IOException e) {
            throw new IllegalStateException("a specification is JSON", e);
        }
    }

    private void insertTrial(String cell, long multiplyAdds, String result) throws SQLException {
        execute("insert into trial (id, experiment_id, stage, cell_id, cell, encoding, rank, parameters, multiply_adds,"
                + " training_seed, state, accuracy, identity, finished_at) values ('oldones1-" + cell
                + "', 'oldones1', 1, '" + cell + "', 'c', 'c', 1, 10, " + multiplyAdds + ", 1, " + result + ")");
    }

    private void migrate(String target) {
        Flyway.configure()
                .dataSource(
                        database.jdbcUrl(),
                        database.roles().owner().username(),
                        database.roles().owner().password())
                .target(target)
                .load()
                .migrate();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String read(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
