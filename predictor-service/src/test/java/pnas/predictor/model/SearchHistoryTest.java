package pnas.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.Input;
import pnas.cell.Operation;
import pnas.message.PredictorName;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.encoding.LearningSet;
import pnas.statistics.Correlation;

/** How well the cells of one stage of a real search are ranked by what the stages before it measured. */
final class SearchHistoryTest {
    private static final Map<String, Operation> OPERATIONS = Map.of(
            "3x3 dconv", Operation.SEP3X3,
            "5x5 dconv", Operation.SEP5X5,
            "7x7 dconv", Operation.SEP7X7,
            "1x7-7x1 conv", Operation.CONV1X7_7X1,
            "3x3 avgpool", Operation.AVG3X3,
            "3x3 maxpool", Operation.MAX3X3);

    @ParameterizedTest
    @CsvSource({"GP, 0.70, 1", "BLEND, 0.715, 2", "MLP_ENSEMBLE, 0.68, 2"})
    void ranks_the_next_stage_of_a_real_search(PredictorName name, double least, int seeds, TestReporter reporter)
            throws IOException {
        List<Observation> search = search();
        double sum = 0;
        for (int seed = 0; seed < seeds; seed++) {
            for (int stage = 1; stage <= 4; stage++) {
                int learnt = stage;
                LearningSet before = cells(search, cell -> cell.stage() <= learnt);
                LearningSet next = cells(search, cell -> cell.stage() == learnt + 1);
                FittedPredictor fitted = Predictors.of(name).fit(before, seed);
                double[] predicted = next.cells().stream()
                        .mapToDouble(cell -> fitted.score(cell.cell()))
                        .toArray();
                sum += Correlation.spearman(predicted, next.accuracies()).orElseThrow();
            }
        }
        reporter.publishEntry(name.text() + " mean Spearman", Double.toString(sum / (4 * seeds)));
        assertThat(sum / (4 * seeds)).isGreaterThanOrEqualTo(least);
    }

    /** As few epochs or many classes give them. */
    @ParameterizedTest
    @EnumSource
    void ranks_alike_whatever_the_level_of_accuracies(PredictorName name) throws IOException {
        // Four of the six are slow to learn all stages.
        List<Observation> search =
                search().stream().filter(cell -> cell.stage() <= 2).toList();
        double[] first = null;
        for (double[] map : new double[][] {{1, 0}, {0.5, 0.4}, {0.25, 0}}) {
            List<Observation> mapped = search.stream()
                    .map(cell -> new Observation(
                            cell.cell(), cell.stage(), map[0] * Objects.requireNonNull(cell.accuracy()) + map[1]))
                    .toList();
            FittedPredictor fitted = Predictors.of(name).fit(cells(mapped, cell -> cell.stage() == 1), 1);
            double[] predicted = cells(mapped, cell -> cell.stage() == 2).cells().stream()
                    .mapToDouble(cell -> fitted.score(cell.cell()))
                    .toArray();
            first = first == null ? predicted : first;
            assertThat(Correlation.spearman(first, predicted).orElseThrow())
                    .as("accuracies times %s plus %s", map[0], map[1])
                    .isGreaterThanOrEqualTo(0.999);
        }
    }

    private static LearningSet cells(List<Observation> search, Predicate<Observation> wanted) {
        return new LearningSet(search.stream().filter(wanted).toList());
    }

    private static List<Observation> search() throws IOException {
        String folder = System.getenv("PNAS_TEST_DATA");
        assumeTrue(folder != null, "PNAS_TEST_DATA names no folder with pnas-history/one-search.csv");
        List<Observation> search = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(folder, "pnas-history", "one-search.csv"))) {
            String[] fields = line.split(",", -1);
            Cell cell = new Cell(IntStream.iterate(1, at -> at < fields.length, at -> at + 4)
                    .mapToObj(at -> new Block(branch(fields, at), branch(fields, at + 2)))
                    .toList());
            search.add(new Observation(cell, cell.blocks().size(), Double.valueOf(fields[0])));
        }
        return search;
    }

    private static Branch branch(String[] fields, int at) {
        return new Branch(
                Objects.requireNonNull(OPERATIONS.get(fields[at + 1])), new Input(Integer.parseInt(fields[at])));
    }
}
