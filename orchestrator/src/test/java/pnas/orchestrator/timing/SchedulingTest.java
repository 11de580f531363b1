package pnas.orchestrator.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The benchmark with fewer repetitions: nothing in it is timed, so that its figures are the same everywhere. */
class SchedulingTest {
    @Test
    void a_stage_of_256_on_32_slots_is_idle_for_a_twentieth_at_most_where_the_longest_go_first() {
        LongStream.range(0, 5).mapToObj(SimulatedStage::of).forEach(stage -> {
            assertThat(stage.idleShareLongestFirst()).isLessThanOrEqualTo(0.05);
            assertThat(stage.idleShareFirstInFirstOut()).isGreaterThan(stage.idleShareLongestFirst());
        });
    }
}
