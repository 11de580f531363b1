package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static pnas.testing.Http.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.http.ProblemDocument;
import pnas.orchestrator.trial.ModelFolder;
import pnas.testing.Http.Response;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(ModelFolder.class)
final class TrialResourceTest {
    @Inject
    DataSource database;

    private EndedSearch search;
    private String path;

    @BeforeEach
    void insertSearch() throws SQLException {
        search = EndedSearch.insert(database, "trials");
        path = "/api/v1/experiments/" + search.id();
    }

    @Test
    void lists_trials_by_stage_and_rank() {
        given().get(path + "/trials")
                .then()
                .statusCode(200)
                .body("trials", hasSize(11))
                .body("trials.stage", contains(1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2))
                .body("trials.rank", contains(1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3))
                .body("trials[0].cell", equalTo("max3x3(c-1)+max3x3(c-1)"))
                .body("trials[0].id", startsWith(search.id() + "-"))
                .body("trials[0].replayed", is(true));
    }

    @Test
    void exports_all_trials_as_csv() {
        Response csv = given().get(path + "/trials.csv");

        csv.then().statusCode(200).contentType("text/csv");
        assertThat(csv.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"trials-" + search.id() + ".csv\"");
        List<String> lines = csv.asString().lines().toList();
        assertThat(lines).hasSize(12);
        assertThat(lines.get(0)).startsWith("stage,rank,cell,id,state,accuracy,predicted,");
        assertThat(lines.get(1)).startsWith("1,1,max3x3(c-1)+max3x3(c-1)," + search.id() + "-");
        assertThat(lines.get(11))
                .startsWith("2,3,")
                .contains(",TRAINED,0.92,0.93,", ",1.5,worker-1,a device,1,true,", ",REPLAYED,false");
        given().get("/api/v1/experiments/zzzzzzzz/trials.csv").then().statusCode(404);
    }

    @Test
    void filters_trials_by_stage_and_state() {
        given().get(path + "/trials?stage=2").then().body("trials.stage", contains(2, 2, 2));
        given().get(path + "/trials?state=DIVERGED")
                .then()
                .body("trials", hasSize(1))
                .body("trials.cause", everyItem(equalTo("diverged in a test")));
        given().get(path + "/trials?stage=2&state=FAILED")
                .then()
                .statusCode(200)
                .body("trials", hasSize(0));
    }

    @Test
    void sorts_trials_either_way_with_those_that_lack_the_value_last() {
        assertThat(sorted("accuracy")).containsExactly(0.81, 0.82, 0.87, 0.88, 0.9, 0.92, 0.93, 0.94, 0.96, null, null);
        assertThat(sorted("-accuracy"))
                .containsExactly(0.96, 0.94, 0.93, 0.92, 0.9, 0.88, 0.87, 0.82, 0.81, null, null);
        for (String column : List.of("rank", "predicted", "multiplyAdds", "parameters", "finishedAt")) {
            given().get(path + "/trials?sort=-" + column).then().statusCode(200).body("trials", hasSize(11));
        }
    }

    private List<Double> sorted(String sort) {
        return given().get(path + "/trials?sort=" + sort).path("trials.accuracy");
    }

    @Test
    void pages_show_every_trial_once_in_every_order() {
        for (String sort : List.of("rank", "-rank", "-accuracy", "predicted", "finishedAt")) {
            List<String> ids = new ArrayList<>();
            String token = "";
            do {
                Response page = given().get(path + "/trials?pageSize=4&sort=" + sort + token);
                ids.addAll(page.path("trials.id"));
                String next = page.path("nextPageToken");
                token = next == null ? "" : "&pageToken=" + next;
            } while (!token.isEmpty());

            assertThat(ids).hasSize(11).doesNotHaveDuplicates();
        }
    }

    @Test
    void refuses_parameters_that_make_no_sense_all_at_once() {
        given().get(path + "/trials?stage=6&state=LOST&sort=beauty&pageSize=0")
                .then()
                .statusCode(400)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("errors.field", contains("stage", "state", "sort", "pageSize"))
                .body(
                        "errors[2].message",
                        equalTo(
                                "must be one of rank, accuracy, predicted, multiplyAdds, parameters, finishedAt, got 'beauty'"));
        given().get(path + "/trials?pageToken=made-up")
                .then()
                .statusCode(400)
                .body("errors.field", contains("pageToken"));
    }

    @Test
    void shows_a_trial_with_its_identity_its_attempts_and_its_epochs() {
        given().get(path + "/trials/" + search.best().id().hex())
                .then()
                .statusCode(200)
                .body("cell", equalTo(search.best().text()))
                .body("accuracy", equalTo(0.96))
                .body("worker", equalTo("worker-1"))
                .body("identity.cellId", equalTo(search.best().id().hex()))
                .body("identity.engine", equalTo("replay"))
                .body("identity.layout.kind", equalTo("cifar"))
                .body("identity.trainingSeed", equalTo(7))
                .body("attempts", hasSize(1))
                .body("attempts[0].outcome", equalTo("trained"))
                .body("attempts[0].step", equalTo(80))
                .body("epochs.epoch", contains(1, 2))
                .body("epochs[1].validationAccuracy", closeTo(0.91, 1e-9));
    }

    @Test
    void does_not_find_a_trial_that_is_not_there() {
        for (String suffix : List.of("", "/drawing.svg", "/model.safetensors")) {
            given().get(path + "/trials/0000000000000000" + suffix)
                    .then()
                    .statusCode(404)
                    .contentType(ProblemDocument.MEDIA_TYPE)
                    .body("detail", containsString("0000000000000000"));
        }
    }

    @Test
    void lists_the_best_of_the_last_stage_and_of_all() {
        given().get(path + "/best?top=2")
                .then()
                .statusCode(200)
                .body("cells.accuracy", contains(0.96, 0.94))
                .body("overall.accuracy", contains(0.96, 0.94));
        given().get(path + "/best")
                .then()
                .body("cells", hasSize(3))
                .body("overall.accuracy", contains(0.96, 0.94, 0.93, 0.92, 0.9));
        given().get(path + "/best?top=0").then().statusCode(400).body("errors.field", contains("top"));
    }

    @Test
    void draws_the_cell_of_a_trial() {
        given().get(path + "/trials/" + search.best().id().hex() + "/drawing.svg?theme=dark")
                .then()
                .statusCode(200)
                .contentType("image/svg+xml")
                .body(containsString("Cell " + search.best().id().hex()));
    }

    @Test
    void hands_out_the_model_that_gave_a_trial_its_result() throws SQLException, IOException {
        String trial = search.trainBest();
        String model = path + "/trials/" + search.best().id().hex() + "/model.safetensors";
        given().get(model).then().statusCode(404).body("detail", equalTo("no model of trial " + trial + " was kept"));

        ModelFolder.keep(trial, "");
        given().get(model).then().statusCode(404).body("detail", equalTo("the model of trial " + trial + ": is empty"));

        String weights = "weights".repeat(100_000);
        ModelFolder.keep(trial, weights);
        given().get(model)
                .then()
                .statusCode(200)
                .contentType("application/octet-stream")
                .header("Content-Disposition", "attachment; filename=\"" + trial + ".safetensors\"")
                .header("Content-Length", "700000")
                .body(equalTo(weights));
        given().head(model).then().statusCode(200).header("Content-Length", "700000");
    }

    @Test
    void hands_out_nothing_that_a_link_in_the_folder_leads_to() throws SQLException, IOException {
        String trial = search.trainBest();
        ModelFolder.link(trial, Path.of("pom.xml").toAbsolutePath());
        given().get(path + "/trials/" + search.best().id().hex() + "/model.safetensors")
                .then()
                .statusCode(404);
    }

    @Test
    void hands_out_the_model_of_the_trial_whose_result_was_reused() throws SQLException, IOException {
        String trial = search.trainBest();
        String other = EndedSearch.insert(database, "other").trainBest();
        Sql.execute(database, "update trial set reused_from = ? where id = ?", other, trial);
        Recount.afterRowsWereWritten(database, search.id());
        ModelFolder.keep(other, "weights of the other");

        given().get(path + "/trials/" + search.best().id().hex() + "/model.safetensors")
                .then()
                .statusCode(200)
                .body(equalTo("weights of the other"));
    }

    @Test
    void says_why_a_trial_has_no_model() {
        String cell = search.best().id().hex();
        String trial = search.id() + "-" + cell;
        String model = path + "/trials/" + cell + "/model.safetensors";
        given().get(model)
                .then()
                .statusCode(404)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body(
                        "detail",
                        equalTo("the result of trial " + trial
                                + " was looked up: there is no model, as nothing was trained"));

        String failed = given().get(path + "/trials?state=FAILED").path("trials[0].cellId");
        given().get(path + "/trials/" + failed + "/model.safetensors")
                .then()
                .statusCode(404)
                .body(
                        "detail",
                        equalTo("trial " + search.id() + "-" + failed
                                + " is FAILED: one that is TRAINED can have a model"));
    }

    @Test
    void draws_any_cell_by_its_text() {
        given().get(drawing("sep3x3(c-2)+identity(c-1) | max3x3(b1)+max3x3(c-1)"))
                .then()
                .statusCode(200)
                .contentType("image/svg+xml")
                .body(containsString("identity(c-1)+sep3x3(c-2) | max3x3(b1)+max3x3(c-1)"));
        given().get(drawing("sep3x3(c-2)+identity(c-1)") + "?theme=pink")
                .then()
                .statusCode(400)
                .body("errors.field", contains("theme"));
        given().get(drawing("sep3x3(b1)+identity(c-1)"))
                .then()
                .statusCode(400)
                .body("errors.field", contains("cell"))
                .body("errors[0].message", containsString("b1"));
    }

    private static String drawing(String cell) {
        return "/api/v1/cells/"
                + URLEncoder.encode(cell, StandardCharsets.UTF_8).replace("+", "%20") + "/drawing.svg";
    }

    @Test
    void lists_workers() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    "insert into trainer (id, engine, engine_version, device_kind, host, slots, state, trials) values"
                            + " ('worker-" + search.id() + "', 'torch', '1', 'a device', 'here', 2, 'LEFT', '{}')");
        }

        given().get("/api/v1/workers")
                .then()
                .statusCode(200)
                .body("workers[id=worker-" + search.id() + "].state", equalTo("LEFT"))
                .body("workers[id=worker-" + search.id() + "].slots", equalTo(2));
    }
}
