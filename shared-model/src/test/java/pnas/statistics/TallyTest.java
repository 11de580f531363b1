package pnas.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // planned | trained | replayed | reused | diverged | failed | cancelled | set aside | open | measured |
                // others
                "stopped by a budget | 152 | 20 | 0 | 0 | 0 | 0 | 116 | 0 | 0 | 20 of 152 trained | 116 cancelled",
                "all failed | 3 | 0 | 0 | 0 | 0 | 3 | 0 | 0 | 0 | 0 of 3 trained | 3 failed",
                "replayed | 152 | 0 | 152 | 0 | 0 | 0 | 0 | 0 | 0 | 152 of 152 replayed | ''",
                "reused | 3 | 0 | 0 | 2 | 1 | 0 | 0 | 0 | 0 | 2 of 3 reused | 1 diverged",
                "mixed | 1160 | 1000 | 0 | 30 | 0 | 1 | 0 | 0 | 0 | 1,030 of 1,160 measured | 1,000 trained, 30 reused, 1 failed",
                "extended | 11 | 11 | 0 | 0 | 0 | 0 | 0 | 4 | 0 | 11 of 11 trained | 4 set aside",
                "just begun | 152 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 136 | 0 of 152 trained | ''"
            })
    void says_what_was_measured_and_what_became_of_the_others(
            String what,
            long planned,
            long trained,
            long replayed,
            long reused,
            long diverged,
            long failed,
            long cancelled,
            long setAside,
            long open,
            String measured,
            String others) {
        Tally tally = new Tally(trained, replayed, reused, diverged, failed, cancelled, setAside, 0, open);

        assertThat(tally.measuredOf(planned)).as(what).isEqualTo(measured);
        assertThat(tally.others()).as(what).isEqualTo(others);
    }

    @Test
    void sums_and_leaves_out_what_is_set_aside() {
        Tally tally = new Tally(1, 2, 4, 8, 16, 32, 64, 128, 256);

        assertThat(tally.measured()).isEqualTo(1 + 2 + 4);
        assertThat(tally.withoutResult()).isEqualTo(8 + 16 + 32);
        assertThat(tally.ended()).isEqualTo(63);
        assertThat(tally.trials()).isEqualTo(63 + 128 + 256);
        assertThat(tally.plus(Tally.NONE)).isEqualTo(tally);
        assertThat(tally.plus(tally)).isEqualTo(new Tally(2, 4, 8, 16, 32, 64, 128, 256, 512));
        assertThat(tally.allButTrained())
                .isEqualTo("2 replayed, 4 reused, 16 failed, 8 diverged, 32 cancelled, 64 set aside");
        assertThat(tally.lost()).isEqualTo("16 failed, 8 diverged, 32 cancelled");
    }
}
