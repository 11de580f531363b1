package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.orchestrator.experiment.ExperimentState;
import pnas.orchestrator.experiment.ExperimentView;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.experiment.SpecificationDraft;
import pnas.orchestrator.peer.Predictor;
import pnas.orchestrator.peer.Trainer;
import pnas.testing.KafkaAndDatabase;
import pnas.testing.TestKafka;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
class SearchTest {
    @Inject
    Experiments experiments;

    @Test
    void a_search_ends_with_the_best_measured_cell_of_its_last_stage() throws Exception {
        ExperimentView created = experiments.create(draft());
        try (Trainer trainer = new Trainer("trainer-1", TestKafka.bootstrapServers());
                Predictor predictor = new Predictor(
                        created.id(), TestKafka.bootstrapServers(), Predictor.rankingBy(SearchTest::accuracy))) {
            Thread training = Thread.ofPlatform().start(() -> trainer.trainAll(created.id(), SearchTest::accuracy));
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> experiments.find(created.id()).state() == ExperimentState.COMPLETED);
            } finally {
                training.interrupt();
                training.join(Duration.ofSeconds(10));
            }
            ExperimentView ended = experiments.find(created.id());
            assertThat(ended.stages()).hasSize(3);
            assertThat(ended.best()).isNotNull();
            assertThat(predictor.requests()).hasSize(2);
        }
    }

    private static SpecificationDraft draft() {
        return new SpecificationDraft(
                "small",
                null,
                null,
                null,
                List.of("sep3x3", "identity"),
                3,
                3,
                null,
                null,
                null,
                null,
                null,
                "replay",
                null,
                null,
                null,
                null);
    }

    /** Any number that depends on the cell alone. */
    private static double accuracy(Cell cell) {
        return Math.floorMod(cell.id().hex().hashCode(), 1000) / 1000.0;
    }
}
