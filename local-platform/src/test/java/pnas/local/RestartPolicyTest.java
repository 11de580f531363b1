package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.local.RestartPolicy.Decision.GiveUp;
import pnas.local.RestartPolicy.Decision.Restart;

class RestartPolicyTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void the_pause_doubles_with_each_recent_end_until_the_fifth() {
        List<RestartPolicy.Decision> decisions = IntStream.rangeClosed(1, 5)
                .mapToObj(ends -> RestartPolicy.DEFAULT.decide(endsEachSecond(ends), NOW))
                .toList();

        assertThat(decisions)
                .containsExactly(
                        new Restart(Duration.ofMillis(500)),
                        new Restart(Duration.ofSeconds(1)),
                        new Restart(Duration.ofSeconds(2)),
                        new Restart(Duration.ofSeconds(4)),
                        new GiveUp());
    }

    @Test
    void an_end_of_a_minute_ago_does_not_count() {
        List<Instant> ends =
                List.of(NOW.minusSeconds(300), NOW.minusSeconds(120), NOW.minusSeconds(90), NOW.minusSeconds(60), NOW);

        assertThat(RestartPolicy.DEFAULT.decide(ends, NOW)).isEqualTo(new Restart(Duration.ofMillis(500)));
    }

    @Test
    void rejects_a_limit_of_zero() {
        assertThatThrownBy(() -> new RestartPolicy(0, Duration.ofMinutes(1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be positive, got 0");
    }

    private static List<Instant> endsEachSecond(int count) {
        return IntStream.range(0, count).mapToObj(NOW::minusSeconds).toList();
    }
}
