package pnas.orchestrator.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.dataset.Contents;
import pnas.dataset.DataFolder;
import pnas.failure.FailureKind;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.message.DataSet;
import pnas.message.Messages;
import pnas.message.Replay;
import pnas.message.TrainingSettings;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.orchestrator.life.Budget;
import pnas.orchestrator.life.Specification;

/** Turns a draft into a specification: fills in what is left out, and collects everything that is wrong before it complains. */
final class DraftReader {
    static final int MAX_BEAM = 4096;
    private static final int DEFAULT_BLOCKS = 3;
    private static final int DEFAULT_BEAM = 8;
    private static final int MAX_NAME = 100;
    private static final int MAX_BATCH = 65_536;
    private static final int MAX_PARALLEL = 100_000;
    private static final int MAX_WEIGHT = 1000;
    private static final int MAX_PRIORITY = 100;
    static final int MAX_SAMPLES = 10_000;
    static final int MAX_TRAININGS = 1_000_000;
    static final double MAX_SECONDS = 1e9;
    private static final double MAX_REPLAY_SECONDS = 86_400;
    private static final Set<String> DATA_SET_FIELDS = Set.of("dataset", "image", "trainImages", "validationImages");
    private static final List<String> STRATEGIES = List.of(Specification.PROGRESSIVE, Specification.RANDOM);
    private static final List<String> NETWORKS = List.of("mlp", "mlp-ensemble", "lstm", "lstm-ensemble");
    private static final List<String> PREDICTORS =
            Stream.concat(Stream.of("gp", "blend"), NETWORKS.stream()).toList();
    private static final List<String> ENGINES = EngineChoice.names().toList();
    private static final String REFIT = "refit";
    private static final String FINE_TUNE = "fine-tune";
    private static final String REPLAY = "replay";
    private static final Replay.Oracle DEFAULT_ORACLE = new Replay.Oracle(0, 0.004);

    private final SpecificationDraft given;
    private final DataFolder data;
    private final Supplier<EngineChoice> trainers;
    private final @Nullable SpecificationDraft preset;
    private final List<Problem> problems = new ArrayList<>();

    private DraftReader(SpecificationDraft given, DataFolder data, Supplier<EngineChoice> trainers) {
        this.given = given;
        this.data = data;
        this.trainers = trainers;
        this.preset = given.preset() == null ? null : Presets.all().get(given.preset());
        if (given.preset() != null && preset == null) {
            problems.add(
                    unknown("preset", given.preset(), List.copyOf(Presets.all().keySet())));
        }
    }

    /**
     * The specification of a draft.
     *
     * @param data where its data set is looked for, and read
     * @param trainers asked where the draft leaves the engine open
     * @throws PnasException with all problems
     */
    static Specification read(SpecificationDraft draft, DataFolder data, Supplier<EngineChoice> trainers) {
        return new DraftReader(draft, data, trainers).specification();
    }

    private Specification specification() {
        long splitSeed = value(SpecificationDraft::splitSeed, 0L);
        DataSet dataSet = dataSet(splitSeed);
        String engine = engine();
        Layout.Kind layout = constant("layout", value(SpecificationDraft::layout, "cifar"), Layout.Kind.CIFAR);
        String predictor = choice("predictor", value(SpecificationDraft::predictor, "gp"), PREDICTORS);
        String strategy =
                choice("strategy", value(SpecificationDraft::strategy, Specification.PROGRESSIVE), STRATEGIES);
        Specification specification = new Specification(
                name(),
                given.preset(),
                dataSet.name(),
                strategy,
                operations(),
                (int) between("blocks", value(SpecificationDraft::blocks, DEFAULT_BLOCKS), 1, Cell.MAX_BLOCKS),
                (int) between("beam", value(SpecificationDraft::beam, DEFAULT_BEAM), 1, MAX_BEAM),
                samples(strategy),
                layout,
                (int) between(
                        "repetitions",
                        value(SpecificationDraft::repetitions, Layout.DEFAULT_REPETITIONS),
                        1,
                        Layout.MAX_REPETITIONS),
                (int) between(
                        "filters",
                        value(SpecificationDraft::filters, Layout.DEFAULT_FILTERS),
                        layout == Layout.Kind.IMAGENET ? 4 : 1,
                        Layout.MAX_FILTERS),
                training(dataSet),
                predictor,
                fitting(predictor),
                engine,
                value(SpecificationDraft::seed, 0L),
                splitSeed,
                maxParallelTrainings(),
                (int) between("weight", value(SpecificationDraft::weight, 1), 1, MAX_WEIGHT),
                (int) between("priority", value(SpecificationDraft::priority, 0), -MAX_PRIORITY, MAX_PRIORITY),
                budget(given.budget()),
                given.reuse() == null || given.reuse(),
                replay(engine),
                dataSet);
        if (isDataSetRight()) {
            requireDepth(layout, dataSet.image());
        }
        if (!problems.isEmpty()) {
            throw PnasException.invalidInput(problems);
        }
        return specification;
    }

    private String engine() {
        String named = choice("engine", value(SpecificationDraft::engine, EngineChoice.AUTO), ENGINES);
        return named.equals(EngineChoice.AUTO) ? trainers.get().engine() : named;
    }

    private String name() {
        String name = value(SpecificationDraft::name, "unnamed").strip();
        if (name.isEmpty() || name.length() > MAX_NAME || !PlainText.isPlain(name)) {
            problems.add(new Problem(
                    "name",
                    "must be 1 to " + MAX_NAME + " characters without control characters, got " + name.length()));
        }
        return name;
    }

    /** The data set, or the digits where there is something wrong with it. */
    private DataSet dataSet(long splitSeed) {
        String name = value(SpecificationDraft::dataset, DataSet.DIGITS);
        if (!DataFolder.isName(name)) {
            problems.add(new Problem(
                    "dataset", "must be a name of letters, digits, '.', '_' and '-', got '" + excerpt(name) + "'"));
            return DataSet.digits(splitSeed);
        }
        ImageShape image = image();
        if (image == null) {
            return DataSet.digits(splitSeed);
        }
        Contents contents = contents(name, image);
        if (contents == null) {
            return DataSet.digits(splitSeed);
        }
        if (given.image() != null && !contents.image().equals(image)) {
            problems.add(new Problem("image", name + " has images of " + contents.image() + ", got " + image));
        }
        int validation = (int) between(
                "validationImages",
                value(SpecificationDraft::validationImages, contents.validation()),
                1,
                contents.trainable() - 1);
        int rest = Math.max(1, contents.trainable() - validation);
        int training = (int) between("trainImages", value(SpecificationDraft::trainImages, rest), 1, rest);
        return isDataSetRight() ? contents.dataSet(name, training, validation, splitSeed) : DataSet.digits(splitSeed);
    }

    private @Nullable ImageShape image() {
        String text = value(SpecificationDraft::image, DataFolder.DEFAULT_IMAGE.toString());
        try {
            return ImageShape.parse(text);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("image", excerpt(String.valueOf(e.getMessage()))));
            return null;
        }
    }

    private @Nullable Contents contents(String name, ImageShape image) {
        try {
            return data.describe(name, image);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("image", String.valueOf(e.getMessage())));
            return null;
        } catch (PnasException e) {
            if (e.code().kind() != FailureKind.USER_ERROR) {
                throw e;
            }
            problems.add(new Problem("dataset", String.valueOf(e.getMessage())));
            return null;
        }
    }

    private boolean isDataSetRight() {
        return problems.stream().noneMatch(problem -> DATA_SET_FIELDS.contains(problem.field()));
    }

    private List<Operation> operations() {
        List<@Nullable String> names = given.operations();
        if (names == null) {
            return List.of(Operation.values());
        }
        if (names.isEmpty()) {
            problems.add(new Problem("operations", "must name at least one operation"));
        }
        Set<Operation> operations = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String field = "operations[" + i + "]";
            String name = String.valueOf(names.get(i));
            List<String> known =
                    Arrays.stream(Operation.values()).map(Operation::text).toList();
            if (!known.contains(name)) {
                problems.add(unknown(field, name, known));
            } else if (!operations.add(Operation.parse(name))) {
                problems.add(new Problem(field, "must not name '" + name + "' twice"));
            }
        }
        return operations.stream().sorted().toList();
    }

    /** Each stride halves the image, rounding up; one that meets a single pixel halves nothing. */
    private void requireDepth(Layout.Kind layout, ImageShape image) {
        int halvings = switch (layout) {
            case CIFAR, SLIDES -> 2;
            case IMAGENET -> 5;
        };
        int least = (1 << (halvings - 1)) + 1;
        if (Math.min(image.height(), image.width()) < least) {
            problems.add(new Problem(
                    "layout",
                    Messages.text(layout) + " halves the image " + halvings
                            + " times and needs one of at least " + least + "x" + least + ", got " + image.height()
                            + "x"
                            + image.width()));
        }
    }

    private TrainingSettings training(DataSet dataSet) {
        TrainingSettings defaults = TrainingSettings.DEFAULT;
        TrainingSettings.Optimizer optimizer =
                constant("training.optimizer", SpecificationDraft.Training::optimizer, defaults.optimizer());
        int batch = (int) between(
                "training.batchSize",
                training(SpecificationDraft.Training::batchSize, defaults.batchSize()),
                1,
                isDataSetRight() ? Math.min(dataSet.training(), MAX_BATCH) : MAX_BATCH);
        double learningRate = between(
                "training.learningRate",
                training(SpecificationDraft.Training::learningRate, defaults.learningRate()),
                1e-9,
                10);
        double momentum = between(
                "training.momentum", training(SpecificationDraft.Training::momentum, defaults.momentum()), 0, 0.9999);
        double weightDecay = between(
                "training.weightDecay",
                training(SpecificationDraft.Training::weightDecay, defaults.weightDecay()),
                0,
                1);
        int epochs = (int)
                between("training.epochs", training(SpecificationDraft.Training::epochs, defaults.epochs()), 1, 10_000);
        double dropout = between(
                "training.dropout", training(SpecificationDraft.Training::dropout, defaults.dropout()), 0, 0.99);
        double labelSmoothing = between(
                "training.labelSmoothing",
                training(SpecificationDraft.Training::labelSmoothing, defaults.labelSmoothing()),
                0,
                0.5);
        TrainingSettings.Augmentation augmentation = constant(
                "training.augmentation",
                SpecificationDraft.Training::augmentation,
                TrainingSettings.Augmentation.usualFor(dataSet.image()));
        TrainingSettings.Precision precision =
                constant("training.precision", SpecificationDraft.Training::precision, defaults.precision());
        int threads = (int)
                between("training.threads", training(SpecificationDraft.Training::threads, defaults.threads()), 1, 256);
        if (problems.stream().anyMatch(problem -> problem.field().startsWith("training."))) {
            return defaults;
        }
        return new TrainingSettings(
                optimizer,
                learningRate,
                momentum,
                weightDecay,
                batch,
                epochs,
                dropout,
                labelSmoothing,
                augmentation,
                precision,
                threads);
    }

    private @Nullable String fitting(String predictor) {
        String fitting = value(SpecificationDraft::fitting);
        if (fitting != null) {
            choice("fitting", fitting, List.of(REFIT, FINE_TUNE));
            if (fitting.equals(FINE_TUNE) && PREDICTORS.contains(predictor) && !NETWORKS.contains(predictor)) {
                problems.add(new Problem(
                        "fitting",
                        "must be refit, as predictor " + predictor + " has no weights to start from, got '"
                                + excerpt(fitting) + "'"));
            }
        }
        return fitting;
    }

    private @Nullable Integer maxParallelTrainings() {
        Integer most = given.maxParallelTrainings();
        if (most != null) {
            between("maxParallelTrainings", most, 1, MAX_PARALLEL);
        }
        return most;
    }

    private @Nullable Integer samples(String strategy) {
        Integer samples = given.samples();
        if (samples != null) {
            between("samples", samples, 1, MAX_SAMPLES);
            if (!strategy.equals(Specification.RANDOM)) {
                problems.add(new Problem(
                        "samples", "goes with strategy random only, got strategy '" + excerpt(strategy) + "'"));
            }
        }
        return samples;
    }

    private Budget budget(SpecificationDraft.@Nullable Limits limits) {
        if (limits == null) {
            return Budget.UNLIMITED;
        }
        return new Budget(
                limit("budget.trainings", limits.trainings(), MAX_TRAININGS),
                limit("budget.trainerSeconds", limits.trainerSeconds(), MAX_SECONDS),
                limit("budget.wallClockSeconds", limits.wallClockSeconds(), MAX_SECONDS));
    }

    private <N extends Number> @Nullable N limit(String field, @Nullable N limit, double most) {
        return limit == null || isBetween(field, limit.doubleValue(), 1, most) ? limit : null;
    }

    private @Nullable Replay replay(String engine) {
        SpecificationDraft.ReplaySource source = given.replay();
        if (!engine.equals(REPLAY)) {
            if (source != null) {
                problems.add(
                        new Problem("replay", "goes with engine replay only, got engine '" + excerpt(engine) + "'"));
            }
            return null;
        }
        if (source == null) {
            return new Replay(DEFAULT_ORACLE, null, null);
        }
        if (source.oracle() != null && source.table() != null) {
            problems.add(new Problem("replay", "must have one of oracle and table, got both"));
            return null;
        }
        Double seconds = source.seconds();
        if (seconds != null && !isBetween("replay.seconds", seconds, 0, MAX_REPLAY_SECONDS)) {
            return null;
        }
        if (source.table() != null) {
            try {
                return new Replay(null, source.table(), seconds);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("replay.table", String.valueOf(e.getMessage())));
                return null;
            }
        }
        SpecificationDraft.Oracle oracle = source.oracle();
        long seed = oracle == null || oracle.seed() == null ? DEFAULT_ORACLE.seed() : oracle.seed();
        double sigma = oracle == null || oracle.sigma() == null ? DEFAULT_ORACLE.sigma() : oracle.sigma();
        return isBetween("replay.oracle.sigma", sigma, 0, 1)
                ? new Replay(new Replay.Oracle(seed, sigma), null, seconds)
                : null;
    }

    private <T> T value(Function<SpecificationDraft, @Nullable T> field, T otherwise) {
        T value = value(field);
        return value == null ? otherwise : value;
    }

    private <T> @Nullable T value(Function<SpecificationDraft, @Nullable T> field) {
        T value = field.apply(given);
        return value == null && preset != null ? field.apply(preset) : value;
    }

    private <T> T training(Function<SpecificationDraft.Training, @Nullable T> field, T otherwise) {
        return value(draft -> draft.training() == null ? null : field.apply(draft.training()), otherwise);
    }

    private <E extends Enum<E>> E constant(
            String field, Function<SpecificationDraft.Training, @Nullable String> given, E otherwise) {
        return constant(field, training(given, Messages.text(otherwise)), otherwise);
    }

    /** The constant of this text; any other text is a problem. */
    private <E extends Enum<E>> E constant(String field, String text, E otherwise) {
        List<E> all = List.of(otherwise.getDeclaringClass().getEnumConstants());
        List<String> texts = all.stream().map(Messages::text).toList();
        choice(field, text, texts);
        return all.get(Math.max(0, texts.indexOf(text)));
    }

    private String choice(String field, String name, List<String> known) {
        if (!known.contains(name)) {
            problems.add(unknown(field, name, known));
        }
        return name;
    }

    private double between(String field, Number value, double least, double most) {
        isBetween(field, value.doubleValue(), least, most);
        return value.doubleValue();
    }

    private boolean isBetween(String field, double value, double least, double most) {
        boolean within = value >= least && value <= most;
        if (!within) {
            problems.add(new Problem(field, "must be " + text(least) + " to " + text(most) + ", got " + text(value)));
        }
        return within;
    }

    private static Problem unknown(String field, String name, List<String> known) {
        return new Problem(field, "must be one of " + String.join(", ", known) + ", got '" + excerpt(name) + "'");
    }

    private static String excerpt(String text) {
        return PlainText.excerpt(text, MAX_NAME);
    }

    static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
