package pnas.orchestrator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static pnas.orchestrator.peer.Wait.await;
import static pnas.testing.Http.given;
import static pnas.testing.Http.server;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.orchestrator.api.EndedSearch;
import pnas.orchestrator.api.Sql;
import pnas.testing.Http.Request;
import pnas.testing.Http.Response;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class ExperimentPagesTest {
    private final HttpClient client = HttpClient.newHttpClient();

    private static final Pattern OLDER = Pattern.compile("id=\"older\" href=\"([^\"]+)\"");

    @Inject
    DataSource database;

    /** A stream that did not end as it should must not hold up the other tests. */
    @AfterEach
    void hangUp() {
        client.shutdownNow();
    }

    @Test
    void shows_the_confirmed_best_beside_what_it_was_measured_first() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "confirmed");
        String id = search.id();
        Cell winner = search.confirm();

        assertThat(given().get("/experiments/" + id).asString())
                .contains(
                        "<dt>Confirmed best</dt>",
                        "<span class=\"big\">94.50 %</span>",
                        "± 2.12 points between 2 other seeds, first measured 94.00 %",
                        "<td class=\"number\">91.00 %</td><td>± 1.41 points between 2 other seeds</td><td class=\"number\">96.00 %</td>",
                        "4 of them under other seeds",
                        "id=\"open-best\" href=\"/experiments/" + id + "/trials/"
                                + winner.id().hex(),
                        "confirms its 2 best and the best of all stages under 2 other seeds")
                .doesNotContain("unconfirmed");
        assertThat(pageOfTheListWith(id)).contains("94.50 %<br><span class=\"muted\">confirmed, ± 2.12 points");
        given().get("/api/v1/experiments/" + id + "/best?top=1")
                .then()
                .body("confirmed", hasSize(1))
                .body("confirmed[0].first.cellId", equalTo(winner.id().hex()))
                .body("confirmed[0].seeds", equalTo(2))
                .body("cells[0].accuracy", equalTo(0.96));
        assertThat(given().get("/compare?experiments=" + id + ","
                                + EndedSearch.insert(database, "other").id())
                        .asString())
                .contains("94.50 %<br><span class=\"muted\">± 2.12 points", "not asked for");

        Sql.execute(database, "update stage set state = 'CLOSED' where experiment_id = ? and number = 2", id);
        Sql.execute(database, "update experiment set state = 'STOPPED' where id = ?", id);
        assertThat(given().get("/experiments/" + id).asString())
                .contains("<dt>Best of stage 2</dt>", "unconfirmed: measured under one seed")
                .doesNotContain("Confirmed best");
    }

    @Test
    void lists_experiments_with_state_progress_and_best() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "listed");

        assertThat(pageOfTheListWith(search.id()))
                .contains(
                        "href=\"/experiments/" + search.id() + "\"",
                        ">listed</a>",
                        "data-state=\"COMPLETED\">completed<",
                        "9 of 11 replayed<br>1 failed, 1 diverged",
                        "best of stage 2, replayed",
                        "96.00 %",
                        "took 12 min 0 s",
                        "replayed");
    }

    @Test
    void leads_from_the_address_of_no_experiment_to_the_list() {
        given().get("/experiments").then().statusCode(303).header("Location", endsWith("/"));
    }

    @Test
    void refreshes_the_list_alone_for_htmx_and_lets_no_cache_confuse_it_with_the_page() {
        given().header("HX-Request", "true")
                .get("/")
                .then()
                .statusCode(200)
                .header("Vary", containsString("HX-Request"))
                .body(not(containsString("<html")));
    }

    @Test
    void tells_a_list_that_it_is_out_of_date() {
        List<String> lines = follow("/live");
        await().atMost(Duration.ofSeconds(30)).until(() -> lines.contains("event:changed"));
        lines.clear();

        start();

        await().atMost(Duration.ofSeconds(30)).until(() -> lines.contains("event:changed"));
    }

    private List<String> follow(String path) {
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> ignored = client.sendAsync(
                        HttpRequest.newBuilder(server().resolve(path)).build(), HttpResponse.BodyHandlers.ofLines())
                .thenAcceptAsync(answer -> answer.body().forEach(lines::add));
        assertThat(ignored).isNotCompletedExceptionally();
        return lines;
    }

    @Test
    void starts_a_search_from_the_form_and_leads_to_its_page() {
        Response answer = form("name", "from the form", "preset", "demo", "engine", "replay", "seed", "5")
                .post("/experiments");

        answer.then().statusCode(303);
        assertThat(answer.header("Location")).contains("/experiments/");
        assertThat(get(URI.create(answer.header("Location")).getPath()).asString())
                .contains("<h1>from the form</h1>", "replayed: nothing was trained", "5, split 0", "0</span> of 170");
    }

    @Test
    void shows_the_form_again_with_what_is_wrong() {
        form("name", "<b>bold</b>", "preset", "demo", "engine", "replay", "seed", "five")
                .post("/experiments")
                .then()
                .statusCode(400)
                .body(containsString("seed: must be a whole number, got &#39;five&#39;"))
                .body(containsString("value=\"&lt;b&gt;bold&lt;/b&gt;\""));
        form("preset", "made-up").post("/experiments").then().statusCode(400).body(containsString("<li>preset: "));
    }

    @Test
    void shows_an_experiment_with_its_stages_and_its_best_cell() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "shown");

        String page = get("/experiments/" + search.id()).asString();

        assertThat(page)
                .contains(
                        "<title>shown · PNAS</title>",
                        "its last stage is done and it has a result",
                        "<span class=\"big\">96.00 %</span>",
                        "Stage 1",
                        "6 of 8 replayed",
                        "<span class=\"muted number\">1 failed, 1 diverged</span>",
                        "<dt>Best of stage 2</dt>",
                        "<span class=\"big\">9</span> of 11 replayed",
                        "from 100 cells of 2 blocks",
                        "<svg xmlns=",
                        "Cell " + search.best().id().hex(),
                        "96.00 %, predicted 94.00 %",
                        "download=\"cell-" + search.best().id().hex() + ".svg\"")
                .doesNotContain("sse-connect", "style=\"", "<script>", "onclick");
    }

    @Test
    void tells_everything_without_a_script() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "read");

        assertThat(get("/experiments/" + search.id()).asString())
                .contains(
                        "Best of all stages: 96.00 % in stage 2",
                        "Over the 3 cells chosen here: Spearman 0.50",
                        "id=\"trial-" + search.best().id().hex() + "\"",
                        "has an accuracy of 96.00 %",
                        "/experiments/" + search.id() + "/trials?sort=-accuracy\">all on one page");
    }

    @Test
    void escapes_what_people_wrote() throws SQLException {
        String id = EndedSearch.insert(database, "<script>alert(1)</script>").id();

        for (String page :
                List.of(pageOfTheListWith(id), get("/experiments/" + id).asString())) {
            assertThat(page).contains("&lt;script&gt;alert(1)").doesNotContain("<script>alert");
        }
    }

    @Test
    void tells_the_curve_in_words_and_numbers() throws SQLException {
        String path = "/experiments/" + EndedSearch.insert(database, "curve").id();

        assertThat(get(path + "/improvements").asString())
                .contains("Best of all stages: 96.00 % in stage 2, trial 10 of the 11 that ended; improvements: 5.")
                .contains("<td class=\"number\">10</td><td class=\"number\">96.00 %</td><td class=\"number\">2</td>");
        given().get(path + "/charts")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("curve.finished", contains(1, 2, 3, 4, 6, 8, 9, 10, 11))
                .body("curve.best", contains(0.81, 0.82, 0.9, 0.9, 0.9, 0.93, 0.94, 0.96, 0.96))
                .body("curve.stage", contains(1, 1, 1, 1, 1, 1, 2, 2, 2))
                .body("stages", hasSize(1))
                .body("stages[0].predicted", contains(0.95, 0.94, 0.93))
                .body("stages[0].measured", contains(0.94, 0.96, 0.92));
    }

    @Test
    void compares_predictions_with_measurements() throws SQLException {
        String path =
                "/experiments/" + EndedSearch.insert(database, "predictions").id();

        assertThat(get(path + "/predictions").asString())
                .contains(
                        "Held out in stage 1, over 6 cells: Spearman 0.70, Pearson 0.60, Kendall 0.50."
                                + " Over the 3 cells chosen here: Spearman 0.50, Pearson 0.40, Kendall 0.30.",
                        "it cannot tell how well the predictor chose",
                        "Scores of all 100 candidates",
                        "Scores from 70.00 % to 95.00 %, most around 74.17 %",
                        "replayed");
        assertThat(get(path + "/predictions/2").asString()).contains("95.00 %", "94.00 %");
    }

    @Test
    void shows_trials_sorted_and_filtered_with_links_to_the_rest() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "trials");
        String path = "/experiments/" + search.id() + "/trials";

        String sorted = given().header("HX-Request", "true")
                .get(path + "?sort=-accuracy&stage=1")
                .asString();

        assertThat(cellIds(sorted)).hasSize(8).doesNotContain(search.best().id().hex());
        assertThat(sorted)
                .contains(
                        "aria-sort=\"descending\"",
                        "trials?stage=1&amp;sort=accuracy\"",
                        "diverged in a test",
                        "<option value=\"1\" selected>")
                .doesNotContain("<html");
        assertThat(cellIds(get(path + "?sort=-accuracy").asString()))
                .startsWith(search.best().id().hex());
        given().accept("text/html")
                .get(path + "?sort=beauty")
                .then()
                .statusCode(400)
                .contentType("text/html");
    }

    private static List<String> cellIds(String table) {
        return Pattern.compile("id=\"trial-([0-9a-f]{16})\"")
                .matcher(table)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void tells_what_happened_last_in_words() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "feed");

        String feed = get("/experiments/" + search.id() + "/feed").asString();

        Matcher newest = Pattern.compile("<li>.*?<span>(.*?)\\s*</span>").matcher(feed);
        assertThat(newest.find()).isTrue();
        assertThat(newest.group(1)).isEqualTo("The experiment is completed");
        assertThat(feed)
                .contains(
                        "href=\"/experiments/" + search.id() + "/trials/"
                                + search.best().id().hex() + "\"",
                        "has an accuracy of 96.00 %");
    }

    @Test
    void steers_an_experiment_with_and_without_htmx() {
        String path = "/experiments/" + start();

        form().header("HX-Request", "true")
                .post(path + "/pause")
                .then()
                .statusCode(200)
                .body(containsString("data-state=\"PAUSED\""))
                .body(containsString("Resume"))
                .body(not(containsString("<html")));
        form().post(path + "/resume").then().statusCode(303);
        form().header("HX-Request", "true")
                .post(path + "/cancel")
                .then()
                .statusCode(200)
                .body(not(containsString("<form")));
        form().header("HX-Request", "true")
                .post(path + "/resume")
                .then()
                .statusCode(200)
                .body(containsString("role=\"alert\""));
    }

    @Test
    void tells_a_page_which_parts_are_out_of_date_and_when_nothing_more_will_change() {
        String id = start();
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> ends = client.sendAsync(
                        HttpRequest.newBuilder(server().resolve("/experiments/" + id + "/live"))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .thenAcceptAsync(answer -> answer.body().forEach(lines::add));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> lines.containsAll(List.of("event:state", "event:progress", "event:results")));
        assertThat(lines).doesNotContain("event:end");

        form().header("HX-Request", "true").post("/experiments/" + id + "/cancel");

        await().atMost(Duration.ofSeconds(30)).until(ends::isDone);
        assertThat(lines).contains("event:end");
    }

    @Test
    void shows_a_page_for_what_is_not_there() {
        given().get("/experiments/zzzzzzzz")
                .then()
                .statusCode(404)
                .contentType("text/html")
                .body(containsString("zzzzzzzz"));
    }

    @Test
    void serves_every_script_and_style_that_the_pages_name() throws SQLException {
        String page = get("/experiments/"
                        + EndedSearch.insert(database, "assets").id())
                .asString();
        List<String> assets = Pattern.compile("(?:src|href)=\"(/(?:assets|webjars)/[^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();

        assertThat(assets).hasSizeGreaterThan(7);
        for (String asset : assets) {
            given().get(asset).then().statusCode(200);
        }
        String icon =
                given().get("/favicon.ico").then().statusCode(302).extract().header("Location");
        given().get(icon).then().statusCode(200).contentType("image/svg+xml");
    }

    /** The newest come first, and what a test wrote was created long ago: it stands behind what other tests started. */
    private static String pageOfTheListWith(String id) {
        String page = get("/?state=COMPLETED").asString();
        while (!page.contains("href=\"/experiments/" + id + "\"")) {
            Matcher older = OLDER.matcher(page);
            assertThat(older.find()).as("the list has another page").isTrue();
            page = get(older.group(1).replace("&amp;", "&")).asString();
        }
        return page;
    }

    private static Response get(String path) {
        Response answer = given().get(path);
        answer.then().statusCode(200);
        return answer;
    }

    private static String start() {
        return given().contentType("application/json")
                .body("{\"operations\": [\"sep3x3\"], \"blocks\": 1, \"engine\": \"replay\"}")
                .post("/api/v1/experiments")
                .path("id");
    }

    /** A request as a form of these pages sends it. */
    private static Request form(String... fields) {
        Request request = given().header("Origin", "http://" + server().getAuthority())
                .contentType("application/x-www-form-urlencoded");
        for (int i = 0; i < fields.length; i += 2) {
            request.formParam(fields[i], fields[i + 1]);
        }
        return request;
    }
}
