package pnas.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.Heard;
import pnas.trainer.child.ChildLaunch;
import pnas.trainer.child.TrainingChild;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.TrainingTask;
import pnas.trainer.training.TrainingTask.StopReason;

/** What every engine does, in a process of its own, which finds the engine by its name. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class EngineContract {
    private static final Duration LONG = Duration.ofSeconds(250);

    @TempDir
    protected Path directory = Path.of("");

    /** Name of the engine. */
    protected abstract String engine();

    /** Options of the Java that loads it. */
    protected abstract List<String> javaOptions();

    /** A job that takes much longer than a test, so that its end is that of a request. */
    protected abstract TrainingJob longJob();

    @Test
    void says_what_it_is_and_stops_when_told() {
        try (TrainingChild child = child()) {
            assertThat(child.machine().engine()).isEqualTo(engine());
            assertThat(child.machine().engineVersion()).isNotBlank();
            assertThat(child.machine().deviceKind()).isNotBlank();
            assertThat(stopped(child, StopReason.CANCEL)).isEqualTo(new Outcome.Cancelled());
            assertThat(stopped(child, StopReason.RELEASE)).isEqualTo(new Outcome.Released(0));
        }
    }

    private Outcome stopped(TrainingChild child, StopReason reason) {
        TrainingTask task = new TrainingTask(longJob());
        task.stop(reason);
        return child.train(task, new Heard());
    }

    /** Where the models are. */
    protected final Path models() {
        return directory.resolve("models");
    }

    protected final TrainingChild child() {
        return child(OptionalLong.empty());
    }

    protected final TrainingChild child(OptionalLong memoryLimit) {
        return new TrainingChild(new ChildLaunch(
                engine(),
                new EngineSettings("cpu", directory, Optional.of(models()), directory, directory, directory, false),
                LONG,
                LONG,
                memoryLimit,
                javaOptions(),
                Map.of()));
    }
}
