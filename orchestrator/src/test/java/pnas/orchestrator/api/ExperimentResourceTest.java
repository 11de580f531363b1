package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static pnas.testing.Http.given;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.orchestrator.experiment.DataConfiguration;
import pnas.orchestrator.http.ProblemDocument;
import pnas.testing.Http.Expected;
import pnas.testing.Http.Response;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class ExperimentResourceTest {
    private static final String SMALL = """
            {"name": "small", "operations": ["sep3x3", "max3x3"], "blocks": 2, "beam": 3, "engine": "replay"}""";

    @Inject
    DataSource database;

    @Inject
    DataConfiguration data;

    @Test
    void creates_an_experiment_and_says_where_it_is() {
        Response created = post("/api/v1/experiments", SMALL);

        created.then()
                .statusCode(201)
                .body("id", matchesPattern("[a-z0-9]{8}"))
                .body("name", equalTo("small"))
                .body("state", equalTo("RUNNING"))
                .body("replayed", is(true))
                .body("specification.operations", contains("sep3x3", "max3x3"))
                .body("specification.layout", equalTo("cifar"))
                .body("specification.training.optimizer", equalTo("sgd"))
                .body("specification.dataSet.name", equalTo("digits"))
                .body("specification.replay.oracle.sigma", equalTo(0.004))
                .body("progress.trained", equalTo(0))
                .body("progress.planned", equalTo(13))
                .body("progress.queued", equalTo(10))
                .body("cause", nullValue())
                .body("stages", hasSize(1))
                .body("stages[0].candidates", equalTo(10))
                .body("best", nullValue());
        String id = created.path("id");
        assertThat(created.header("Location")).endsWith("/api/v1/experiments/" + id);
        assertThat(created.<String>path("url")).isEqualTo("/experiments/" + id);
        given().get("/api/v1/experiments/" + id).then().statusCode(200).body("id", equalTo(id));
    }

    @Test
    void the_same_request_sent_again_under_its_key_starts_nothing_new() {
        String key = "test " + UUID.randomUUID();
        Response first = create(key, SMALL);
        Response again = create(key, SMALL);

        first.then().statusCode(201);
        again.then().statusCode(200).body("id", equalTo(first.path("id")));
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        create("another " + key, SMALL).then().statusCode(201).body("id", not(equalTo(first.path("id"))));
    }

    @Test
    void a_key_that_was_used_for_another_body_is_refused() {
        String key = UUID.randomUUID().toString();
        String first = create(key, SMALL).path("id");

        create(key, "{\"preset\": \"demo\"}")
                .then()
                .statusCode(422)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("type", equalTo("urn:pnas:problem:idempotency-key-reused"))
                .body("errors.field", contains("Idempotency-Key"))
                .body("errors[0].message", containsString("started experiment " + first));
    }

    @Test
    void a_key_is_not_used_up_by_a_body_that_is_refused() {
        String key = UUID.randomUUID().toString();
        create(key, "{\"blocks\": 6}").then().statusCode(400);
        create(key, SMALL).then().statusCode(201);
    }

    @Test
    void a_key_has_two_hundred_characters_at_most() {
        String longest = (UUID.randomUUID() + "~".repeat(200)).substring(0, 200);
        create(longest, SMALL).then().statusCode(201);
        create("k".repeat(201), SMALL).then().statusCode(400).body("errors.field", contains("Idempotency-Key"));
    }

    @Test
    void of_the_same_request_many_times_at_once_one_starts_an_experiment() throws Exception {
        String key = UUID.randomUUID().toString();
        List<Callable<Response>> requests = Collections.nCopies(8, () -> create(key, SMALL));
        List<Response> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Response> answer : clients.invokeAll(requests)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).extracting(Response::statusCode).containsOnlyOnce(201);
        assertThat(answers)
                .extracting(answer -> answer.<String>path("id"))
                .containsOnly(answers.getFirst().<String>path("id"));
    }

    @Test
    void tells_what_an_experiment_would_do_without_starting_it() {
        int before = allIds(null).size();

        post("/api/v1/experiments?dryRun=true", "{\"preset\": \"demo\"}")
                .then()
                .statusCode(200)
                .body("specification.blocks", equalTo(3))
                .body("specification.operations", hasSize(8))
                .body("stages.stage", contains(1, 2, 3))
                .body("stages[0].candidates", equalTo(136))
                .body("stages[0].trainings", equalTo(136))
                .body("stages[2].exact", is(false))
                .body("trainings", equalTo(170))
                .body("trainerSeconds.seconds", greaterThan(1.0))
                .body("trainerSeconds.high", greaterThan(1.0))
                .body("trainerSeconds.guess", notNullValue());

        assertThat(allIds(null)).hasSize(before);
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../examples"))) {
            return files.sorted().toList();
        }
    }

    /** As it stands, but the digits take the place of data that no test has. */
    @ParameterizedTest
    @MethodSource("examples")
    void an_example_is_a_search_that_could_start(Path example) throws IOException {
        ObjectNode search = (ObjectNode) new YAMLMapper().readTree(example.toFile());
        if (!List.of("", "digits").contains(search.path("dataset").asText())) {
            search.put("dataset", "digits").remove(List.of("image", "trainImages", "validationImages"));
        }

        Response answer = post("/api/v1/experiments?dryRun=true", search.toString());

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.<String>path("specification.name"))
                .isEqualTo(search.path("name").asText());
    }

    @Test
    void reports_all_problems_of_a_body_at_once() {
        post("/api/v1/experiments", """
                        {"blocks": 6, "beam": 0, "operations": ["sep3x3", "sep9x9"], "dataset": "cats", "colour": "red",
                         "training": {"epochs": "many"}}""")
                .then()
                .statusCode(400)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("type", equalTo("urn:pnas:problem:invalid-input"))
                .body("title", equalTo("Invalid input"))
                .body("status", equalTo(400))
                .body(
                        "errors.field",
                        containsInAnyOrder("blocks", "beam", "operations[1]", "dataset", "colour", "training.epochs"));
        for (String bad : List.of("{\"blocks\": 0}", "{\"beam\": 4097}")) {
            post("/api/v1/experiments", bad).then().statusCode(400).body("errors", hasSize(1));
        }
    }

    @Test
    void refuses_data_that_cannot_be_read_and_creates_nothing() throws IOException {
        Path archive = data.folder().resolve("cifar10");
        Files.createDirectories(archive.getParent());
        // The head of a gzip file and nothing else.
        Files.write(archive, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3});
        try {
            int before = allIds(null).size();
            post("/api/v1/experiments", "{\"dataset\": \"cifar10\", \"engine\": \"replay\"}")
                    .then()
                    .statusCode(400)
                    .contentType(ProblemDocument.MEDIA_TYPE)
                    .body("errors.field", contains("dataset"))
                    .body("errors[0].message", containsString("cifar10: is cut off or damaged"));
            assertThat(allIds(null)).hasSize(before);
        } finally {
            Files.delete(archive);
        }
    }

    @Test
    void registers_a_data_set_once_until_it_changes() throws IOException, SQLException {
        String name = "pets-" + UUID.randomUUID();
        for (int image = 0; image < 3; image++) {
            write(name, "cats", image);
            write(name, "dogs", image);
        }
        String body = "{\"dataset\": \"" + name
                + "\", \"engine\": \"replay\", \"validationImages\": 1, \"training\": {\"batchSize\": 1}}";
        String hash = post("/api/v1/experiments", body)
                .then()
                .statusCode(201)
                .extract()
                .path("specification.dataSet.contentHash");
        assertThat(registered(name)).containsExactly(hash);

        // What another orchestrator has registered is believed: nothing is read.
        String other = "0".repeat(64);
        Sql.execute(database, "update data_set set content_hash = ? where name = ?", other, name);
        post("/api/v1/experiments", body).then().body("specification.dataSet.contentHash", equalTo(other));

        write(name, "dogs", 3);
        String changed = post("/api/v1/experiments", body).then().extract().path("specification.dataSet.contentHash");
        assertThat(registered(name)).containsExactlyInAnyOrder(other, changed);
        assertThat(changed).isNotIn(hash, other);
    }

    private void write(String dataSet, String label, int number) throws IOException {
        Path folder = Files.createDirectories(data.folder().resolve(dataSet).resolve(label));
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve(number + ".png").toFile());
    }

    private List<String> registered(String dataSet) throws SQLException {
        List<String> hashes = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select content_hash from data_set where name = '" + dataSet + "'")) {
            while (rows.next()) {
                hashes.add(rows.getString(1));
            }
        }
        return hashes;
    }

    @Test
    void says_where_a_body_is_no_json() {
        post("/api/v1/experiments", "{\"blocks\": 3,")
                .then()
                .statusCode(400)
                .body("errors[0].message", containsString("is no valid JSON in line 1"));
    }

    @Test
    void takes_json_only() {
        given().header("Origin", "http://localhost")
                .header("Host", "localhost")
                .contentType("text/plain")
                .body(SMALL)
                .post("/api/v1/experiments")
                .then()
                .statusCode(415)
                .contentType(ProblemDocument.MEDIA_TYPE);
    }

    @Test
    void lists_experiments_newest_first_page_by_page() {
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            created.add(post("/api/v1/experiments", SMALL).path("id"));
        }

        assertThat(allIds(null))
                .startsWith(created.get(2), created.get(1), created.get(0))
                .doesNotHaveDuplicates();
        given().get("/api/v1/experiments?pageSize=1")
                .then()
                .statusCode(200)
                .body("experiments", hasSize(1))
                .body("experiments[0].progress.planned", notNullValue())
                .body("experiments[0].specification", nullValue())
                .body("nextPageToken", notNullValue());
    }

    @Test
    void lists_experiments_of_one_state() {
        String cancelled = post("/api/v1/experiments", SMALL).path("id");
        post("/api/v1/experiments/" + cancelled + ":cancel", "").then().statusCode(200);

        assertThat(allIds("CANCELLED")).contains(cancelled);
        given().get("/api/v1/experiments?state=CANCELLED&pageSize=1000")
                .then()
                .body("experiments.state", everyItem(equalTo("CANCELLED")));
        assertThat(allIds("RUNNING")).doesNotContain(cancelled);
    }

    @Test
    void refuses_parameters_that_make_no_sense_all_at_once() {
        given().get("/api/v1/experiments?state=LOST&pageSize=1001")
                .then()
                .statusCode(400)
                .body("errors.field", contains("state", "pageSize"))
                .body("errors[0].message", containsString("got 'LOST'"));
        given().get("/api/v1/experiments?pageToken=made-up")
                .then()
                .statusCode(400)
                .body("errors.field", contains("pageToken"));
        post("/api/v1/experiments?dryRun=perhaps", SMALL)
                .then()
                .statusCode(400)
                .body("errors.field", contains("dryRun"));
    }

    @Test
    void does_not_find_what_is_not_there() {
        for (String path : List.of("", "/stages", "/trials", "/best", "/events")) {
            given().get("/api/v1/experiments/zzzzzzzz" + path)
                    .then()
                    .statusCode(404)
                    .contentType(ProblemDocument.MEDIA_TYPE)
                    .body("type", equalTo("urn:pnas:problem:not-found"))
                    .body("detail", containsString("zzzzzzzz"));
        }
        for (String verb : List.of(":pause", ":resume", ":cancel", ":retry", "/trials/0000000000000001:retry")) {
            post("/api/v1/experiments/zzzzzzzz" + verb, "").then().statusCode(404);
        }
    }

    @Test
    void pauses_resumes_and_cancels_and_does_not_mind_being_asked_twice() {
        String path =
                "/api/v1/experiments/" + post("/api/v1/experiments", SMALL).path("id");

        for (int i = 0; i < 2; i++) {
            post(path + ":pause", "").then().statusCode(200).body("state", equalTo("PAUSED"));
        }
        for (int i = 0; i < 2; i++) {
            post(path + ":resume", "").then().statusCode(200).body("state", equalTo("RUNNING"));
        }
        for (int i = 0; i < 2; i++) {
            post(path + ":cancel", "").then().statusCode(200).body("state", equalTo("CANCELLED"));
        }
        post(path + ":resume", "")
                .then()
                .statusCode(409)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("type", equalTo("urn:pnas:problem:state-forbids"))
                .body("errors", empty());
    }

    @Test
    void shows_the_result_and_the_stages_of_a_search_that_has_ended() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "ended");

        given().get("/api/v1/experiments/" + search.id())
                .then()
                .statusCode(200)
                .body("state", equalTo("COMPLETED"))
                .body("progress.trained", equalTo(0))
                .body("progress.replayed", equalTo(9))
                .body("progress.reused", equalTo(0))
                .body("progress.cancelled", equalTo(0))
                .body("progress.setAside", equalTo(0))
                .body("progress.planned", equalTo(11))
                .body("progress.rankings", equalTo(0))
                .body("progress.failed", equalTo(1))
                .body("progress.diverged", equalTo(1))
                .body("progress.left", nullValue())
                .body("best.cell", equalTo(search.best().text()))
                .body("best.accuracy", equalTo(0.96))
                .body("best.predicted", equalTo(0.94))
                .body("best.replayed", is(true))
                .body("bestOverall.cellId", equalTo(search.best().id().hex()))
                .body("stages.stage", contains(1, 2))
                .body("stages[0].terminal", equalTo(8))
                .body("stages[0].counts.replayed", equalTo(6))
                .body("stages[0].counts.failed", equalTo(1))
                .body("stages[1].best", equalTo(0.96));
        given().get("/api/v1/experiments/" + search.id() + "/stages")
                .then()
                .statusCode(200)
                .body("stages", hasSize(2))
                .body("stages[0].histogram", nullValue())
                .body("stages[0].cells", hasSize(8))
                .body("stages[0].counts.diverged", equalTo(1))
                .body("stages[1].cells.counted", everyItem(equalTo("REPLAYED")))
                .body("stages[1].histogram.counts", contains(60, 30, 10))
                .body("stages[1].quality.withinStage.spearman", equalTo(0.7))
                .body("stages[1].quality.nextStage.cells", equalTo(3))
                .body("stages[1].rankingSeconds", equalTo(1.5))
                .body("stages[1].cells.predicted", contains(0.95, 0.94, 0.93))
                .body("stages[1].cells.accuracy", contains(0.94, 0.96, 0.92))
                .body("stages[1].cells.state", everyItem(equalTo("TRAINED")));
    }

    private static Response create(String key, String body) {
        return given().header("Idempotency-Key", key)
                .contentType("application/json")
                .body(body)
                .post("/api/v1/experiments");
    }

    private static Response post(String path, String body) {
        return given().contentType("application/json").body(body).post(path);
    }

    private static List<String> allIds(@Nullable String state) {
        List<String> ids = new ArrayList<>();
        String token = null;
        do {
            Expected page = given().get("/api/v1/experiments?pageSize=20"
                            + (state == null ? "" : "&state=" + state)
                            + (token == null ? "" : "&pageToken=" + token))
                    .then()
                    .statusCode(200);
            ids.addAll(page.extract().path("experiments.id"));
            token = page.extract().path("nextPageToken");
        } while (token != null);
        return ids;
    }
}
