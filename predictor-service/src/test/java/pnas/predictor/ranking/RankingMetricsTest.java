package pnas.predictor.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Cell;
import pnas.message.RankingAnswer;
import pnas.message.RankingAnswer.Histogram;
import pnas.message.RankingRequest;
import pnas.predictor.ranking.OpenRequests.Effect;
import pnas.predictor.ranking.OpenRequests.Progress;
import pnas.predictor.ranking.OpenRequests.Received;
import pnas.predictor.ranking.OpenRequests.Terms;

/** What a registry shows of requests that really are decided over. */
final class RankingMetricsTest {
    private static final Instant START = Instant.parse("2026-03-01T14:00:00Z");
    private static final Duration GATHERING = Duration.ofMinutes(2);

    private final OpenRequests<Integer> requests =
            new OpenRequests<>(new Terms(800, 24, 5_000, 2, Duration.ofSeconds(10), GATHERING));
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final RankingMetrics metrics = new RankingMetrics(registry, requests::gathering, requests::waiting);
    private final SampleRequest sample = new SampleRequest("a");
    private int offset;

    enum Outcome {
        RANKED,
        FAILED,
        INCOMPLETE
    }

    private void count(List<Effect<Integer>> effects) {
        effects.forEach(metrics::count);
    }

    private void read(List<RankingRequest> parts) {
        parts.forEach(part -> count(requests.accept(new Received<>(part, 0, offset, offset++), START)));
    }

    private RankingAnswer ranked() {
        List<RankingAnswer.Scored> best = List.of(new RankingAnswer.Scored(Cell.parse("sep3x3(c-1)+sep3x3(c-1)"), 0.5));
        Histogram scores = new Histogram(0.5, 0.5, List.of(600));
        return new RankingAnswer.Ranked(1, sample.id(), "a", 600, best, scores, null, 2.5);
    }

    private double counted(String outcome) {
        return registry.get("pnas.ranking.requests")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void a_request_is_counted_once_as_what_became_of_it(Outcome outcome) {
        List<RankingRequest> parts = sample.parts();
        switch (outcome) {
            case RANKED -> {
                read(parts);
                count(requests.answered(1, ranked()));
            }
            case FAILED -> {
                read(parts.subList(0, 2));
                read(List.of(new RankingRequest.Candidates(1, sample.id(), "a", 2, List.of())));
            }
            case INCOMPLETE -> {
                read(parts.subList(0, 4));
                assertThat(registry.get("pnas.ranking.open.requests").gauge().value())
                        .isOne();
                Instant late = START.plus(GATHERING).plusMillis(1);
                count(requests.pass(late, _ -> Progress.NONE));
                count(requests.pass(late.plus(GATHERING), _ -> Progress.NONE));
            }
        }
        count(requests.sent(sample.id()));

        assertThat(List.of(counted("ranked"), counted("failed"), counted("withdrawn"), counted("incomplete")))
                .isEqualTo(
                        switch (outcome) {
                            case RANKED -> List.of(1.0, 0.0, 0.0, 0.0);
                            case FAILED -> List.of(0.0, 1.0, 0.0, 0.0);
                            case INCOMPLETE -> List.of(0.0, 0.0, 0.0, 1.0);
                        });
        assertThat(registry.get("pnas.ranking.open.requests").gauge().value()).isZero();
    }

    @Test
    void candidates_and_time_are_those_of_the_answers() {
        read(sample.parts());
        count(requests.answered(1, ranked()));

        assertThat(registry.get("pnas.ranking.candidates").counter().count()).isEqualTo(600);
        assertThat(registry.get("pnas.ranking").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(2500);
    }
}
