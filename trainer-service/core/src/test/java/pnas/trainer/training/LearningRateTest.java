package pnas.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
    @Test
    void decays_by_a_cosine_from_the_first_rate_to_0() {
        assertThat(LearningRate.at(0.1, 0, 100)).isEqualTo(0.1);
        assertThat(LearningRate.at(0.1, 25, 100)).isCloseTo(0.085355339, within(1e-9));
        assertThat(LearningRate.at(0.1, 50, 100)).isCloseTo(0.05, within(1e-9));
        assertThat(LearningRate.at(0.1, 100, 100)).isCloseTo(0, within(1e-9));
    }
}
