package pnas.system;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the platform on one machine tells of the trainers that it keeps. */
class LocalTrainersTest {
    @Test
    void a_search_for_whose_engine_there_is_no_trainer_says_so() throws Exception {
        Rest rest = RunningPlatform.shared().rest();
        Search search = Search.submit(rest, """
                {"engine": "dl4j", "operations": ["max3x3"], "blocks": 1}""");
        String expected =
                "3 trainings wait: this platform has no trainer for engine dl4j, 'pnas up --help' says how to get one";
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> search.show().path("waiting").asText().equals(expected));
        rest.post("/api/v1/experiments/" + search.id() + ":cancel", "{}");
    }
}
