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
 * Kills services with SIGKILL in the middle of a search: what the search finds is identical, to the last bit, to what it finds undisturbed. A kill
 * that hit nothing fails the test.
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
    void both_orchestrators_die_while_trainings_run() throws Exception {
        Search search = Search.start(platform.rest(), "orchestrators die");
        search.awaitRunningTrial();
        long first = platform.pid("orchestrator");
        long second = platform.pid("orchestrator-2");
        platform.signal(first, "KILL");
        platform.signal(second, "KILL");
        platform.awaitRestart("orchestrator", first);
        platform.awaitRestart("orchestrator-2", second);
        assertThat(search.awaitCompletion()).isEqualTo(undisturbed);
    }

    @Test
    void one_of_two_orchestrators_dies() throws Exception {
        Search search = Search.start(platform.restOfSecondOrchestrator(), "one of two dies");
        search.awaitRunningTrial();
        long first = platform.pid("orchestrator");
        platform.signal(first, "KILL");
        assertThat(search.awaitCompletion()).isEqualTo(undisturbed);
        platform.awaitRestart("orchestrator", first);
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
    void a_trainer_dies_in_a_training() throws Exception {
        Search search = Search.start(platform.rest(), "trainer dies");
        JsonNode hit = search.awaitRunningTrial();
        String trainer = hit.path("worker").asText().replace("local-", "trainer-");
        long pid = platform.pid(trainer);
        platform.signal(pid, "KILL");
        assertThat(search.awaitCompletion()).isEqualTo(undisturbed);
        platform.awaitRestart(trainer, pid);
        List<String> outcomes = new ArrayList<>();
        search.trial(hit.path("cellId").asText())
                .path("attempts")
                .forEach(attempt -> outcomes.add(attempt.path("outcome").asText()));
        assertThat(outcomes).as("the kill hit a training").contains("expired", "trained");
    }

    @Test
    void the_predictor_dies_with_an_unanswered_request() throws Exception {
        Search search = Search.start(platform.rest(), "predictor dies");
        search.awaitRunningTrial();
        long pid = platform.pid("predictor");
        platform.signal(pid, "STOP");
        Topic candidates = new Topic(platform.bootstrapServers(), "pnas.candidates");
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> search.stateOfStage(2), "RANKING"::equals);
        assertThat(candidates.keys()).as("the request is in the topic").contains(search.id());
        assertThat(search.stateOfStage(2)).as("nobody answered it").isEqualTo("RANKING");
        platform.signal(pid, "KILL");
        platform.awaitRestart("predictor", pid);
        assertThat(search.awaitCompletion()).isEqualTo(undisturbed);
    }

    @Test
    void the_broker_dies_while_trainings_run() throws Exception {
        Search search = Search.start(platform.rest(), "broker dies");
        search.awaitRunningTrial();
        long pid = platform.pid("kafka");
        platform.signal(pid, "KILL");
        platform.awaitRestart("kafka", pid);
        assertThat(search.awaitCompletion()).isEqualTo(undisturbed);
    }
}
