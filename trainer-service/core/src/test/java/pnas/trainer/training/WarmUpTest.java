package pnas.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.dataset.DataFolder;
import pnas.message.TrainingSettings;
import pnas.network.Network;
import pnas.trainer.checkpoint.CheckpointDirectory;
import pnas.trainer.dataset.DataSets;

class WarmUpTest {
    @TempDir
    private Path directory = Path.of("");

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void ends_at_its_next_step_where_a_job_has_come() {
        loop(/* compiledAsItRuns= */ true).warmUp(() -> asked.incrementAndGet() == 3);

        assertThat(asked).hasValue(3);
    }

    @Test
    void ends_by_itself_where_none_comes() {
        loop(/* compiledAsItRuns= */ true).warmUp(() -> asked.incrementAndGet() < 0);

        assertThat(asked).hasValueBetween(10, 1000);
    }

    @Test
    void is_nothing_for_an_engine_that_is_quick_from_the_start() {
        loop(/* compiledAsItRuns= */ false).warmUp(() -> asked.incrementAndGet() < 0);

        assertThat(asked).hasValue(0);
    }

    private TrainingLoop loop(boolean compiledAsItRuns) {
        SoftmaxEngine softmax = new SoftmaxEngine("1");
        NetworkEngine engine = new NetworkEngine() {
            @Override
            public String name() {
                return softmax.name();
            }

            @Override
            public String version() {
                return softmax.version();
            }

            @Override
            public String deviceKind() {
                return softmax.deviceKind();
            }

            @Override
            public boolean isCompiledAsItRuns() {
                return compiledAsItRuns;
            }

            @Override
            public TrainableNetwork create(Network network, TrainingSettings settings, long seed) {
                return softmax.create(network, settings, seed);
            }
        };
        return new TrainingLoop(
                engine, new CheckpointDirectory(directory, Optional.empty()), new DataSets(new DataFolder(directory)));
    }
}
