package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.orchestrator.life.RankingTerms.Verdict;
import pnas.orchestrator.life.ranking.RankingProgress;

class RankingTermsTest {
    private static final Instant START = Instant.parse("2026-03-01T14:00:00Z");
    private static final RankingTerms TERMS = new RankingTerms(Duration.ofMinutes(2), 4, Duration.ofMinutes(2));

    /** Seconds from the start; a request is sent again after 120 s of silence, four times. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # sent | heard | tries |  now | verdict
              -    |  -    |  0    |    0 | ASK
              0    |  -    |  1    |    0 | WAIT
              0    |  -    |  1    |  120 | WAIT
              0    |  -    |  1    |  121 | ASK
              0    |  -    |  4    |  121 | ASK
              0    |  -    |  5    |  120 | WAIT
              0    |  -    |  5    |  121 | GIVE_UP
              0    |  10   |  1    |  130 | WAIT
              0    |  10   |  1    |  131 | ASK
              0    |  280  |  1    |  285 | WAIT
              0    |  7200 |  1    | 7300 | WAIT
              0    |  7200 |  5    | 7300 | WAIT
              0    |  7200 |  5    | 7321 | GIVE_UP
            # A sign of the time before it was sent again says nothing of what became of that.
              200  |  10   |  2    |  320 | WAIT
              200  |  10   |  2    |  321 | ASK
            # Its answer was a failure that passes.
              -    |  10   |  1    |   11 | ASK
              -    |  10   |  4    |   11 | ASK
              -    |  10   |  5    |   11 | GIVE_UP
              -    |  -    |  5    |   11 | GIVE_UP
            """)
    void a_request_is_sent_again_after_silence_and_given_up_after_some_tries(
            @Nullable Integer sent, @Nullable Integer heard, int tries, int now, Verdict verdict) {
        assertThat(verdict(at(sent), at(heard), tries, START.plusSeconds(now))).isEqualTo(verdict);
    }

    /** Candidates of a stage of 4,096 cells were ranked in 285 s; twenty such requests wait for two threads. */
    @Test
    void a_request_that_waits_behind_others_for_an_hour_is_sent_once() {
        Instant heard = START;
        for (int second = 10; second <= 3600; second += 10) {
            assertThat(verdict(START, heard, 1, START.plusSeconds(second))).isEqualTo(Verdict.WAIT);
            heard = START.plusSeconds(second);
        }
    }

    /** One that is never sent again is none of them. */
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0, PT1S, a patience of PT0S", "PT-1S, 0, PT1S, a patience of PT-1S",
        "PT1S, -1, PT1S, -1 repetitions", "PT1S, 0, PT0S, PT0S to work"
    })
    void refuses_terms_under_which_nobody_could_answer(
            Duration patience, int repetitions, Duration working, String problem) {
        assertThat(new RankingTerms(Duration.ofNanos(1), 0, Duration.ofNanos(1)).repetitions())
                .isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RankingTerms(patience, repetitions, working))
                .withMessageContaining(problem);
    }

    private static Verdict verdict(@Nullable Instant sent, @Nullable Instant heard, int tries, Instant now) {
        RankingProgress progress = heard == null ? null : new RankingProgress(heard, true, 0, null);
        return TERMS.verdict(new Stage.Asking(new UUID(0, 1), tries, sent, null, progress), now);
    }

    private static @Nullable Instant at(@Nullable Integer seconds) {
        return seconds == null ? null : START.plusSeconds(seconds);
    }
}
