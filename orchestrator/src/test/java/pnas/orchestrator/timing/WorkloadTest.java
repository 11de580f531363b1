package pnas.orchestrator.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final Estimate NOTHING = new Estimate(0, 0, 0, false);

    @Test
    void a_free_slot_takes_the_longest_that_waits() {
        Workload workload = new Workload(
                List.of(TimePrediction.known(4)),
                List.of(
                        TimePrediction.known(1),
                        TimePrediction.known(3),
                        TimePrediction.known(2),
                        TimePrediction.known(2)));

        // One slot does 3, then 2; the other is free at 4 and does 2 and then 1 of those left, whichever is free first.
        assertThat(workload.span(2).seconds()).isEqualTo(6);
        assertThat(workload.span(1.5).seconds()).isEqualTo(8);
        assertThat(workload.span(1).seconds()).isEqualTo(12);
        assertThat(workload.span(0.5).seconds()).isEqualTo(24);
        assertThat(workload.span(9).seconds()).isEqualTo(4);
        assertThat(workload.sum().seconds()).isEqualTo(12);
    }

    @Test
    void what_runs_now_has_its_slots() {
        Workload workload = new Workload(List.of(TimePrediction.known(4), TimePrediction.known(7)), List.of());

        assertThat(workload.span(1).seconds()).isEqualTo(7);
    }

    @Test
    void chance_evens_out_over_many_and_the_model_does_not() {
        TimePrediction one = new TimePrediction(10, 0.1, 0.2, false);
        Estimate alone = new Workload(List.of(), List.of(one)).sum();
        Estimate hundred = new Workload(List.of(), Collections.nCopies(100, one)).sum();

        assertThat(Math.log(alone.high() / alone.seconds())).isCloseTo(1.645 * Math.sqrt(0.05), within(1e-9));
        assertThat(Math.log(hundred.high() / hundred.seconds()))
                .isCloseTo(1.645 * Math.sqrt(0.01 + 0.04 / 100), within(1e-9));
        assertThat(hundred.seconds() / hundred.low()).isCloseTo(hundred.high() / hundred.seconds(), within(1e-9));
    }

    @Test
    void nothing_takes_no_time() {
        assertThat(new Workload(List.of(), List.of()).span(3)).isEqualTo(NOTHING);
        assertThat(new Workload(List.of(), List.of(TimePrediction.known(0))).span(3))
                .isEqualTo(NOTHING);
    }

    @Test
    void one_guess_makes_all_of_it_a_guess() {
        TimePrediction guess = new TimePrediction(1, 1.5, 0.3, true);

        assertThat(new Workload(List.of(), List.of(TimePrediction.known(5), guess))
                        .sum()
                        .guess())
                .isTrue();
        assertThat(NOTHING.plus(new Workload(List.of(guess), List.of()).span(1)).guess())
                .isTrue();
    }
}
