package pnas.orchestrator.life.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.RankingMessage.SignOfLife;

class RankingProgressTest {
    private static final Instant NOW = Instant.parse("2026-03-01T14:00:00Z");

    @Test
    void keeps_what_a_sign_of_life_tells_and_when() {
        assertThat(RankingProgress.of(sign(false, 20, 12.5), 30, NOW))
                .isEqualTo(new RankingProgress(NOW, false, 20, 12.5));
    }

    @Test
    void refuses_a_sign_of_life_of_another_number_of_candidates() {
        assertThatThrownBy(() -> RankingProgress.of(sign(false, 20, 12.5), 31, NOW))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE))
                .hasMessage("the sign of life is not of its request: it tells of 30 candidates, the request held 31");
    }

    @Test
    void that_a_request_still_waits_is_no_news() {
        RankingProgress waits = RankingProgress.of(sign(true, 0, null), 30, NOW);
        RankingProgress later = RankingProgress.of(sign(true, 0, null), 30, NOW.plusSeconds(10));
        RankingProgress begun = RankingProgress.of(sign(false, 0, null), 30, NOW.plusSeconds(20));
        RankingProgress scored = RankingProgress.of(sign(false, 20, 12.5), 30, NOW.plusSeconds(30));

        assertThat(waits.isNews(null)).isTrue();
        assertThat(later.isNews(waits)).isFalse();
        assertThat(begun.isNews(later)).isTrue();
        assertThat(scored.isNews(begun)).isTrue();
    }

    private static SignOfLife sign(boolean waits, int scored, @Nullable Double left) {
        return new SignOfLife(1, UUID.randomUUID(), "k3m9q2xa", waits, scored, 30, left);
    }
}
