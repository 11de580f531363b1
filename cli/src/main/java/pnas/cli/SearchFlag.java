package pnas.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import pnas.cli.platform.Json;
import pnas.engine.Engine;

/** The flags of {@code search}, each with the path of the field that it sets in the experiment. */
enum SearchFlag {
    NAME("--name", "name", "NAME", String.class, "what to call the experiment"),
    PRESET(
            "--preset",
            "preset",
            "demo|slides|paper",
            String.class,
            "the settings to start from; other flags override them"),
    DATASET(
            "--dataset",
            "dataset",
            "NAME",
            String.class,
            "the data to train on: digits, cifar10, or a folder of images"),
    IMAGE("--image", "image", "HxWxC", String.class, "what a folder of images is scaled to (default: 32x32x3)"),
    TRAIN_IMAGES("--train-images", "trainImages", "IMAGES", Integer.class, "most images to train on"),
    VALIDATION_IMAGES("--validation-images", "validationImages", "IMAGES", Integer.class, "images to validate on"),
    STRATEGY(
            "--strategy",
            "strategy",
            "progressive|random",
            String.class,
            "whether a predictor or chance chooses cells"),
    OPERATIONS("--operations", "operations", "A,B,C", List.class, "operations of the cells (default: all)"),
    BLOCKS("--blocks", "blocks", "B", Integer.class, "blocks of the largest cells, which is the number of stages"),
    BEAM("--beam", "beam", "K", Integer.class, "cells trained in each stage after the first"),
    SAMPLES(
            "--samples",
            "samples",
            "CELLS",
            Integer.class,
            "random: so many cells of B blocks and none of fewer blocks"),
    PROBES(
            "--probes",
            "probes",
            "N",
            Integer.class,
            "random cells measured beside those of each stage; 0 in this version"),
    CONFIRM_CELLS(
            "--confirm-cells",
            "confirm.cells",
            "N",
            Integer.class,
            "so many best cells of the last stage are trained again under other seeds (default with --confirm-seeds: 5)"),
    CONFIRM_SEEDS(
            "--confirm-seeds",
            "confirm.seeds",
            "N",
            Integer.class,
            "under so many other seeds each of them (default with --confirm-cells: 3)"),
    LAYOUT("--layout", "layout", "cifar|slides|imagenet", String.class, "how cells are stacked to a network"),
    REPETITIONS("--repetitions", "repetitions", "N", Integer.class, "cells in each group of the layout"),
    FILTERS("--filters", "filters", "F", Integer.class, "filters of the first group"),
    OPTIMIZER("--optimizer", "training.optimizer", "sgd|adam|rmsprop", String.class, "update rule"),
    LEARNING_RATE("--learning-rate", "training.learningRate", "RATE", Double.class, "learning rate at the first step"),
    MOMENTUM("--momentum", "training.momentum", "M", Double.class, "momentum of sgd (Nesterov) and rmsprop"),
    WEIGHT_DECAY("--weight-decay", "training.weightDecay", "W", Double.class, "L2 penalty of every parameter"),
    BATCH_SIZE("--batch-size", "training.batchSize", "IMAGES", Integer.class, "images in a step"),
    EPOCHS("--epochs", "training.epochs", "EPOCHS", Integer.class, "passes over the training part"),
    DROPOUT(
            "--dropout",
            "training.dropout",
            "P",
            Double.class,
            "probability that a feature is dropped before the linear layer"),
    LABEL_SMOOTHING(
            "--label-smoothing",
            "training.labelSmoothing",
            "SHARE",
            Double.class,
            "share of the target that is spread over all classes"),
    AUGMENTATION(
            "--augmentation",
            "training.augmentation",
            "none|crop-flip",
            String.class,
            "how training images are varied (default: crop-flip for colour images)"),
    PRECISION(
            "--precision",
            "training.precision",
            "fp32|bf16|bf16-forced",
            String.class,
            "numbers of a step; bf16 is refused where it is slower, bf16-forced is not"),
    THREADS("--threads", "training.threads", "THREADS", Integer.class, "processor threads of a training"),
    PREDICTOR(
            "--predictor",
            "predictor",
            "gp|blend|mlp|mlp-ensemble|lstm|lstm-ensemble",
            String.class,
            "what ranks the candidates"),
    FITTING(
            "--fitting",
            "fitting",
            "refit|fine-tune",
            String.class,
            "whether the predictor learns anew in each stage (default: mlp and lstm are fine-tuned, the others fitted"
                    + " anew)"),
    ENGINE(
            "--engine",
            "engine",
            "auto|" + String.join("|", Engine.texts()),
            String.class,
            "what trains, or replays, a cell (default: auto, what fits the trainers)"),
    SEED("--seed", "seed", "SEED", Long.class, "seed of the experiment"),
    SPLIT_SEED("--split-seed", "splitSeed", "SEED", Long.class, "seed of the split into training and validation"),
    MAX_PARALLEL("--max-parallel", "maxParallelTrainings", "N", Integer.class, "most trainings at the same time"),
    WEIGHT(
            "--weight",
            "weight",
            "W",
            Integer.class,
            "parts of the trainers that it gets where searches share them, 1 to 1000 (default: 1)"),
    PRIORITY(
            "--priority",
            "priority",
            "P",
            Integer.class,
            "-100 to 100 (default: 0): those of a higher one are served before it"),
    BUDGET_TRAININGS(
            "--budget-trainings",
            "budget.trainings",
            "N",
            Integer.class,
            "stop after so many trainings, failed attempts included"),
    BUDGET_TRAINER_SECONDS(
            "--budget-trainer-seconds",
            "budget.trainerSeconds",
            "SECONDS",
            Double.class,
            "stop after so much time of all trainers together"),
    BUDGET_WALL_CLOCK_SECONDS(
            "--budget-wall-clock-seconds",
            "budget.wallClockSeconds",
            "SECONDS",
            Double.class,
            "stop after running so long, pauses not counted"),
    REUSE("--reuse", "reuse", "", Boolean.class, "take results that other experiments have (default) or train anyway"),
    REPLAY_ORACLE_SEED(
            "--replay-oracle-seed", "replay.oracle.seed", "SEED", Long.class, "replay: seed of the oracle's noise"),
    REPLAY_SIGMA("--replay-sigma", "replay.oracle.sigma", "S", Double.class, "replay: deviation of the oracle's noise"),
    REPLAY_TABLE("--replay-table", "replay.table", "NAME", String.class, "replay: table of the trainer to answer from"),
    REPLAY_SECONDS("--replay-seconds", "replay.seconds", "SECONDS", Double.class, "replay: how long an answer takes");

    /** Those that make sense for a search that has ended. */
    static final Set<SearchFlag> OF_EXTENSION =
            EnumSet.of(BLOCKS, BEAM, SAMPLES, BUDGET_TRAININGS, BUDGET_TRAINER_SECONDS, BUDGET_WALL_CLOCK_SECONDS);

    /** All flags. */
    static final Set<SearchFlag> OF_SEARCH = EnumSet.allOf(SearchFlag.class);

    private final String option;
    private final String path;
    private final String label;
    private final Class<?> type;
    private final String description;

    SearchFlag(String option, String path, String label, Class<?> type, String description) {
        this.option = option;
        this.path = path;
        this.label = label;
        this.type = type;
        this.description = description;
    }

    /** As it is typed, for instance {@code --batch-size}. */
    String option() {
        return option;
    }

    /** Under which it stands on a page of help. */
    String heading() {
        return switch (this) {
            case NAME,
                    PRESET,
                    STRATEGY,
                    OPERATIONS,
                    BLOCKS,
                    BEAM,
                    SAMPLES,
                    PROBES,
                    CONFIRM_CELLS,
                    CONFIRM_SEEDS,
                    PREDICTOR,
                    FITTING,
                    SEED -> "The search";
            case DATASET, IMAGE, TRAIN_IMAGES, VALIDATION_IMAGES, SPLIT_SEED -> "The data";
            case LAYOUT, REPETITIONS, FILTERS -> "The networks";
            case OPTIMIZER,
                    LEARNING_RATE,
                    MOMENTUM,
                    WEIGHT_DECAY,
                    BATCH_SIZE,
                    EPOCHS,
                    DROPOUT,
                    LABEL_SMOOTHING,
                    AUGMENTATION,
                    PRECISION,
                    THREADS,
                    ENGINE,
                    REUSE -> "The trainings";
            case MAX_PARALLEL, WEIGHT, PRIORITY, BUDGET_TRAININGS, BUDGET_TRAINER_SECONDS, BUDGET_WALL_CLOCK_SECONDS ->
                "Its share and its budget";
            case REPLAY_ORACLE_SEED, REPLAY_SIGMA, REPLAY_TABLE, REPLAY_SECONDS -> "Replays";
        };
    }

    /** The flag that is typed so, if it is one. */
    static Optional<SearchFlag> ofOption(String option) {
        return Arrays.stream(values())
                .filter(flag -> flag.option.equals(option))
                .findFirst();
    }

    /** The flag that sets this field, if one does: {@code operations[1]} belongs to {@code --operations}. */
    static Optional<SearchFlag> of(String field) {
        String path = field.replaceAll("\\[\\d+]$", "");
        return Arrays.stream(values()).filter(flag -> flag.path.equals(path)).findFirst();
    }

    /** Teaches a command these flags. */
    static void addTo(CommandSpec command, Set<SearchFlag> flags) {
        for (SearchFlag flag : flags) {
            OptionSpec.Builder option = OptionSpec.builder(flag.option)
                    .paramLabel(flag.label)
                    .type(flag.type)
                    .description(flag.description);
            if (flag.type == List.class) {
                option.auxiliaryTypes(String.class).splitRegex("\\s*,\\s*").hideParamSyntax(true);
            }
            if (flag.type == Boolean.class) {
                option.arity("0").negatable(true);
            }
            command.addOption(option.build());
        }
    }

    /** Writes the flags that were given into an experiment, over what it says already. */
    static void writeTo(ObjectNode experiment, ParseResult arguments) {
        for (SearchFlag flag : values()) {
            if (arguments.hasMatchedOption(flag.option)) {
                flag.set(experiment, arguments.matchedOptionValue(flag.option, ""));
            }
        }
    }

    private void set(ObjectNode experiment, Object value) {
        String[] keys = path.split("\\.");
        ObjectNode parent = experiment;
        for (String key : Arrays.copyOf(keys, keys.length - 1)) {
            parent = parent.path(key) instanceof ObjectNode child ? child : parent.putObject(key);
        }
        parent.set(keys[keys.length - 1], Json.tree(value instanceof List<?> all ? stripped(all) : value));
    }

    private static List<String> stripped(List<?> elements) {
        return elements.stream().map(element -> String.valueOf(element).strip()).toList();
    }
}
