package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import pnas.orchestrator.specification.Budget;

class BudgetTest {
    @Test
    void rejects_a_limit_of_nothing() {
        assertThatThrownBy(() -> new Budget(0, null, null)).hasMessage("trainings must be positive, got 0");
        assertThatThrownBy(() -> new Budget(null, -1.0, null)).hasMessage("trainerSeconds must be positive, got -1.0");
        assertThatThrownBy(() -> new Budget(null, null, Double.NaN))
                .hasMessage("wallClockSeconds must be positive, got NaN");
    }

    @Test
    void limits_nothing_where_nothing_is_said() {
        assertThat(new Spent(1000, 0, 1e9, 1e9).reaching(Budget.UNLIMITED)).isEmpty();
        assertThat(Budget.UNLIMITED.trainingsLeft(1000)).isNull();
        assertThat(Budget.UNLIMITED.isLimited()).isFalse();
    }

    @Test
    void trainings_are_spent_when_the_last_that_was_paid_for_has_ended() {
        Budget budget = new Budget(10, null, null);

        assertThat(budget.trainingsLeft(9)).isEqualTo(1);
        assertThat(new Spent(9, 0, 0, 0).reaching(budget)).isEmpty();
        assertThat(new Spent(10, 1, 0, 0).reaching(budget)).isEmpty();
        assertThat(new Spent(10, 0, 0, 0).reaching(budget))
                .hasValueSatisfying(reached -> assertThat(reached.field()).isEqualTo("budget.trainings"));
    }

    @Test
    void time_is_spent_whatever_runs() {
        assertThat(new Spent(1, 1, 60, 20).reaching(new Budget(null, 60.0, null)))
                .hasValueSatisfying(reached -> assertThat(reached.field()).isEqualTo("budget.trainerSeconds"));
        assertThat(new Spent(1, 1, 20, 60).reaching(new Budget(null, null, 60.0)))
                .hasValueSatisfying(reached -> assertThat(reached.field()).isEqualTo("budget.wallClockSeconds"));
        assertThat(new Spent(1, 1, 59, 59).reaching(new Budget(null, 60.0, 60.0)))
                .isEmpty();
    }
}
