package pnas.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class CorrelationTest {
    private static final double[] X = {.3, .1, .4, .1, .5, .9, .2, .6};
    private static final double[] Y = {2, 7, 1, 8, 2, 8, 1, 8};

    @Test
    void agrees_with_scipy_where_values_are_tied() {
        assertThat(Correlation.pearson(X, Y).orElseThrow()).isCloseTo(0.20965531907301216, within(1e-14));
        assertThat(Correlation.spearman(X, Y).orElseThrow()).isCloseTo(0.19885368120992467, within(1e-14));
        assertThat(Correlation.kendall(X, Y).orElseThrow()).isCloseTo(0.16051447078102563, within(1e-14));
    }

    @Test
    void is_one_for_equal_and_minus_one_for_opposite_series() {
        double[] opposite = {-.3, -.1, -.4, -.1, -.5, -.9, -.2, -.6};
        assertThat(Correlation.pearson(X, X).orElseThrow()).isCloseTo(1, within(1e-14));
        assertThat(Correlation.spearman(X, X).orElseThrow()).isCloseTo(1, within(1e-14));
        assertThat(Correlation.kendall(X, X).orElseThrow()).isCloseTo(1, within(1e-14));
        assertThat(Correlation.spearman(X, opposite).orElseThrow()).isCloseTo(-1, within(1e-14));
        assertThat(Correlation.kendall(X, opposite).orElseThrow()).isCloseTo(-1, within(1e-14));
    }

    @Test
    void is_absent_where_a_series_does_not_vary() {
        double[] constant = {.1, .1, .1};
        double[] varied = {1, 2, 3};
        assertThat(Correlation.pearson(constant, varied)).isEmpty();
        assertThat(Correlation.spearman(varied, constant)).isEmpty();
        assertThat(Correlation.kendall(constant, varied)).isEmpty();
        assertThat(Correlation.pearson(new double[0], new double[0])).isEmpty();
    }

    @Test
    void refuses_series_of_different_lengths_and_values_that_are_not_finite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.spearman(X, new double[3]))
                .withMessage("both series must have the same length, got 8 and 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.kendall(new double[] {1, Double.NaN}, new double[] {1, 2}))
                .withMessage("every value must be finite");
    }
}
