package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    private static final RestartPolicy POLICY = RestartPolicy.DEFAULT;

    @Test
    void the_pause_doubles_with_each_end_in_a_row_up_to_half_a_minute_and_has_no_end() {
        assertThat(IntStream.rangeClosed(1, 8).mapToObj(POLICY::pause))
                .extracting(Duration::toMillis)
                .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
        assertThat(POLICY.pause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_process_that_lived_for_a_minute_ends_for_the_first_time() {
        assertThat(POLICY.row(4, Duration.ofMillis(59_999))).isEqualTo(5);
        assertThat(POLICY.row(4, Duration.ofMinutes(1))).isEqualTo(1);
    }

    @Test
    void a_person_hears_of_the_fifth_end_in_a_row() {
        assertThat(POLICY.isOften(4)).isFalse();
        assertThat(POLICY.isOften(5)).isTrue();
    }

    @Test
    void rejects_what_makes_no_policy() {
        assertThatThrownBy(() -> new RestartPolicy(0, Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("often must be positive, got 0");
        assertThatThrownBy(() -> new RestartPolicy(1, Duration.ofMinutes(1), Duration.ofSeconds(2), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("longestPause must not be below firstPause PT2S, got PT0S");
    }
}
