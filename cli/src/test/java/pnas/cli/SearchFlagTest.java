package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;

class SearchFlagTest {
    @Test
    void every_flag_sets_its_field() throws JsonProcessingException {
        String flags =
                "--name first --preset demo --dataset digits --image 32x32x3 --train-images 100 --validation-images 50 --strategy random --operations sep3x3,identity --blocks 3 --beam 8 --samples 6 --probes 0 --confirm-cells 4 --confirm-seeds 2 --layout cifar"
                        + " --repetitions 1 --filters 8 --optimizer sgd --learning-rate 0.1 --momentum 0.8 --weight-decay 5e-4 --batch-size 64"
                        + " --epochs 5 --dropout 0.1 --label-smoothing 0.1 --augmentation crop-flip --precision bf16 --threads 2 --predictor mlp --fitting refit --engine replay --seed 7 --split-seed 8 --max-parallel 2 --weight 3 --priority 4"
                        + " --budget-trainings 11 --budget-trainer-seconds 1.5 --budget-wall-clock-seconds 60.5 --reuse"
                        + " --replay-oracle-seed 9 --replay-sigma 0.004 --replay-table slides --replay-seconds 0.5";
        assertThat(Arrays.stream(SearchFlag.values()).map(SearchFlag::option))
                .containsExactly(Arrays.stream(flags.split(" "))
                        .filter(word -> word.startsWith("--"))
                        .toArray(String[]::new));

        assertThat(Json.parse(experiment(Json.object(), flags).toString())).isEqualTo(Json.parse("""
                        {"name": "first", "preset": "demo", "dataset": "digits", "image": "32x32x3", "trainImages": 100, "validationImages": 50, "strategy": "random", "operations": ["sep3x3", "identity"], "blocks": 3, "beam": 8,
                         "samples": 6, "probes": 0, "confirm": {"cells": 4, "seeds": 2}, "layout": "cifar", "repetitions": 1, "filters": 8,
                         "training": {"optimizer": "sgd", "learningRate": 0.1, "momentum": 0.8, "weightDecay": 5e-4, "batchSize": 64,
                                      "epochs": 5, "dropout": 0.1, "labelSmoothing": 0.1, "augmentation": "crop-flip", "precision": "bf16", "threads": 2},
                         "predictor": "mlp", "fitting": "refit", "engine": "replay", "seed": 7, "splitSeed": 8, "maxParallelTrainings": 2, "weight": 3, "priority": 4,
                         "budget": {"trainings": 11, "trainerSeconds": 1.5, "wallClockSeconds": 60.5}, "reuse": true,
                         "replay": {"oracle": {"seed": 9, "sigma": 0.004}, "table": "slides", "seconds": 0.5}}"""));
    }

    @Test
    void what_was_not_given_is_left_to_the_orchestrator() {
        assertThat(experiment(Json.object(), "--blocks 2").toString()).isEqualTo("{\"blocks\":2}");
    }

    @Test
    void elements_of_a_list_may_have_spaces_around_them() {
        CommandSpec command = CommandSpec.create();
        SearchFlag.addTo(command, SearchFlag.OF_SEARCH);
        ObjectNode experiment = Json.object();
        SearchFlag.writeTo(
                experiment, new CommandLine(command).parseArgs("--operations", " sep3x3, identity ,max3x3 "));

        assertThat(experiment.toString()).isEqualTo("{\"operations\":[\"sep3x3\",\"identity\",\"max3x3\"]}");
        assertThat(CommandRun.of("space", "--blocks", "1", "--operations", "identity, max3x3"))
                .isEqualTo(CommandRun.of("space", "--blocks", "1", "--operations", "identity,max3x3"));
    }

    @Test
    void a_misspelt_option_suggests_the_nearest() {
        CommandRun run = CommandRun.of("search", "--operatons", "identity");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--operatons", "--operations");
    }

    @Test
    void a_flag_for_yes_has_a_twin_for_no() {
        assertThat(experiment(Json.object(), "--no-reuse").toString()).isEqualTo("{\"reuse\":false}");
    }

    @Test
    void flags_override_a_file_field_by_field() throws JsonProcessingException {
        ObjectNode file = (ObjectNode) Json.parse("{\"blocks\": 5, \"training\": {\"epochs\": 20, \"threads\": 2}}");

        assertThat(Json.parse(experiment(file, "--epochs 1").toString()))
                .isEqualTo(Json.parse("{\"blocks\": 5, \"training\": {\"epochs\": 1, \"threads\": 2}}"));
    }

    @Test
    void a_field_of_a_problem_leads_back_to_its_flag() {
        assertThat(SearchFlag.of("training.epochs")).contains(SearchFlag.EPOCHS);
        assertThat(SearchFlag.of("operations[1]")).contains(SearchFlag.OPERATIONS);
        assertThat(SearchFlag.of("dataSet")).isEmpty();
    }

    private static ObjectNode experiment(ObjectNode experiment, String flags) {
        CommandSpec command = CommandSpec.create();
        SearchFlag.addTo(command, SearchFlag.OF_SEARCH);
        SearchFlag.writeTo(experiment, new CommandLine(command).parseArgs(flags.split(" ")));
        return experiment;
    }
}
