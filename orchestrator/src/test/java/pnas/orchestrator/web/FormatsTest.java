package pnas.orchestrator.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.life.TrialState;

final class FormatsTest {
    @Test
    void writes_shares_as_percent_with_two_decimals() {
        assertThat(Formats.percent(0.97314)).isEqualTo("97.31 %");
        assertThat(Formats.percent(1.0)).isEqualTo("100.00 %");
    }

    @Test
    void groups_thousands() {
        assertThat(Formats.grouped(999)).isEqualTo("999");
        assertThat(Formats.grouped(3_189_082L)).isEqualTo("3,189,082");
    }

    @Test
    void writes_large_numbers_with_three_digits_and_a_unit() {
        assertThat(Formats.brief(9_999L)).isEqualTo("9,999");
        assertThat(Formats.brief(12_345L)).isEqualTo("12.3 k");
        assertThat(Formats.brief(999_499L)).isEqualTo("999 k");
        assertThat(Formats.brief(999_500L)).isEqualTo("1.00 M");
        assertThat(Formats.brief(574_891_392L)).isEqualTo("575 M");
        assertThat(Formats.brief(1_240_000_000L)).isEqualTo("1.24 G");
    }

    @Test
    void writes_times_in_utc() {
        Instant instant = Instant.parse("2026-01-02T03:04:05Z");

        assertThat(Formats.moment(instant)).isEqualTo("2 Jan 2026, 03:04 UTC");
        assertThat(Formats.clock(instant)).isEqualTo("03:04:05");
    }

    @Test
    void writes_states_in_small_letters() {
        assertThat(Formats.words(TrialState.DIVERGED)).isEqualTo("diverged");
    }
}
