package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.cell.Cell;
import pnas.message.DataSet;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Outcome;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Layout;
import pnas.space.SearchSpace;
import pnas.trainer.child.ChildLaunch;
import pnas.trainer.child.TrainingChild;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;

/**
 * Resident memory of one child that trains 200 different networks one after the other, in batches of the preset {@code demo} and started as the
 * service starts it. Not part of the suite; prints the series (docs/benchmarks.md).
 */
class ManyNetworksBenchmark {
    private static final int NETWORKS = 200;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String OPTIONS = "pnas.trainer.child.java-options";
    private static final String ENVIRONMENT = "pnas.trainer.child.environment.";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void memory_of_200_networks_one_after_the_other() throws IOException {
        ChildLaunch launch = new ChildLaunch(
                TorchEngine.NAME,
                new EngineSettings("cpu", directory, Optional.empty(), directory, directory, directory, false),
                LONG,
                LONG,
                OptionalLong.empty(),
                javaOptions(),
                environment());
        double[] megabytes = new double[NETWORKS];
        try (TrainingChild child = new TrainingChild(launch)) {
            List<Cell> cells = cells();
            for (int i = 0; i < NETWORKS; i++) {
                assertThat(child.train(new TrainingTask(job(cells.get(i), i)), new Silent()))
                        .isInstanceOf(Outcome.Trained.class);
                megabytes[i] = residentMegabytes();
                if (i % 10 == 9) {
                    System.out.printf("%4d %.1f MB%n", i + 1, megabytes[i]);
                }
            }
        }
        double first = Arrays.stream(megabytes, 0, NETWORKS / 2).average().orElseThrow();
        double last = Arrays.stream(megabytes, NETWORKS / 2, NETWORKS).average().orElseThrow();
        System.out.printf(
                "mean of the first 100: %.1f MB, of the last 100: %.1f MB, ratio %.4f%n", first, last, last / first);
    }

    /** The options of Java that the service gives the process that trains. */
    private static List<String> javaOptions() throws IOException {
        return List.of(serviceSettings().getProperty(OPTIONS).split(","));
    }

    /** The variables that the service gives the process that trains. */
    private static Map<String, String> environment() throws IOException {
        Properties settings = serviceSettings();
        return settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith(ENVIRONMENT))
                .collect(Collectors.toMap(name -> name.substring(ENVIRONMENT.length()), settings::getProperty));
    }

    private static Properties serviceSettings() throws IOException {
        Properties settings = new Properties();
        try (var in = TorchEngine.class.getResourceAsStream("/application.properties")) {
            settings.load(in);
        }
        return settings;
    }

    /** Different cells of one to three blocks, in random order. */
    private static List<Cell> cells() {
        SearchSpace space = SearchSpace.full();
        Random random = new Random(1);
        Set<String> texts = new TreeSet<>();
        List<Cell> cells = new ArrayList<>();
        while (cells.size() < NETWORKS) {
            Cell cell = space.random(1 + random.nextInt(3), random);
            if (texts.add(cell.text())) {
                cells.add(cell);
            }
        }
        return cells;
    }

    private static TrainingJob job(Cell cell, int number) {
        return new TrainingJob(
                TrainingJob.SCHEMA_VERSION,
                "experiment",
                "trial-" + number,
                1,
                cell,
                DataSet.digits(0),
                new Layout(Layout.Kind.CIFAR, 1, 8),
                new TrainingSettings(Optimizer.SGD, 0.05, 0.9, 5e-4, 32, 1, 0, 0, Augmentation.NONE, Precision.FP32, 1),
                false,
                number,
                null,
                null);
    }

    private static double residentMegabytes() throws IOException {
        long child =
                ProcessHandle.current().children().findFirst().orElseThrow().pid();
        try (var lines = Files.lines(Path.of("/proc", Long.toString(child), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    / 1024.0;
        }
    }

    private static final class Silent implements TrainingListener {
        @Override
        public void stepped(long step, int epoch) {}

        @Override
        public void finished(FinishedEpoch epoch) {}
    }
}
