package pnas.trainer.engine.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import pnas.cell.Cell;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.training.Batch;

/** What benchmarks train: the best published cell of the preset {@code slides}, and how the service starts the process that trains it. */
final class PublishedCell {
    static final int PARAMETERS = 736_786;
    static final int BATCH = 64;
    static final double LEARNING_RATE = 0.01;

    private static final ImageShape IMAGE = new ImageShape(32, 32, 3);
    private static final int CLASSES = 10;
    private static final String OPTIONS = "pnas.trainer.child.java-options";
    private static final String ENVIRONMENT = "pnas.trainer.child.environment.";

    private PublishedCell() {}

    static Network network() {
        Cell cell = Cell.parse("sep3x3(c-1)+sep5x5(c-2) | sep3x3(c-1)+sep5x5(c-2) | sep3x3(c-1)+sep7x7(c-2)")
                .canonical();
        return NetworkBuilder.build(cell, new Layout(Layout.Kind.SLIDES, 2, 24), IMAGE, CLASSES, 0);
    }

    static TrainingSettings settings(Precision precision) {
        return new TrainingSettings(
                Optimizer.ADAM, LEARNING_RATE, 0, 5e-4, BATCH, 1, 0, 0, Augmentation.NONE, precision, 1);
    }

    static Batch batch() {
        return Values.noise(1, BATCH, IMAGE, CLASSES);
    }

    /** The options of Java that the service gives the process that trains. */
    static List<String> javaOptions() {
        return List.of(serviceSettings().getProperty(OPTIONS).split(","));
    }

    /** The variables that the service gives the process that trains. */
    static Map<String, String> environment() {
        Properties settings = serviceSettings();
        return settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith(ENVIRONMENT))
                .collect(Collectors.toMap(name -> name.substring(ENVIRONMENT.length()), settings::getProperty));
    }

    private static Properties serviceSettings() {
        Properties settings = new Properties();
        try (var in = TorchEngine.class.getResourceAsStream("/application.properties")) {
            settings.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }
}
