package pnas.predictor.ranking;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;
import pnas.message.RankingAnswer;
import pnas.predictor.ranking.OpenRequests.Effect;

/** What becomes of requests, counted where it is decided. All series are there from the start. */
final class RankingMetrics {
    private final MeterRegistry registry;
    private final Counter ranked;
    private final Counter failed;
    private final Counter withdrawn;
    private final Counter incomplete;
    private final Counter candidates;
    private final Counter malformedCommands;
    private final Timer time;

    /**
     * @param gathering how many requests wait for chunks
     * @param waiting how many complete requests wait for a thread
     */
    RankingMetrics(MeterRegistry registry, Supplier<Number> gathering, Supplier<Number> waiting) {
        this.registry = registry;
        ranked = outcome("ranked");
        failed = outcome("failed");
        withdrawn = outcome("withdrawn");
        incomplete = outcome("incomplete");
        candidates = counter("pnas.ranking.candidates", "Candidates that were scored");
        malformedCommands =
                counter("pnas.ranking.malformed.commands", "Records of the control topic that could not be read");
        time = Timer.builder("pnas.ranking")
                .description("Time to learn from the measured cells and score the candidates of one request")
                .register(registry);
        gauge("pnas.ranking.open.requests", "Requests of which chunks are still to come", gathering);
        gauge("pnas.ranking.waiting.requests", "Complete requests that wait for a thread", waiting);
    }

    private Counter outcome(String outcome) {
        return Counter.builder("pnas.ranking.requests")
                .description("Requests that were answered, those that were withdrawn while they were ranked,"
                        + " and those that were given up since a part of them did not come")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private void gauge(String name, String description, Supplier<Number> count) {
        Gauge.builder(name, count).description(description).register(registry);
    }

    /** This was decided and is done. */
    void count(Effect<?> effect) {
        switch (effect) {
            case Effect.Answer(RankingAnswer.Ranked answer) -> {
                ranked.increment();
                candidates.increment(answer.candidates());
                time.record(Duration.ofNanos((long) (answer.seconds() * 1e9)));
            }
            case Effect.Answer(RankingAnswer.Failed _) -> failed.increment();
            case Effect.GaveUp<?> _ -> incomplete.increment();
            case Effect.Done<?> _, Effect.Start<?> _, Effect.Stop<?> _, Effect.Tell<?> _ -> {}
        }
    }

    /** A ranking ended without an answer, since nobody wants it. */
    void withdrawn() {
        withdrawn.increment();
    }

    void malformedCommand() {
        malformedCommands.increment();
    }
}
