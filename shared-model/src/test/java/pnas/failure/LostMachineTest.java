package pnas.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LostMachineTest {
    @Test
    void memory_that_ran_out_is_found_behind_other_failures() {
        assertThat(LostMachine.isBehind(new OutOfMemoryError("Direct buffer memory")))
                .isTrue();
        assertThat(LostMachine.isBehind(new IllegalStateException(
                        new RuntimeException(new OutOfMemoryError("unable to create native thread")))))
                .isTrue();
    }

    @Test
    void other_failures_and_a_stack_that_is_too_deep_end_no_process() {
        LostMachine.endIf(new IllegalStateException("in passing"));
        LostMachine.endIf(new StackOverflowError());
        LostMachine.endIf(new AssertionError());
    }
}
