package pnas.predictor.fitting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class ActivationTest {
    @Test
    void follows_the_hyperbolic_tangent_to_the_precision_of_a_float() {
        for (float x = -12; x <= 12; x += 0.001f) {
            assertThat((double) Activation.tanh(x)).isCloseTo(StrictMath.tanh(x), within(5e-7));
        }
        assertThat(Activation.tanh(Float.NaN)).isNaN();
    }

    @Test
    void squashes_each_element_by_its_own_function() {
        float[] row = {-3, 0.5f, 0.5f};
        Activation.squash(row, new float[] {0.5f, 0.5f, 0}, new float[] {0.5f, 0.5f, 1});
        assertThat((double) row[0]).isCloseTo(1 / (1 + Math.exp(3)), within(5e-7));
        assertThat((double) row[1]).isCloseTo(1 / (1 + Math.exp(-0.5)), within(5e-7));
        assertThat((double) row[2]).isCloseTo(Math.tanh(0.5), within(5e-7));
    }
}
