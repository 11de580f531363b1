package pnas.predictor.ranking;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import pnas.cell.Cell;
import pnas.message.PredictorName;
import pnas.message.RankingRequest.Observation;
import pnas.oracle.SyntheticOracle;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.model.FittedPredictor;
import pnas.predictor.model.Predictors;
import pnas.space.SearchSpace;

/**
 * The program behind {@code pnas predictor benchmark}: {@code [PREDICTOR …]}, all where none is named. The last ranking of the paper's search: learn
 * 1,160 cells, extend the 256 of four blocks by every block, score all and keep the best 256. Everything runs on one thread. Prints a
 * {@link Report} as JSON, lines that begin with {@code progress} on its standard error. Exits with 2 and a sentence there where it does not know a
 * predictor.
 */
public final class BenchmarkMain {
    private static final int BEAM = 256;
    private static final int STAGES = 4;
    private static final long SEED = 1;
    private static final int WRONG_INPUT = 2;

    private BenchmarkMain() {}

    /**
     * What was measured.
     *
     * @param cells that were learnt
     * @param candidates that were ranked
     * @param expansion of the parents
     * @param peakMegabytes the most memory of the process that was resident at a time
     */
    record Report(int cells, int candidates, Time expansion, List<Line> predictors, long peakMegabytes) {}

    /**
     * One predictor.
     *
     * @param ranking encoding, scoring and choosing the best, the first time
     * @param again the same once more, now that the code is compiled
     */
    record Line(String predictor, Time fit, Time ranking, Time again) {}

    /**
     * @param wall seconds that passed
     * @param processor seconds that the thread computed: less where others use the machine too
     */
    record Time(double wall, double processor) {}

    public static void main(String[] arguments) throws IOException {
        try {
            Report report = run(
                    arguments.length == 0
                            ? List.of(PredictorName.values())
                            : Arrays.stream(arguments).map(PredictorName::parse).toList());
            System.out.println(new ObjectMapper().writeValueAsString(report));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(WRONG_INPUT);
        }
    }

    private static Report run(List<PredictorName> names) throws IOException {
        RandomGenerator random = new SplittableRandom(SEED);
        SearchSpace space = SearchSpace.full();
        List<Cell> parents = Stream.generate(() -> space.random(STAGES, random))
                .distinct()
                .limit(BEAM)
                .toList();
        LearningSet cells = new LearningSet(observations(space, parents, random));
        Timed<Candidates> expanded = timed(() -> candidates(space, parents));
        List<Line> lines = new ArrayList<>();
        for (PredictorName name : names) {
            Timed<FittedPredictor> fitted = timed(() -> Predictors.of(name).fit(cells, SEED));
            Supplier<Object> ranking =
                    () -> Ranker.best(expanded.result(), fitted.result().score(expanded.result()), BEAM);
            lines.add(new Line(
                    name.text(),
                    fitted.time(),
                    timed(ranking).time(),
                    timed(ranking).time()));
            System.err.println("progress " + lines.getLast());
        }
        return new Report(cells.size(), expanded.result().count(), expanded.time(), lines, peakMegabytes());
    }

    /** All cells of one block, as many of two to four as a beam has, the parents among them, and as many of five. */
    private static List<Observation> observations(SearchSpace space, List<Cell> parents, RandomGenerator random) {
        SyntheticOracle oracle = new SyntheticOracle(random::nextGaussian);
        Stream<Cell> others = IntStream.of(2, 3, 5)
                .boxed()
                .flatMap(blocks ->
                        Stream.generate(() -> space.random(blocks, random)).limit(BEAM));
        return Stream.of(space.firstStage().stream(), parents.stream(), others)
                .flatMap(cells -> cells)
                .map(cell -> new Observation(cell, cell.blocks().size(), oracle.accuracy(cell)))
                .toList();
    }

    private static Candidates candidates(SearchSpace space, List<Cell> parents) {
        return new Candidates(
                STAGES + 1,
                space.expand(parents).children().stream()
                        .map(children -> new Candidates.Family(children.parent(), children.blocks()))
                        .toList());
    }

    private record Timed<T>(T result, Time time) {}

    private static <T> Timed<T> timed(Supplier<T> work) {
        long wall = System.nanoTime();
        long processor = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        T result = work.get();
        return new Timed<>(
                result,
                new Time(
                        (System.nanoTime() - wall) / 1e9,
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - processor) / 1e9));
    }

    /** From the kernel's account of this process. */
    private static long peakMegabytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
