package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Kills services with SIGKILL in the middle of a search, several in each search to save searches: what the search finds is identical, to the last
 * bit, to what it finds undisturbed. A kill that hit nothing fails the test.
 */
class FaultsTest {
    private static RunningPlatform platform;
    private static Search.Findings undisturbed;

    @BeforeAll
    static void search_undisturbed() throws Exception {
        platform = RunningPlatform.shared();
        undisturbed = Search.start(platform.rest(), "undisturbed").awaitCompletion();
        assertThat(undisturbed.cells())
                .hasSize(10 + 3 + 3)
                .allSatisfy(cell -> assertThat(cell.accuracy()).as(cell.cell()).isNotEqualTo("null"));
    }

    @Test
    void both_orchestrators_die_and_then_one_of_two() throws Exception {
        Search search = Search.start(platform.restOfSecondOrchestrator(), "orchestrators die");
        search.awaitRunningTrial();
        long first = platform.pid("orchestrator");
        long second = platform.pid("orchestrator-2");
        platform.signal(first, "KILL");
        platform.signal(second, "KILL");
        long firstAgain = platform.awaitRestart("orchestrator", first);
        platform.awaitRestart("orchestrator-2", second);

        search.awaitRunningTrial();
        platform.signal(firstAgain, "KILL");
        assertThat(search.awaitCompletion()).isEqualTo(undisturbed);

        platform.awaitRestart("orchestrator", firstAgain);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(
                        () -> new Search(platform.rest(), search.id())
                                .show()
                                .path("state")
                                .asText(),
                        "COMPLETED"::equals);
    }

    @Test
    void a_trainer_and_the_predictor_and_the_database_and_the_broker_die() throws Exception {
        Search search = Search.start(platform.rest(), "all others die");
        JsonNode hit = search.awaitRunningTrial();
        String trainer = hit.path("worker").asText().replace("local-", "trainer-");
        long killedTrainer = platform.pid(trainer);
        platform.signal(killedTrainer, "KILL");

        long predictor = platform.pid("predictor");
        platform.signal(predictor, "STOP");
        platform.awaitRestart(trainer, killedTrainer);
        Topic candidates = new Topic(platform.broker(), "pnas.candidates");
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> search.stateOfStage(2), "RANKING"::equals);
        await().atMost(Duration.ofSeconds(30)).until(() -> candidates.keys().contains(search.id()));
        assertThat(search.stateOfStage(2)).as("nobody answered the request").isEqualTo("RANKING");
        platform.signal(predictor, "KILL");
        platform.awaitRestart("predictor", predictor);

        search.awaitRunningTrial();
        long database = platform.pid("database");
        platform.signal(database, "KILL");
        platform.awaitRestart("database", database);

        search.awaitRunningTrial();
        long broker = platform.pid("kafka");
        platform.signal(broker, "KILL");
        platform.awaitRestart("kafka", broker);
        assertThat(search.awaitCompletion()).isEqualTo(undisturbed);

        List<String> outcomes = new ArrayList<>();
        search.trial(hit.path("cellId").asText())
                .path("attempts")
                .forEach(attempt -> outcomes.add(attempt.path("outcome").asText()));
        assertThat(outcomes).as("the kill hit a training").contains("expired", "trained");
    }
}
