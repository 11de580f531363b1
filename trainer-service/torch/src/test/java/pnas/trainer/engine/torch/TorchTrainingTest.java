package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
import pnas.trainer.child.ChildLaunch;
import pnas.trainer.child.TrainingChild;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.Processor;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;

/** Whole trainings, as the service does them: in a process of their own, which finds the engine by its name. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TorchTrainingTest {
    private static final Duration LONG = Duration.ofSeconds(100);

    @TempDir
    private Path directory = Path.of("");

    private final List<FinishedEpoch> epochs = new ArrayList<>();

    @Test
    void learns_the_digits() {
        Outcome outcome;
        try (TrainingChild child = new TrainingChild(launch())) {
            outcome = train(
                    child,
                    "digits",
                    new TrainingSettings(
                            Optimizer.SGD, 0.1, 0.9, 5e-4, 32, 5, 0, 0, Augmentation.NONE, Precision.FP32, 1));
        }

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Trained.class, trained -> {
            assertThat(trained.accuracy()).isGreaterThanOrEqualTo(0.95);
            assertThat(trained.trainedBy().engine()).isEqualTo("torch");
            assertThat(trained.trainedBy().deviceKind()).isEqualTo(Processor.modelName());
            assertThat(trained.replayed()).isFalse();
        });
        assertThat(epochs).extracting(FinishedEpoch::epoch).containsExactly(1, 2, 3, 4, 5);
        assertThat(epochs.getLast().trainingLoss()).isLessThan(epochs.getFirst().trainingLoss() / 4);
    }

    @Test
    void a_training_whose_loss_is_no_number_has_diverged_and_the_next_one_trains() {
        try (TrainingChild child = new TrainingChild(launch())) {
            // Decay of one at a rate of ten turns every weight into minus nine times itself.
            assertThat(train(
                            child,
                            "diverges",
                            new TrainingSettings(
                                    Optimizer.SGD, 10, 0.9, 1, 16, 2, 0, 0, Augmentation.NONE, Precision.FP32, 1)))
                    .isEqualTo(new Outcome.Diverged(1, child.machine()));
            assertThat(epochs).isEmpty();

            assertThat(train(
                            child,
                            "trains",
                            new TrainingSettings(
                                    Optimizer.ADAM, 0.01, 0, 0, 64, 1, 0.1, 0, Augmentation.NONE, Precision.FP32, 1)))
                    .isInstanceOf(Outcome.Trained.class);
        }
    }

    private Outcome train(TrainingChild child, String trial, TrainingSettings settings) {
        TrainingJob job = new TrainingJob(
                TrainingJob.SCHEMA_VERSION,
                "experiment",
                trial,
                1,
                Cell.parse("identity(c-1)+sep3x3(c-1)"),
                DataSet.digits(0),
                new Layout(Layout.Kind.CIFAR, 1, 8),
                settings,
                false,
                42,
                null,
                null);
        return child.train(new TrainingTask(job), new TrainingListener() {
            @Override
            public void stepped(long step, int epoch) {}

            @Override
            public void finished(FinishedEpoch epoch) {
                epochs.add(epoch);
            }
        });
    }

    private ChildLaunch launch() {
        return new ChildLaunch(
                TorchEngine.NAME,
                new EngineSettings("cpu", directory, directory, directory),
                LONG,
                LONG,
                OptionalLong.empty(),
                List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED"),
                Map.of());
    }
}
