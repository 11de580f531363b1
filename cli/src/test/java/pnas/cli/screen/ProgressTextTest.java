package pnas.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import pnas.cli.CommandRun;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;

class ProgressTextTest {
    @Test
    void a_block_has_a_bar_for_every_stage_and_the_sums() throws JsonProcessingException {
        assertThat(String.join("\n", ProgressText.block(experiment("running.json"))))
                .isEqualTo("""
                        demo (k3m9q2xa): running
                        stage 1  ██████████████████████████████  136 of 136 trained  best 0.9528  idle at its end 4.2 % (12 s)
                        stage 2  ███████████░░░░░░░░░░░░░░░░░░░  3 of 8 trained, 1 failed, 2 diverged  best 0.9610  about 40 s left
                        stage 3  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
                        139 of 152 trained, 2 running, 1 failed, 2 diverged, best of stage 2: 0.9610, about 1 min 20 s left and 1 ranking (1 min 5 s to 1 min 39 s)""");
    }

    @Test
    void a_line_tells_the_stage_and_the_sums() throws JsonProcessingException {
        assertThat(ProgressText.line(experiment("running.json")))
                .isEqualTo(
                        "stage 2 of 3 trains: 139 of 152 trained, 2 running, 1 failed, 2 diverged, best of stage 2: 0.9610, "
                                + "about 1 min 20 s left and 1 ranking (1 min 5 s to 1 min 39 s)");
    }

    @Test
    void says_what_it_waits_for() throws JsonProcessingException {
        ObjectNode waiting = tree("running.json").put("waiting", "waits for a trainer with the engine replay");
        Experiment experiment = Json.read(waiting, Experiment.class);

        assertThat(ProgressText.block(experiment)).last().isEqualTo("waits for a trainer with the engine replay");
        assertThat(ProgressText.line(experiment)).endsWith("(waits for a trainer with the engine replay)");
    }

    @Test
    void tells_a_stage_that_has_no_trials_yet_by_its_step() throws JsonProcessingException {
        ObjectNode ranking = tree("running.json");
        ((ObjectNode) ranking.path("stages").path(1))
                .put("state", "RANKING")
                .put("trials", 0)
                .putObject("counts");
        Experiment experiment = Json.read(ranking, Experiment.class);

        assertThat(ProgressText.block(experiment))
                .element(2)
                .isEqualTo("stage 2  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  ranking 12,345 candidates");
        assertThat(ProgressText.line(experiment)).startsWith("stage 2 of 3 ranks 12,345 candidates: ");
    }

    @Test
    void tells_how_far_a_ranking_is() throws JsonProcessingException {
        ObjectNode tree = tree("running.json");
        ObjectNode stage = (ObjectNode) tree.path("stages").path(1);
        stage.put("state", "RANKING").put("trials", 0).putObject("counts");
        stage.putObject("ranking").put("waits", false).put("scored", 4115).put("secondsLeft", 250.4);

        assertThat(ProgressText.block(Json.read(tree, Experiment.class)))
                .element(2)
                .isEqualTo(
                        "stage 2  ██████████░░░░░░░░░░░░░░░░░░░░  ranking 12,345 candidates, 4,115 scored, about 4 min 10 s left");
        assertThat(ProgressText.line(Json.read(tree, Experiment.class)))
                .startsWith("stage 2 of 3 ranks 12,345 candidates, 4,115 scored, about 4 min 10 s left: ");

        stage.putObject("ranking").put("waits", true).put("scored", 0).putNull("secondsLeft");
        assertThat(ProgressText.line(Json.read(tree, Experiment.class)))
                .startsWith("stage 2 of 3 ranks 12,345 candidates, others first: ");
    }

    @Test
    void a_stage_that_makes_its_candidates_has_no_number_of_them() throws JsonProcessingException {
        ObjectNode expanding = tree("running.json");
        ((ObjectNode) expanding.path("stages").path(1))
                .put("state", "EXPANDING")
                .putNull("candidates");

        assertThat(ProgressText.block(Json.read(expanding, Experiment.class)))
                .element(2)
                .asString()
                .endsWith("  making the candidates");
    }

    @Test
    void a_replayed_experiment_is_marked() throws JsonProcessingException {
        Experiment replayed = Json.read(tree("running.json").put("replayed", true), Experiment.class);

        assertThat(ProgressText.block(replayed))
                .first()
                .isEqualTo("demo (k3m9q2xa): running, replayed: no network is trained");
    }

    @Test
    void tells_how_much_of_a_budget_is_used_and_what_was_reused() throws JsonProcessingException {
        ObjectNode limited = tree("running.json");
        ((ObjectNode) limited.path("progress")).put("reused", 100);
        ((ObjectNode) limited.path("specification"))
                .putObject("budget")
                .put("trainings", 60)
                .put("trainerSeconds", 80);
        limited.putObject("spent")
                .put("trainings", 41)
                .put("trainerSeconds", 20)
                .put("wallClockSeconds", 7);

        assertThat(ProgressText.line(Json.read(limited, Experiment.class)))
                .contains(
                        "239 of 152 measured, 2 running, 139 trained, 100 reused, 1 failed, 2 diverged, best of stage 2")
                .endsWith("budget of 60 trainings: 41 used, budget of 1 min 20 s of trainers: 20 s used");
    }

    @Test
    void an_experiment_of_samples_has_only_its_last_stage() throws JsonProcessingException {
        ObjectNode samples = tree("running.json");
        ((ObjectNode) samples.path("specification")).put("samples", 8);
        samples.putArray("stages");

        assertThat(ProgressText.block(Json.read(samples, Experiment.class)))
                .filteredOn(line -> line.startsWith("stage"))
                .singleElement()
                .asString()
                .startsWith("stage 3");
    }

    @Test
    void a_search_that_ended_early_trains_nothing_any_more() throws JsonProcessingException {
        ObjectNode stopped =
                tree("running.json").put("state", "STOPPED").put("cause", "budget.trainings of 20 is spent");
        ((ObjectNode) stopped.path("progress"))
                .put("trained", 20)
                .put("cancelled", 116)
                .put("failed", 0)
                .put("diverged", 0)
                .put("running", 0)
                .put("queued", 0)
                .putNull("left");
        ObjectNode stage = (ObjectNode) stopped.withArray("stages").path(0);
        stage.put("state", "CLOSED").putNull("idle");
        ((ObjectNode) stage.path("counts")).put("trained", 20).put("cancelled", 116);
        stopped.withArray("stages").remove(1);

        assertThat(String.join("\n", ProgressText.block(Json.read(stopped, Experiment.class))))
                .isEqualTo("""
                        demo (k3m9q2xa): stopped
                        stage 1  ████░░░░░░░░░░░░░░░░░░░░░░░░░░  20 of 136 trained, 116 cancelled  best 0.9528  closed
                        stage 2  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  not reached
                        stage 3  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  not reached
                        20 of 152 trained, 116 cancelled, best of stage 2: 0.9610
                        budget.trainings of 20 is spent""");
    }

    @Test
    void a_search_that_ranks_has_more_than_no_time_left() throws JsonProcessingException {
        ObjectNode ranking = tree("running.json");
        ((ObjectNode) ranking.path("progress"))
                .put("rankings", 2)
                .putObject("left")
                .put("seconds", 0.004)
                .put("low", 0.001)
                .put("high", 0.01)
                .put("guess", false);

        assertThat(ProgressText.line(Json.read(ranking, Experiment.class)))
                .endsWith(", less than 1 s left and 2 rankings");
    }

    @Test
    void an_ended_experiment_has_no_time_left() throws JsonProcessingException {
        assertThat(ProgressText.line(experiment("completed.json")))
                .isEqualTo(
                        "completed: 144 of 144 trained, best of stage 2: 0.9610, best of all stages: 0.9731 in stage 1");
    }

    static Experiment experiment(String resource) throws JsonProcessingException {
        return Json.read(tree(resource), Experiment.class);
    }

    private static ObjectNode tree(String resource) throws JsonProcessingException {
        return (ObjectNode) Json.parse(CommandRun.resource(resource));
    }
}
