package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.cell.Cell;
import pnas.dataset.DataFolder;
import pnas.message.DataSet;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Outcome;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Layout;
import pnas.space.SearchSpace;
import pnas.statistics.Correlation;
import pnas.trainer.Heard;
import pnas.trainer.checkpoint.CheckpointDirectory;
import pnas.trainer.dataset.DataSets;
import pnas.trainer.engine.torch.TorchEngine;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.TrainingLoop;
import pnas.trainer.training.TrainingTask;

/** A search by either engine sees the same accuracies, as far as chance lets it see the same twice: whole trainings as those of the demo. */
@Tag("slow")
class SameSearchTest {
    private static final int CELLS = 32;
    private static final int SEEDS = 3;
    private static final double STANDARD_ERRORS = 2;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void accuracies_differ_between_the_engines_as_they_do_between_seeds() {
        List<double[]> ours = accuracies(new VectorEngine("cpu"));
        List<double[]> theirs = accuracies(new TorchEngine("cpu"));

        double[] differences = new double[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            differences[cell] = ofCell(ours, cell) - ofCell(theirs, cell);
        }
        double difference = mean(differences);
        double error = deviation(differences) / Math.sqrt(CELLS);
        List<Double> seeds = new ArrayList<>();
        List<Double> engines = new ArrayList<>();
        for (int i = 0; i < SEEDS; i++) {
            for (int j = 0; j < SEEDS; j++) {
                engines.add(correlation(ours.get(i), theirs.get(j)));
                if (i < j) {
                    seeds.add(correlation(ours.get(i), ours.get(j)));
                    seeds.add(correlation(theirs.get(i), theirs.get(j)));
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "mean accuracy: vector %.4f, torch %.4f; difference %.4f, standard error %.4f%nby seed: vector %s, torch %s%n"
                        + "rank correlation: between seeds %s, between engines %s%n",
                mean(ours.stream().mapToDouble(SameSearchTest::mean).toArray()),
                mean(theirs.stream().mapToDouble(SameSearchTest::mean).toArray()),
                difference,
                error,
                numbers(ours.stream().map(SameSearchTest::mean).toList()),
                numbers(theirs.stream().map(SameSearchTest::mean).toList()),
                numbers(seeds),
                numbers(engines));

        assertThat(Math.abs(difference)).isLessThanOrEqualTo(STANDARD_ERRORS * error);
        assertThat(mean(engines)).isBetween(least(seeds), 1.0);
    }

    /** Of each seed the accuracies of all cells; zero where a training diverged. */
    private List<double[]> accuracies(NetworkEngine engine) {
        TrainingLoop loop = new TrainingLoop(
                engine,
                new CheckpointDirectory(directory.resolve(engine.name()), Optional.empty()),
                new DataSets(new DataFolder(directory)));
        List<double[]> accuracies = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(32);
            double[] ofCells = new double[CELLS];
            for (int cell = 0; cell < CELLS; cell++) {
                Outcome outcome = loop.train(
                        new TrainingTask(job(SearchSpace.full().random(1 + cell % 3, random), cell, seed)),
                        new Heard());
                ofCells[cell] = outcome instanceof Outcome.Trained trained ? trained.accuracy() : 0;
            }
            accuracies.add(ofCells);
        }
        return accuracies;
    }

    private static TrainingJob job(Cell cell, int number, int seed) {
        TrainingSettings demo =
                new TrainingSettings(Optimizer.SGD, 0.1, 0.9, 5e-4, 32, 4, 0, 0, Augmentation.NONE, Precision.FP32, 1);
        return new TrainingJob(
                TrainingJob.SCHEMA_VERSION,
                "experiment",
                "trial-" + number + "-" + seed,
                1,
                cell.canonical(),
                DataSet.digits(0),
                new Layout(Layout.Kind.CIFAR, 1, 8),
                demo,
                false,
                1000L * number + seed,
                null,
                null);
    }

    private static double ofCell(List<double[]> seeds, int cell) {
        return seeds.stream()
                .mapToDouble(accuracies -> accuracies[cell])
                .average()
                .orElseThrow();
    }

    private static double correlation(double[] some, double[] others) {
        return Correlation.spearman(some, others).orElseThrow();
    }

    private static double mean(List<Double> numbers) {
        return mean(numbers.stream().mapToDouble(each -> each).toArray());
    }

    private static double mean(double[] numbers) {
        return Arrays.stream(numbers).average().orElseThrow();
    }

    private static double deviation(double[] numbers) {
        double mean = mean(numbers);
        double squares = Arrays.stream(numbers)
                .map(each -> (each - mean) * (each - mean))
                .sum();
        return Math.sqrt(squares / (numbers.length - 1));
    }

    private static double least(List<Double> numbers) {
        return numbers.stream().mapToDouble(each -> each).min().orElseThrow();
    }

    private static List<String> numbers(List<Double> numbers) {
        return numbers.stream()
                .map(each -> String.format(Locale.ROOT, "%.3f", each))
                .toList();
    }
}
