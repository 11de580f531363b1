package pnas.predictor.fitting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class BoundedMinimizerTest {
    private int evaluations;

    /** Rosenbrock's valley, whose minimum is 0 at (1, 1). */
    private double valley(double[] at, double[] gradient) {
        evaluations++;
        double rise = at[1] - at[0] * at[0];
        gradient[0] = -400 * at[0] * rise - 2 * (1 - at[0]);
        gradient[1] = 200 * rise;
        return 100 * rise * rise + (1 - at[0]) * (1 - at[0]);
    }

    @Test
    void finds_a_minimum_at_the_end_of_a_curved_valley() {
        double[] found = new BoundedMinimizer(-9, 5, 1e-6).minimize(this::valley, new double[] {-1.2, 1});
        assertThat(found).containsExactly(new double[] {1, 1}, within(1e-5));
        assertThat(evaluations).isLessThan(100);
    }

    @Test
    void stays_within_the_bounds_and_minimizes_along_them() {
        double[] found = new BoundedMinimizer(-0.5, 0.5, 1e-6).minimize(this::valley, new double[] {0, 0});
        assertThat(found).containsExactly(new double[] {0.5, 0.25}, within(1e-5));
    }

    @Test
    void steps_back_from_where_the_function_is_undefined() {
        Objective logarithm = (at, gradient) -> {
            gradient[0] = 1 - 0.01 / at[0];
            return at[0] > 0 ? at[0] - 0.01 * Math.log(at[0]) : Double.NaN;
        };
        assertThat(new BoundedMinimizer(-9, 5, 1e-6).minimize(logarithm, new double[] {4})[0])
                .isCloseTo(0.01, within(1e-5));
    }

    @Test
    void refuses_a_start_without_a_value() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new BoundedMinimizer(0, 1, 1e-6).minimize((at, gradient) -> Double.NaN, new double[1]))
                .withMessage("the function must be finite at the start, got NaN");
    }
}
