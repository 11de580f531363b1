package pnas.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import pnas.cell.Cell;
import pnas.network.ImageShape;
import pnas.network.Layout;
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
    }

    @Command(
            name = "step",
            description = {
                "Time a training step of engine vector, as a share of what engine torch takes.",
                "Each engine has a process like those that train, on one core that both share, and the two take turns."
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

        /** One line of the result. */
        private record Line(String network, double ratio, double least, double most, int rounds) {}

        @Override
        public Integer call() {
            if (rounds < LEAST_ROUNDS) {
                throw CommandFailedException.usage("--rounds must be " + LEAST_ROUNDS + " or more, got " + rounds);
            }
            List<Line> lines = new ArrayList<>();
            Table table = new Table("NETWORK", "RATIO", "LEAST", "MOST", "VECTOR", "TORCH", "CELL");
            for (Group group : groups) {
                measure(group, lines, table);
            }
            ArrayNode document = Json.array();
            lines.forEach(line -> document.add(Json.tree(line)));
            print(document, table::toString);
            return ExitStatus.DONE;
        }

        private void measure(Group group, List<Line> lines, Table table) {
            Path install = pnas().install();
            List<Subject> subjects = group.subjects();
            try (EngineProcess vector = new EngineProcess(install, install, "vector", "VectorEngine");
                    EngineProcess torch =
                            new EngineProcess(against == null ? install : against, install, "torch", "TorchEngine")) {
                List<Line> steps = new ArrayList<>();
                List<Line> evaluations = new ArrayList<>();
                for (Subject subject : subjects) {
                    String parameters = vector.ask(subject.line());
                    if (!torch.ask(subject.line()).equals(parameters)) {
                        throw CommandFailedException.failed("the engines do not train the same network of "
                                + subject.cell().text());
                    }
                    steps.add(rounds(subject, subject.name(), "step", vector, torch, table));
                    evaluations.add(rounds(subject, subject.name() + ", evaluation", "evaluate", vector, torch, table));
                }
                lines.addAll(steps);
                lines.addAll(evaluations);
                if (steps.size() > 1) {
                    String all = subjects.getFirst().name().replaceAll(" .*", "");
                    lines.add(median(all + ", median", steps, table));
                    lines.add(median(all + ", evaluation, median", evaluations, table));
                }
                String name = subjects.getFirst().name().replaceAll(" .*", "") + ", memory";
                double ratio = vector.number("memory") / torch.number("memory");
                lines.add(new Line(name, ratio, ratio, ratio, 1));
                table.row(
                        name,
                        number(ratio),
                        "",
                        "",
                        Text.count((long) vector.number("memory") / 1024) + " MB",
                        Text.count((long) torch.number("memory") / 1024) + " MB",
                        "");
            }
        }

        private Line rounds(
                Subject subject, String name, String what, EngineProcess vector, EngineProcess torch, Table table) {
            vector.ask("settle\t" + what);
            torch.ask("settle\t" + what);
            String question = what + "\t" + ROUND_SECONDS;
            List<Double> ratios = new ArrayList<>();
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                if (round % 2 == 0) {
                    ours.add(vector.number(question));
                    theirs.add(torch.number(question));
                } else {
                    theirs.add(torch.number(question));
                    ours.add(vector.number(question));
                }
                ratios.add(ours.getLast() / theirs.getLast());
            }
            Line line = new Line(name, median(ratios), least(ratios), most(ratios), rounds);
            table.row(
                    name,
                    number(line.ratio),
                    number(line.least),
                    number(line.most),
                    milliseconds(median(ours)),
                    milliseconds(median(theirs)),
                    what.equals("step") ? subject.cell().text() : "");
            narration().println(name + ": " + number(line.ratio));
            narration().flush();
            return line;
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
