package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
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
@QuarkusTestResource(value = ClusterResource.class, restrictToAnnotatedClass = true)
class CapacityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Experiments experiments;

    @Inject
    Trials trials;

    @Test
    void trainers_are_started_where_gpus_are_free_and_else_the_experiment_says_why_not() {
        SmallCluster cluster = ClusterResource.cluster();
        cluster.node("a", 4);
        cluster.other("training-of-somebody-else", "a", 4);
        Search search = new Search(experiments, trials, "{'operations':['identity'],'blocks':1}");

        search.await(
                experiment -> "3 trainings wait: 0 of 4 GPUs are free on matching nodes".equals(experiment.waiting()));
        assertThat(cluster.jobs()).isEmpty();

        cluster.node("b", 2);
        await().atMost(PATIENCE).until(() -> cluster.jobs().size() == 2);
        search.await(experiment -> "3 trainings wait: 2 trainers start".equals(experiment.waiting()));
        await().atMost(PATIENCE)
                .until(() -> metrics().contains("\npnas_trainers{engine=\"torch\",state=\"desired\"} 2.0"));

        experiments.cancel(search.id());
        await().atMost(PATIENCE).until(() -> cluster.jobs().isEmpty());
    }

    private static String metrics() {
        return Management.get("/q/metrics");
    }
}
