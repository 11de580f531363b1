package pnas.orchestrator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static pnas.testing.Http.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.orchestrator.api.EndedSearch;
import pnas.orchestrator.trial.ModelFolder;
import pnas.testing.Http.Response;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(ModelFolder.class)
final class TrialPagesTest {
    @Inject
    DataSource database;

    @Test
    void shows_a_cell_with_its_drawing_its_text_and_its_figures() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "shown");
        String path = path(search, search.best());

        assertThat(get(path).asString())
                .contains(
                        "<h1>Cell <code>" + search.best().id().hex() + "</code></h1>",
                        "<svg xmlns=",
                        "id=\"cell-text\">" + search.best().text() + "<",
                        "href=\"/api/v1" + path + "/drawing.svg\"",
                        "<span class=\"big\">96.00 %</span>",
                        "predicted 94.00 %",
                        "<span class=\"big\">1</span> of 3",
                        "11,000",
                        "1,000,010 an image",
                        "replayed: nothing was trained")
                .doesNotContain("sse-connect", "style=\"", "<script>", "onclick");
    }

    @Test
    void links_the_model_where_one_is_kept() throws SQLException, IOException {
        EndedSearch search = EndedSearch.insert(database, "trained");
        String path = path(search, search.best());
        String trial = search.trainBest();
        assertThat(get(path).asString()).doesNotContain("model.safetensors");

        ModelFolder.keep(trial, "weights");
        assertThat(get(path).asString()).contains("href=\"/api/v1" + path + "/model.safetensors\"");
    }

    @Test
    void tells_what_chose_a_cell_and_links_it_to_its_parent_and_children() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "family");
        Cell parent = search.parentOfBest();

        assertThat(get(path(search, search.best())).asString())
                .contains(
                        "Rank 2 of 100 candidates of stage 2, with a predicted accuracy of 94.00 %; the best 3 were to be trained.",
                        "gp, fitted to the 6 cells measured in stage 1.",
                        "Held out in stage 1, over 6 cells: Spearman 0.70",
                        "<li><a href=\"" + path(search, parent) + "\">",
                        "stage 1, rank 8, accuracy 93.00 %",
                        "Nothing: its stage is the last.");
        assertThat(get(path(search, parent)).asString())
                .contains(
                        "nothing ranks them: this is number 8 of 8.",
                        "<td class=\"cells\"><a href=\"" + path(search, search.best()) + "\">")
                .doesNotContain("Grown from</h3>");
    }

    @Test
    void tells_the_epochs_and_the_attempts() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "attempts");
        String path = path(search, search.best());

        assertThat(get(path).asString())
                .contains(
                        "Attempt 1 stands at 91.00 % after epoch 2; the best of any epoch is 91.00 %.",
                        "<td class=\"number\">0.5000</td>", "<code>worker-1</code>", "1 Jan, 10:10:00");
        given().get(path + "/epochs")
                .then()
                .statusCode(200)
                .body("epoch", contains(1, 2))
                .body("attempts", hasSize(1))
                .body("attempts[0].accuracy", contains(closeTo(0.86, 1e-9), closeTo(0.91, 1e-9)));
    }

    @Test
    void tells_why_a_cell_has_no_accuracy() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "without");

        assertThat(get(path(search, Cell.parse("max3x3(c-2)+max3x3(c-2)"))).asString())
                .contains("data-state=\"DIVERGED\"", "diverged in a test", "No epoch has been reported.");
    }

    @Test
    void shows_all_trials_on_one_page() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "<i>all</i>");

        assertThat(get("/experiments/" + search.id() + "/trials").asString())
                .contains(
                        "<html",
                        "Trials of &lt;i&gt;all&lt;/i&gt;",
                        "11 shown",
                        "href=\"" + path(search, search.best()) + "\"",
                        "trials?sort=-accuracy\"")
                .doesNotContain("<i>all", "hx-get");
    }

    @Test
    void shows_a_page_for_a_cell_that_is_not_there() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "absent");

        given().get("/experiments/" + search.id() + "/trials/0123456789abcdef")
                .then()
                .statusCode(404)
                .contentType("text/html")
                .body(containsString("0123456789abcdef"));
    }

    private static String path(EndedSearch search, Cell cell) {
        return "/experiments/" + search.id() + "/trials/" + cell.id().hex();
    }

    private static Response get(String path) {
        Response answer = given().get(path);
        answer.then().statusCode(200).contentType("text/html");
        return answer;
    }
}
