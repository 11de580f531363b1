package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** One experiment, followed by REST through an orchestrator that may die in between. */
record Search(Rest rest, String id) {
    /** Small and real: 10 cells of one block, then twice the best 3, each trained on digits, and long enough to be hit. */
    static Search start(Rest rest, String name) throws IOException, InterruptedException {
        return submit(rest, """
                {"name": "%s", "dataset": "digits", "operations": ["max3x3", "sep3x3"], "blocks": 3, "beam": 3,
                 "layout": "cifar", "repetitions": 1, "filters": 4, "seed": 7, "reuse": false,
                 "training": {"epochs": 8, "batchSize": 64, "learningRate": 0.05}}""".formatted(name));
    }

    static Search submit(Rest rest, String specification) throws IOException, InterruptedException {
        return new Search(
                rest, rest.post("/api/v1/experiments", specification).path("id").asText());
    }

    JsonNode show() throws IOException, InterruptedException {
        return rest.get("/api/v1/experiments/" + id);
    }

    List<JsonNode> trials(String state) throws IOException, InterruptedException {
        JsonNode page = rest.get("/api/v1/experiments/" + id + "/trials?pageSize=1000&state=" + state);
        return StreamSupport.stream(page.path("trials").spliterator(), false).toList();
    }

    JsonNode trial(String cellId) throws IOException, InterruptedException {
        return rest.get("/api/v1/experiments/" + id + "/trials/" + cellId);
    }

    /** Waits for a trial that is being trained right now. */
    JsonNode awaitRunningTrial() {
        return await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> trials("RUNNING"), trials -> !trials.isEmpty())
                .getFirst();
    }

    String stateOfStage(int stage) throws IOException, InterruptedException {
        for (JsonNode each : show().path("stages")) {
            if (each.path("stage").asInt() == stage) {
                return each.path("state").asText();
            }
        }
        return "";
    }

    /** Waits for the end and gives what the search found. */
    Findings awaitCompletion() throws IOException, InterruptedException {
        return awaitCompletion(Duration.ofMinutes(4));
    }

    Findings awaitCompletion(Duration limit) throws IOException, InterruptedException {
        JsonNode ended = awaitEnd(limit);
        assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("COMPLETED");
        List<Finding> findings = new ArrayList<>();
        for (JsonNode stage : rest.get("/api/v1/experiments/" + id + "/stages").path("stages")) {
            for (JsonNode cell : stage.path("cells")) {
                findings.add(new Finding(
                        stage.path("stage").asInt(),
                        cell.path("rank").asInt(),
                        cell.path("cell").asText(),
                        cell.path("predicted").toString(),
                        cell.path("accuracy").toString()));
            }
        }
        return new Findings(findings, ended.path("best").path("cell").asText());
    }

    /** Waits until it runs no more. */
    JsonNode awaitEnd(Duration limit) {
        return await().atMost(limit)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .until(this::show, shown -> !shown.path("state").asText().equals("RUNNING"));
    }

    /** A cell of a stage; numbers as JSON writes them, so that equal means equal to the last bit. */
    record Finding(int stage, int rank, String cell, String predicted, String accuracy) {}

    /** Everything that a search found. */
    record Findings(List<Finding> cells, String best) {}
}
