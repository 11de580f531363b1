package pnas.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0.04, 0.0 s",
        "9.94, 9.9 s",
        "9.96, 10.0 s",
        "59.4, 59 s",
        "59.6, 1 min 0 s",
        "3599, 59 min 59 s",
        "3600, 1 h 0 min",
        "100000, 1 d 3 h"
    })
    void has_the_two_units_that_matter(double seconds, String text) {
        assertThat(Durations.text(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.9, less than 1 s", "1.4, 1 s", "9.4, 9 s", "80, 1 min 20 s"})
    void says_no_more_than_is_known_of_what_is_expected(double seconds, String text) {
        assertThat(Durations.expected(seconds)).isEqualTo(text);
    }
}
