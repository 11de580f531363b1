package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Confirm;
import pnas.orchestrator.specification.Data;
import pnas.orchestrator.specification.Execution;
import pnas.orchestrator.specification.NetworkShape;
import pnas.orchestrator.specification.Ranking;
import pnas.orchestrator.specification.Search;
import pnas.orchestrator.specification.Share;
import pnas.orchestrator.specification.SpecificationDraft;
import pnas.orchestrator.specification.Title;
import pnas.orchestrator.specification.Training;

final class DraftJsonTest {
    @Test
    void reads_every_field() {
        DraftJson.Reading<SpecificationDraft> reading = read("""
                {"name": "n", "preset": "demo", "dataset": "digits", "image": "8x8x1", "trainImages": 100,
                 "validationImages": 50, "strategy": "random", "operations": ["sep3x3", "max3x3"],
                 "blocks": 2, "beam": 3, "samples": 12, "probes": 4, "confirm": {"cells": 7, "seeds": 2}, "layout": "cifar", "repetitions": 1, "filters": 8,
                 "training": {"optimizer": "sgd", "learningRate": 0.1, "momentum": 0, "weightDecay": 1e-4, "batchSize": 32, "epochs": 2,
                   "dropout": 0.5, "labelSmoothing": 0.1, "augmentation": "crop-flip", "precision": "bf16", "threads": 1},
                 "predictor": "mlp", "fitting": "refit", "engine": "replay", "seed": 9007199254740993, "splitSeed": 4, "maxParallelTrainings": 5,
                 "weight": 3, "priority": -2,
                 "budget": {"trainings": 9, "trainerSeconds": 1.5, "wallClockSeconds": 60}, "reuse": false,
                 "replay": {"oracle": {"seed": 6, "sigma": 0.01}, "seconds": 0.5}}""");

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.draft())
                .isEqualTo(new SpecificationDraft(
                        new Title.Draft("n", "demo"),
                        new Data.Draft("digits", "8x8x1", 100, 50, 4L),
                        new Search.Draft(
                                "random", List.of("sep3x3", "max3x3"), 2, 3, 12, 4, new Confirm.ConfirmDraft(7, 2)),
                        new NetworkShape.Draft("cifar", 1, 8),
                        new Training.TrainingDraft("sgd", 0.1, 0.0, 1e-4, 32, 2, 0.5, 0.1, "crop-flip", "bf16", 1),
                        new Ranking.Draft("mlp", "refit"),
                        new Execution.Draft(
                                "replay", false, new Execution.ReplaySource(new Execution.Oracle(6L, 0.01), null, 0.5)),
                        new Share.Draft(5, 3, -2),
                        new Budget.BudgetDraft(9, 1.5, 60.0),
                        9007199254740993L));
    }

    @Test
    void takes_an_absent_field_and_null_alike() {
        assertThat(read("{}")).isEqualTo(read("{\"name\": null, \"training\": null, \"operations\": null}"));
    }

    @Test
    void names_every_field_of_a_wrong_type_and_every_unknown_key_at_once() {
        DraftJson.Reading<SpecificationDraft> reading = read("""
                {"name": 1, "blocks": "3", "beam": 2.5, "operations": ["sep3x3", 7, null], "training": {"epochs": true, "epoch": 1},
                 "replay": [], "seed": 99999999999999999999, "color": "red"}""");

        assertThat(reading.problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "color: is not known here; known are name, preset, dataset, image, trainImages, validationImages, splitSeed, strategy, operations,"
                                + " blocks, beam, samples, probes, confirm, layout, repetitions, filters, training, predictor, fitting, engine, reuse, replay,"
                                + " maxParallelTrainings, weight, priority, budget, seed",
                        "name: must be a text, got 1",
                        "blocks: must be a whole number, got \"3\"",
                        "beam: must be a whole number, got 2.5",
                        "operations[1]: must be a text, got 7",
                        "operations[2]: must be a value, got null",
                        "training.epoch: is not known here, did you mean epochs?; known are optimizer, learningRate, momentum, weightDecay, batchSize,"
                                + " epochs, dropout, labelSmoothing, augmentation, precision, threads",
                        "training.epochs: must be a whole number, got true",
                        "replay: must be an object, got []",
                        "seed: must be a whole number, got 99999999999999999999");
    }

    @Test
    void a_misspelt_key_is_told_with_the_nearest() {
        DraftJson.Reading<SpecificationDraft> reading = read("""
                {"operatons": [], "max_parallel_trainings": 2, "BLOCKS": 3, "zzz": 1, "training": {"learning-rate": 0.1}}""");

        assertThat(reading.problems())
                .extracting(problem -> problem.toString().replaceAll(";.*", ""))
                .containsExactlyInAnyOrder(
                        "operatons: is not known here, did you mean operations?",
                        "max_parallel_trainings: is not known here, did you mean maxParallelTrainings?",
                        "BLOCKS: is not known here, did you mean blocks?",
                        "zzz: is not known here",
                        "training.learning-rate: is not known here, did you mean learningRate?");
    }

    @Test
    void a_list_of_texts_may_be_one_text_with_commas() {
        assertThat(read("{\"operations\": \"sep3x3, max3x3\"}"))
                .isEqualTo(read("{\"operations\": [\"sep3x3\", \"max3x3\"]}"));
    }

    @Test
    void points_at_the_place_where_the_json_breaks() {
        assertThat(refusal("{\"training\": {\"epochs\": 2x}}")).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("training.epochs");
            assertThat(problem.message()).contains("is no valid JSON in line 1, column");
        });
        assertThat(refusal("{\"operations\": [\"sep3x3\", ?]}"))
                .singleElement()
                .extracting(Problem::field)
                .isEqualTo("operations[1]");
        assertThat(refusal("")).singleElement().extracting(Problem::field).isEqualTo("body");
        assertThat(refusal("{} {}")).singleElement().extracting(Problem::field).isEqualTo("body");
        assertThat(refusal("{\"beam\": 1, \"beam\": 2}"))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("Duplicate field 'beam'");
    }

    @Test
    void takes_nothing_but_an_object() {
        assertThat(refusal("[1]")).containsExactly(new Problem("body", "must be a JSON object, got [1]"));
        assertThat(refusal("null")).containsExactly(new Problem("body", "must be a JSON object, got null"));
    }

    @Test
    void survives_deep_nesting_and_cuts_what_it_repeats() {
        assertThat(refusal("{\"training\": " + "[".repeat(5000) + "]".repeat(5000) + "}"))
                .hasSize(1);
        assertThat(read("{\"" + "x".repeat(5000) + "\": 1}").problems())
                .singleElement()
                .extracting(Problem::field)
                .asString()
                .hasSizeLessThan(100);
    }

    private static DraftJson.Reading<SpecificationDraft> read(String json) {
        return DraftJson.read(SpecificationDraft.class, json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Problem> refusal(String json) {
        PnasException refusal = catchThrowableOfType(PnasException.class, () -> read(json));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_INPUT);
        return refusal.problems();
    }
}
