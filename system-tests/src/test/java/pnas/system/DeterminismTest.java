package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The number of trainers and the order of their results change nothing of what a search finds. */
class DeterminismTest {
    @Test
    void one_trainer_and_four_find_the_same_to_the_last_bit() throws Exception {
        try (RunningPlatform platform = RunningPlatform.start(
                RunningPlatform.inLanguage("ar", "EG"), "--trainers", "0", "--vector-trainers", "1")) {
            Search one = search(platform);
            Search.Findings findings = one.awaitCompletion();
            assertThat(findings.cells())
                    .hasSize(3 + 2)
                    .allSatisfy(cell -> assertThat(cell.accuracy()).isNotEqualTo("null"));
            assertThat(workers(one)).hasSize(1);

            for (String worker : new String[] {"second", "third", "fourth"}) {
                platform.joinTrainer(worker);
            }
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> platform.rest()
                                    .get("/api/v1/workers")
                                    .path("workers")
                                    .size()
                            == 4);
            Search four = search(platform);
            assertThat(four.awaitCompletion()).isEqualTo(findings);
            assertThat(workers(four)).hasSizeGreaterThan(1);
        }
    }

    /** Three cells of one block, then the best two of two blocks, each trained on digits. */
    private static Search search(RunningPlatform platform) throws Exception {
        return Search.submit(platform.rest(), """
                        {"dataset": "digits", "operations": ["sep3x3"], "blocks": 2, "beam": 2, "filters": 4, "seed": 7, "reuse": false,
                         "training": {"epochs": 1, "batchSize": 64, "learningRate": 0.05}}""");
    }

    private static Set<String> workers(Search search) throws Exception {
        return search.trials("TRAINED").stream()
                .map((JsonNode trial) -> trial.path("worker").asText())
                .collect(Collectors.toSet());
    }
}
