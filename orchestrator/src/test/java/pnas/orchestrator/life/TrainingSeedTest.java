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
        assertThat(TrainingSeed.of(experimentSeed, cellId, 0)).isEqualTo(expected);
    }

    /** Computed with Python's hashlib. */
    @ParameterizedTest
    @CsvSource({"0, 1, 1488269114677440208", "0, 2, 9130539346342552534", "-7, 1, 4707204156759968630"})
    void a_repeat_has_a_seed_of_its_own(long experimentSeed, int repeat, long expected) {
        assertThat(TrainingSeed.of(experimentSeed, "67dab768b4d66c13", repeat)).isEqualTo(expected);
    }
}
