package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.dataset.DataFolder;
import pnas.trainer.checkpoint.CheckpointDirectory;
import pnas.trainer.dataset.DataSets;
import pnas.trainer.training.TrainingLoop;

class WarmUpTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void steps_until_a_job_has_come() {
        AtomicInteger asked = new AtomicInteger();
        new TrainingLoop(
                        new VectorEngine("cpu"),
                        new CheckpointDirectory(directory, Optional.empty()),
                        new DataSets(new DataFolder(directory)))
                .warmUp(() -> asked.incrementAndGet() == 3);

        assertThat(asked).hasValue(3);
    }
}
