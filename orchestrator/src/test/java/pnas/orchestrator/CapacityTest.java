package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.peer.Wait.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.api.KeysAndCluster;
import pnas.orchestrator.capacity.ClusterResource;
import pnas.orchestrator.capacity.SmallCluster;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.peer.Management;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;

/** From an experiment to the Jobs of its trainers, and to the sentence that says why there are none. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
@TestProfile(KeysAndCluster.class)
class CapacityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Experiments experiments;

    @Inject
    Trials trials;

    @Inject
    DataSource database;

    @Test
    void trainers_are_started_where_gpus_are_free_and_else_the_experiment_says_why_not() throws SQLException {
        SmallCluster cluster = ClusterResource.cluster();
        // All of it is taken by a pod that was there first.
        cluster.node("a", 4);
        Search search = new Search(experiments, trials, "{'operations':['identity'],'blocks':1}");

        search.await(
                experiment -> "3 trainings wait: 0 of 4 GPUs are free on matching nodes".equals(experiment.waiting()));
        assertThat(cluster.jobs()).isEmpty();

        cluster.node("b", 2);
        await().atMost(PATIENCE).until(() -> cluster.jobs().size() == 1);
        search.await(experiment ->
                "3 trainings wait: 1 trainer starts, and 1 more once it is heard".equals(experiment.waiting()));
        await().atMost(PATIENCE)
                .until(() -> metrics().contains("\npnas_trainers{engine=\"torch\",state=\"desired\"} 2.0"));

        experiments.pause(search.id());
        await().atMost(PATIENCE).until(() -> cluster.jobs().isEmpty());
        resumeByAnother(search.id());
        await().atMost(PATIENCE).until(() -> cluster.jobs().size() == 1);

        experiments.cancel(search.id());
        await().atMost(PATIENCE).until(() -> cluster.jobs().isEmpty());
    }

    /** As another orchestrator does it, of which this one sees nothing but the database. */
    private void resumeByAnother(String id) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update experiment set state = 'RUNNING', running_since = now() where id = '%s'".formatted(id));
            statement.execute("insert into event (experiment_id, type, body) values ('%s', 'experiment.resumed', '{}')"
                    .formatted(id));
        }
    }

    private static String metrics() {
        return Management.get("/q/metrics");
    }
}
