package pnas.orchestrator;

import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.api.KeysAndNoBroker;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.api.Sql;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;

/** One of several orchestrators that has the database and no broker, as with wrong credentials or behind a broken network. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@TestProfile(KeysAndNoBroker.class)
class BrokerAwayTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SEVERAL_TURNS = Duration.ofSeconds(2);

    @Inject
    Experiments experiments;

    @Inject
    Trials trials;

    @Inject
    DataSource database;

    @Test
    void leaves_trials_and_stages_to_one_that_can_send_them() throws SQLException {
        Search queued = new Search(experiments, trials, "{'operations':['identity'],'blocks':1}");
        Search toBeRanked = new Search(experiments, trials, "{'operations':['identity'],'blocks':2}");
        Sql.execute(
                database,
                "update trial set state = 'TRAINED', accuracy = 0.5, finished_at = now(), identity = '{}' where experiment_id = ?",
                toBeRanked.id());
        Sql.execute(database, "update stage set state = 'DONE' where experiment_id = ?", toBeRanked.id());
        Sql.execute(
                database,
                "insert into stage (experiment_id, number, state) values (?, 2, 'EXPANDING')",
                toBeRanked.id());
        Recount.afterRowsWereWritten(database, toBeRanked.id());

        await().during(SEVERAL_TURNS).atMost(LIMIT).until(() -> !holdsDispatch() && !holdsStage());
        queued.await(
                experiment -> String.valueOf(experiment.waiting()).startsWith("the broker has not answered since"));
    }

    /** The lock that one orchestrator at a time has while it sends jobs; Flyway's has one key, this one has two. */
    private boolean holdsDispatch() throws SQLException {
        return exists("select from pg_locks where locktype = 'advisory' and objsubid = 2");
    }

    private boolean holdsStage() throws SQLException {
        return exists("select from stage where working_until is not null");
    }

    private boolean exists(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
