package pnas.orchestrator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static pnas.testing.Http.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.api.EndedSearch;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class ComparePagesTest {
    @Inject
    DataSource database;

    @Test
    void shows_the_results_of_experiments_and_only_the_settings_that_differ() throws SQLException {
        String first = EndedSearch.insert(database, "<b>first</b>").id();
        String other = given().contentType("application/json")
                .body(
                        "{\"name\": \"other\", \"operations\": [\"sep3x3\"], \"blocks\": 1, \"beam\": 3, \"engine\": \"replay\"}")
                .post("/api/v1/experiments")
                .path("id");

        String page = given().get("/compare?experiments=" + first + "&experiments=" + other)
                .asString();

        assertThat(page)
                .contains(
                        "2 experiments compared",
                        "&lt;b&gt;first&lt;/b&gt;: Best of all stages: 96.00 % in stage 2, trial 10 of the 11 that ended",
                        "other: No cell is measured.",
                        "<td data-label=\"Best of stage B\" class=\"number\">96.00 %<br><span class=\"muted\">stage 2 of 2</span></td>",
                        "<td data-label=\"Best of all stages\" class=\"number\">96.00 %<br><span class=\"muted\">stage 2</span></td>",
                        "<td data-label=\"Trials\">9 of 11 replayed<br><span class=\"muted\">1 failed, 1 diverged</span></td>",
                        "0 of 3 trained",
                        "<td data-label=\"Trainer time\" class=\"number\">1 h 6 min</td>",
                        "<td class=\"value\">sep3x3, max3x3</td><td class=\"value\">sep3x3</td>",
                        "<code>blocks</code>",
                        "data-source=\"/compare/curves?experiments=" + first + "," + other + "\"")
                .doesNotContain("<b>first", "<code>beam</code>", "<code>name</code>", "style=\"");
    }

    @Test
    void draws_the_best_of_all_stages_by_trials_and_by_trainer_time() throws SQLException {
        String first = EndedSearch.insert(database, "first").id();
        String second = EndedSearch.insert(database, "second").id();

        given().get("/compare/curves?experiments=" + first + "," + second)
                .then()
                .statusCode(200)
                .body("", hasSize(2))
                .body("[0].name", containsString(first))
                .body("[0].finished", contains(1, 2, 3, 8, 9, 10, 11))
                .body("[0].trainerSeconds", contains(60.0, 180.0, 360.0, 2160.0, 2700.0, 3300.0, 3960.0))
                .body("[0].best", contains(0.81, 0.82, 0.9, 0.93, 0.94, 0.96, 0.96));
        assertThat(given().get("/compare?experiments=" + first + "," + second).asString())
                .contains("All settings are the same.");
    }

    @Test
    void refuses_too_few_too_many_and_unknown_experiments() {
        String nine = IntStream.range(0, 9).mapToObj(i -> "aaaaaaa" + i).collect(Collectors.joining(","));

        for (String ids : new String[] {"", "aaaaaaaa", "aaaaaaaa,aaaaaaaa", nine}) {
            given().get("/compare?experiments=" + ids)
                    .then()
                    .statusCode(400)
                    .contentType("text/html")
                    .body(containsString("must name 2 to 8 experiments"));
        }
        given().get("/compare?experiments=zzzzzzzz,yyyyyyyy")
                .then()
                .statusCode(404)
                .body(containsString("there is no experiment zzzzzzzz"));
    }
}
