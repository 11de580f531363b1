package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.failure.ErrorCode;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.life.Retries.Next;
import pnas.orchestrator.life.Retries.Setback;

class RetriesTest {
    private static final int LIMIT = 4;
    private static final Machine MACHINE = new Machine("torch", "1", "cpu");

    @Test
    void results_are_no_setbacks() {
        assertThat(Setback.of(new Outcome.Trained(0.5, MACHINE, false))).isNull();
        assertThat(Setback.of(new Outcome.Diverged(1, MACHINE))).isNull();
    }

    @Test
    void a_crash_and_a_stall_count_until_the_limit() {
        for (Outcome outcome : Arrays.asList(new Outcome.Crashed("signal 9"), new Outcome.Stalled("no step"))) {
            for (int failures = 0; failures < LIMIT - 1; failures++) {
                Next next = after(outcome, failures, false);
                assertThat(next.retry()).isTrue();
                assertThat(next.counts()).isTrue();
                assertThat(next.halfBatch()).isFalse();
            }
            Next last = after(outcome, LIMIT - 1, false);
            assertThat(last.retry()).isFalse();
            assertThat(last.cause()).startsWith("4 attempts failed, the last one: ");
        }
    }

    @Test
    void memory_that_runs_out_halves_the_batch_once() {
        Next first = after(new Outcome.OutOfMemory("8 GiB"), 0, false);
        assertThat(first).isEqualTo(new Next(true, false, true, "out of memory: 8 GiB"));

        Next second = after(new Outcome.OutOfMemory("8 GiB"), 0, true);
        assertThat(second.retry()).isFalse();
        assertThat(second.cause()).isEqualTo("out of memory, with half the batch too: 8 GiB");
    }

    @Test
    void a_trial_that_is_given_back_or_stopped_does_not_count_however_often() {
        assertThat(after(new Outcome.Released(2), LIMIT - 1, true)).isEqualTo(new Next(true, false, true, null));
        assertThat(after(new Outcome.Cancelled(), LIMIT - 1, false)).isEqualTo(new Next(true, false, false, null));
    }

    @ParameterizedTest
    @EnumSource
    void the_kind_of_a_code_alone_decides_whether_a_failure_is_tried_again(ErrorCode code) {
        Next next = after(new Outcome.Failed(code, "why"), 0, false);
        assertThat(next.retry()).isEqualTo(code.kind().isTransient());
        assertThat(next.cause()).isEqualTo(code + ": why");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 1", "PT-1S, 1", "PT1S, 0"})
    void refuses_terms_under_which_no_trial_could_end(Duration duration, int attempts) {
        assertThat(new LeaseTerms(Duration.ofNanos(1), 1).attempts()).isOne();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LeaseTerms(duration, attempts))
                .withMessage("a lease of " + duration + " and " + attempts + " attempts");
    }

    @ParameterizedTest
    @EnumSource
    void a_row_is_read_as_the_outcome_that_it_tells(AttemptOutcome outcome) {
        assertThat(AttemptOutcome.of(outcome.text())).isEqualTo(outcome);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttemptOutcome.of(outcome.name() + "?"))
                .withMessage("no attempt ends as " + outcome.name() + "?");
    }

    private static Next after(Outcome outcome, int failures, boolean halfBatch) {
        return Retries.after(Objects.requireNonNull(Setback.of(outcome)), failures, LIMIT, halfBatch);
    }
}
