package pnas.orchestrator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static pnas.testing.Http.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.api.EndedSearch;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class EventPagesTest {
    @Inject
    DataSource database;

    @Test
    void shows_everything_that_happened_page_by_page_without_the_epochs() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "eventful");
        for (int i = 1; i <= 120; i++) {
            search.insertEvent("stage.training", null, "{\"stage\": 1, \"trials\": " + i + "}");
            search.insertEvent("trial.epoch", null, """
                    {"attempt": 1, "epoch": 1, "trainingLoss": 0.5, "validationAccuracy": 0.5}""");
        }

        List<Integer> told = new ArrayList<>();
        String next = "/experiments/" + search.id() + "/events";
        int pages = 0;
        while (next != null) {
            String page = given().get(next).then().statusCode(200).extract().asString();
            Pattern.compile("Stage 1 trains (\\d+) cells")
                    .matcher(page)
                    .results()
                    .forEach(found -> told.add(Integer.valueOf(found.group(1))));
            next = Pattern.compile("id=\"events-older\" href=\"([^\"]+)\"")
                    .matcher(page)
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .findFirst()
                    .orElse(null);
            pages++;
        }

        assertThat(pages).isEqualTo(2);
        assertThat(told).hasSize(120).isSortedAccordingTo((one, other) -> other - one);
    }

    @Test
    void refuses_a_page_token_that_it_did_not_give_out() throws SQLException {
        given().get("/experiments/" + EndedSearch.insert(database, "asked").id() + "/events?pageToken=made-up")
                .then()
                .statusCode(400)
                .contentType("text/html")
                .body(containsString("pageToken"));
    }
}
