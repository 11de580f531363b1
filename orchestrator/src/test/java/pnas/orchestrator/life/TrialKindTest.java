package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.statistics.Tally;

class TrialKindTest {
    @ParameterizedTest
    @CsvSource({
        // state,    replayed, reused, set aside, counts as
        "TRAINED,    false,    false,  false,     TRAINED",
        "TRAINED,    true,     false,  false,     REPLAYED",
        "TRAINED,    false,    true,   false,     REUSED",
        "TRAINED,    false,    false,  true,      SET_ASIDE",
        "TRAINED,    true,     false,  true,      SET_ASIDE",
        "DIVERGED,   false,    false,  false,     DIVERGED",
        "DIVERGED,   false,    true,   false,     DIVERGED",
        "FAILED,     false,    false,  false,     FAILED",
        "FAILED,     false,    false,  true,      SET_ASIDE",
        "CANCELLED,  false,    false,  false,     CANCELLED",
        "RUNNING,    false,    false,  false,     RUNNING",
        "DISPATCHED, false,    false,  false,     DISPATCHED",
        "QUEUED,     false,    false,  false,     QUEUED"
    })
    void a_trial_counts_as_one_kind(
            TrialState state, boolean replayed, boolean reused, boolean setAside, TrialKind expected) {
        assertThat(TrialKind.of(state, replayed, reused, setAside)).isEqualTo(expected);
    }

    @Test
    void each_kind_is_in_one_number() {
        Map<TrialKind, Long> different =
                Arrays.stream(TrialKind.values()).collect(Collectors.toMap(kind -> kind, kind -> 1L << kind.ordinal()));

        Tally all = TrialKind.tally(different);

        assertThat(all.trials() + all.setAside()).isEqualTo((1L << TrialKind.values().length) - 1);
        assertThat(all.measured()).isEqualTo(0b111);
        assertThat(all.queued()).isEqualTo((1L << TrialKind.QUEUED.ordinal()) + (1L << TrialKind.DISPATCHED.ordinal()));
        assertThat(all.plus(Tally.NONE)).isEqualTo(all);
        assertThat(all.plus(all).failed()).isEqualTo(2 * all.failed());
    }
}
