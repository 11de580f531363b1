package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingSeedTest {
    /** Computed with Python's hashlib. */
    @ParameterizedTest
    @CsvSource({"0, 67dab768b4d66c13, 4451024879427640201", "-7, 67dab768b4d66c13, 2273475518224032842"})
    void depends_on_the_experiments_seed_and_the_cell(long experimentSeed, String cellId, long expected) {
        assertThat(TrainingSeed.of(experimentSeed, cellId)).isEqualTo(expected);
    }
}
