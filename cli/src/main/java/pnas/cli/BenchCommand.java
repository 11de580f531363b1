package pnas.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import pnas.cell.Cell;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.EngineProcess;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;
import pnas.engine.Engine;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.NetworkBuilder;
import pnas.network.Node;
import pnas.space.SearchSpace;

/** Comparisons of engines. */
@Command(
        name = "bench",
        description = "Time the engines.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = BenchCommand.Step.class)
final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls the command.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "bench needs a command: step");
    }

    /** What is trained. The networks of a group are trained by one process of each engine, one after the other. */
    private enum Group {
        DEMO,
        SMALL,
        SLIDES,
        SEPARABLE,
        LARGE;

        private static final int CELLS = 16;

        List<Subject> subjects() {
            return switch (this) {
                case DEMO ->
                    List.of(small(
                            "demo",
                            Cell.parse("conv1x7_7x1(c-1)+max3x3(c-2) | sep5x5(c-2)+sep7x7(c-1)"
                                    + " | sep5x5(c-2)+sep7x7(c-1)")));
                case SMALL -> random("cifar(1,8)", Group::small);
                case SLIDES ->
                    List.of(large(
                            "slides",
                            Cell.parse("sep3x3(c-1)+sep5x5(c-2) | sep3x3(c-1)+sep5x5(c-2) | sep3x3(c-1)+sep7x7(c-2)"),
                            Layout.Kind.SLIDES));
                case SEPARABLE ->
                    List.of(large(
                            "separable",
                            Cell.parse("sep3x3(c-1)+sep5x5(c-2) | sep5x5(c-1)+sep7x7(c-2) | sep7x7(c-1)+sep3x3(c-2)"
                                    + " | sep3x3(b1)+sep5x5(c-1) | sep3x3(b2)+sep7x7(c-1)"),
                            Layout.Kind.CIFAR));
                case LARGE -> random("cifar(2,24)", (name, cell) -> large(name, cell, Layout.Kind.CIFAR));
            };
        }

        private static Subject small(String name, Cell cell) {
            return new Subject(name, cell, new Layout(Layout.Kind.CIFAR, 1, 8), new ImageShape(8, 8, 1), 32);
        }

        private static Subject large(String name, Cell cell, Layout.Kind kind) {
            return new Subject(name, cell, new Layout(kind, 2, 24), new ImageShape(32, 32, 3), 64);
        }

        private interface Named {
            Subject of(String name, Cell cell);
        }

        /** Cells of all operations, of one to five blocks. */
        private static List<Subject> random(String name, Named named) {
            Random random = new Random(18);
            List<Subject> subjects = new ArrayList<>();
            for (int i = 0; i < CELLS; i++) {
                Cell cell = SearchSpace.full().random(1 + i % Cell.MAX_BLOCKS, random);
                subjects.add(named.of(String.format(Locale.ROOT, "%s %02d", name, i + 1), cell));
            }
            return subjects;
        }
    }

    /** A network under measurement. */
    private record Subject(String name, Cell cell, Layout layout, ImageShape image, int batch) {
        private static final int CLASSES = 10;

        String line() {
            return String.join(
                    "\t",
                    "network",
                    cell.text(),
                    layout.kind().name(),
                    Integer.toString(layout.repetitions()),
                    Integer.toString(layout.filters()),
                    image.toString(),
                    Integer.toString(batch));
        }

        /** The nodes that are computed: engines have weights for the others, too. */
        private List<Node> computed() {
            return NetworkBuilder.build(cell, layout, image, CLASSES, 0).evaluated();
        }

        /** How many parameters PyTorch has. */
        String parametersInPython() {
            return Long.toString(computed().stream()
                    .mapToLong(node -> node.layer().parameters())
                    .sum());
        }

        /** What {@link #line} says, for PyTorch: node by node. */
        String lineForPython() {
            String nodes = computed().stream().map(Node::text).collect(Collectors.joining("\t"));
            return String.join("\t", "network", Integer.toString(batch), image.toString(), nodes);
        }
    }

    /**
     * One line of the result.
     *
     * @param ratio median over the rounds of the seconds of engine vector, or of PyTorch, by those of engine torch; for a group, the median over its networks
     * @param least of the rounds, or of the networks
     */
    record Line(String network, double ratio, double least, double most, int rounds) {
        /** The result, for who reads it by a program. */
        static ArrayNode document(List<Line> lines) {
            ArrayNode document = Json.array();
            lines.forEach(line -> document.add(Json.tree(line)));
            return document;
        }
    }

    /**
     * A process that is compared with engine torch.
     *
     * @param suffix what its lines have behind the name of the network
     */
    private record Side(String suffix, EngineProcess process) {}

    @Command(
            name = "step",
            description = {
                "Time a training step of engine vector, as a share of what engine torch takes.",
                "Each engine has a process like those that train, on one core that all share, and they take turns."
                        + " Seconds of the processor count, so that other programs disturb little."
            })
    static final class Step extends PnasCommand {
        private static final double ROUND_SECONDS = 0.5;
        private static final int LEAST_ROUNDS = 3;

        @Option(
                names = "--against",
                paramLabel = "DIR",
                description = "another build of this project, whose engine torch is taken (default: this one)")
        private @Nullable Path against;

        @Option(
                names = "--networks",
                paramLabel = "A,B,C",
                split = "\\s*,\\s*",
                description = "which of ${COMPLETION-CANDIDATES} (default: all)")
        private List<Group> groups = List.of(Group.values());

        @Option(
                names = "--rounds",
                paramLabel = "N",
                defaultValue = "8",
                description = "how many rounds, " + LEAST_ROUNDS + " or more (default: ${DEFAULT-VALUE})")
        private int rounds;

        @Option(
                names = "--python",
                paramLabel = "PROGRAM",
                arity = "0..1",
                fallbackValue = "python3",
                description = "time PyTorch, too, in this Python that has it (default: ${FALLBACK-VALUE})")
        private @Nullable String python;

        @Override
        public Integer call() {
            if (rounds < LEAST_ROUNDS) {
                throw CommandFailedException.usage("--rounds must be " + LEAST_ROUNDS + " or more, got " + rounds);
            }
            if (against != null && !Files.isDirectory(EngineProcess.folder(against, Engine.TORCH))) {
                throw CommandFailedException.usage("--against must be a folder with a build of this project, got "
                        + against + ", which has no " + EngineProcess.folder(Path.of(""), Engine.TORCH)
                        + ": run ./pnas build there");
            }
            List<Line> lines = new ArrayList<>();
            Table table = new Table("NETWORK", "RATIO", "LEAST", "MOST", "TIME", "TORCH", "CELL");
            for (Group group : new LinkedHashSet<>(groups)) {
                measure(group, lines, table);
            }
            print(Line.document(lines), () -> text(table));
            return ExitStatus.DONE;
        }

        private void measure(Group group, List<Line> lines, Table table) {
            Path install = pnas().install();
            try (EngineProcess inPython = python == null ? null : startPython(python);
                    EngineProcess vector = EngineProcess.of(install, install, Engine.VECTOR, "VectorEngine");
                    EngineProcess torch = EngineProcess.of(
                            against == null ? install : against, install, Engine.TORCH, "TorchEngine")) {
                List<Side> sides = new ArrayList<>(List.of(new Side("", vector)));
                if (inPython != null) {
                    sides.add(new Side(", PyTorch", inPython));
                }
                measure(group.subjects(), sides, torch, lines, table);
            }
        }

        private static EngineProcess startPython(String program) {
            EngineProcess process = EngineProcess.ofPython(program);
            try {
                process.ask("version");
                return process;
            } catch (CommandFailedException e) {
                process.close();
                throw CommandFailedException.usage(
                        "--python must be a Python that has PyTorch, got " + program + ": " + e.getMessage());
            }
        }

        private void measure(
                List<Subject> subjects, List<Side> sides, EngineProcess torch, List<Line> lines, Table table) {
            List<List<Line>> steps =
                    sides.stream().<List<Line>>map(side -> new ArrayList<>()).toList();
            List<List<Line>> evaluations =
                    sides.stream().<List<Line>>map(side -> new ArrayList<>()).toList();
            for (Subject subject : subjects) {
                String parameters = torch.ask(subject.line());
                for (Side side : sides) {
                    boolean isPython = !side.suffix.isEmpty();
                    String made = side.process.ask(isPython ? subject.lineForPython() : subject.line());
                    if (!made.equals(isPython ? subject.parametersInPython() : parameters)) {
                        throw CommandFailedException.failed("the engines do not train the same network of "
                                + subject.cell().text());
                    }
                }
                rounds(subject, "step", "", sides, torch, steps, table);
                rounds(subject, "evaluate", ", evaluation", sides, torch, evaluations, table);
            }
            String all = subjects.getFirst().name().replaceAll(" .*", "");
            for (int i = 0; i < sides.size(); i++) {
                Side side = sides.get(i);
                String name = all + side.suffix;
                lines.addAll(steps.get(i));
                lines.addAll(evaluations.get(i));
                if (subjects.size() > 1) {
                    lines.add(median(name + ", median", steps.get(i), table));
                    lines.add(median(name + ", evaluation, median", evaluations.get(i), table));
                }
                double ours = side.process.number("memory");
                double theirs = torch.number("memory");
                double ratio = ours / theirs;
                lines.add(new Line(name + ", memory", ratio, ratio, ratio, 1));
                table.row(
                        name + ", memory",
                        number(ratio),
                        "",
                        "",
                        Text.count((long) ours / 1024) + " MB",
                        Text.count((long) theirs / 1024) + " MB",
                        "");
            }
        }

        private void rounds(
                Subject subject,
                String what,
                String suffix,
                List<Side> sides,
                EngineProcess torch,
                List<List<Line>> lines,
                Table table) {
            List<EngineProcess> all =
                    new ArrayList<>(sides.stream().map(side -> side.process).toList());
            all.add(torch);
            all.forEach(process -> process.ask("settle\t" + what));
            List<List<Double>> seconds =
                    all.stream().<List<Double>>map(process -> new ArrayList<>()).toList();
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < all.size(); i++) {
                    int turn = round % 2 == 0 ? i : all.size() - 1 - i;
                    seconds.get(turn).add(all.get(turn).number(what + "\t" + ROUND_SECONDS));
                }
            }
            List<Double> theirs = seconds.getLast();
            for (int i = 0; i < sides.size(); i++) {
                List<Double> ours = seconds.get(i);
                List<Double> ratios = IntStream.range(0, rounds)
                        .mapToObj(round -> ours.get(round) / theirs.get(round))
                        .toList();
                String name = subject.name() + sides.get(i).suffix + suffix;
                Line line = new Line(name, median(ratios), least(ratios), most(ratios), rounds);
                lines.get(i).add(line);
                table.row(
                        name,
                        number(line.ratio),
                        number(line.least),
                        number(line.most),
                        milliseconds(median(ours)),
                        milliseconds(median(theirs)),
                        suffix.isEmpty() ? subject.cell().text() : "");
                narration().println(name + ": " + number(line.ratio));
            }
            narration().flush();
        }

        private Line median(String name, List<Line> lines, Table table) {
            Line line = new Line(
                    name,
                    median(each(lines, Line::ratio)),
                    least(each(lines, Line::ratio)),
                    most(each(lines, Line::ratio)),
                    rounds);
            table.row(name, number(line.ratio), number(line.least), number(line.most), "", "", "");
            return line;
        }

        private static List<Double> each(List<Line> lines, ToDoubleFunction<Line> number) {
            return lines.stream().map(number::applyAsDouble).toList();
        }

        private static double median(List<Double> numbers) {
            List<Double> sorted = numbers.stream().sorted().toList();
            int half = sorted.size() / 2;
            return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        }

        private static double least(List<Double> numbers) {
            return numbers.stream().mapToDouble(each -> each).min().orElseThrow();
        }

        private static double most(List<Double> numbers) {
            return numbers.stream().mapToDouble(each -> each).max().orElseThrow();
        }

        private static String number(double ratio) {
            return String.format(Locale.ROOT, "%.3f", ratio);
        }

        private static String milliseconds(double seconds) {
            return String.format(Locale.ROOT, "%.1f ms", 1e3 * seconds);
        }
    }
}
