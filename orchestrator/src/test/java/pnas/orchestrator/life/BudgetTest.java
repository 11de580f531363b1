package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

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
        assertThat(Budget.UNLIMITED.reachedBy(new Spent(1000, 0, 1e9, 1e9))).isEmpty();
        assertThat(Budget.UNLIMITED.trainingsLeft(1000)).isNull();
        assertThat(Budget.UNLIMITED.isLimited()).isFalse();
    }

    @Test
    void trainings_are_spent_when_the_last_that_was_paid_for_has_ended() {
        Budget budget = new Budget(10, null, null);

        assertThat(budget.trainingsLeft(9)).isEqualTo(1);
        assertThat(budget.reachedBy(new Spent(9, 0, 0, 0))).isEmpty();
        assertThat(budget.reachedBy(new Spent(10, 1, 0, 0))).isEmpty();
        assertThat(budget.reachedBy(new Spent(10, 0, 0, 0)))
                .hasValueSatisfying(reached -> assertThat(reached.field()).isEqualTo("budget.trainings"));
    }

    @Test
    void time_is_spent_whatever_runs() {
        assertThat(new Budget(null, 60.0, null).reachedBy(new Spent(1, 1, 60, 20)))
                .hasValueSatisfying(reached -> assertThat(reached.field()).isEqualTo("budget.trainerSeconds"));
        assertThat(new Budget(null, null, 60.0).reachedBy(new Spent(1, 1, 20, 60)))
                .hasValueSatisfying(reached -> assertThat(reached.field()).isEqualTo("budget.wallClockSeconds"));
        assertThat(new Budget(null, 60.0, 60.0).reachedBy(new Spent(1, 1, 59, 59)))
                .isEmpty();
    }
}
