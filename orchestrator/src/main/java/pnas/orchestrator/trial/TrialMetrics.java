package pnas.orchestrator.trial;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import pnas.cell.Cell;
import pnas.orchestrator.life.AttemptOutcome;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.store.Done;

/** What is counted of trials where it happens; all of it is there from the start, at zero. What rows tell is shown by reports. */
@Startup
@ApplicationScoped
class TrialMetrics {
    private final Map<AttemptOutcome, Counter> attempts = new EnumMap<>(AttemptOutcome.class);
    private final List<Timer> trainings;
    private final Timer dispatch;
    private final Counter expired;
    private final Counter duplicates;

    TrialMetrics(MeterRegistry registry) {
        for (AttemptOutcome outcome : AttemptOutcome.values()) {
            attempts.put(
                    outcome,
                    Counter.builder("pnas_attempts_total")
                            .description("Attempts that ended")
                            .tag("outcome", outcome.text())
                            .register(registry));
        }
        trainings = IntStream.rangeClosed(1, Cell.MAX_BLOCKS)
                .mapToObj(stage -> Timer.builder("pnas_training_seconds")
                        .description("Wall-clock time of the trainings that count, replayed ones left out")
                        .tag("stage", Integer.toString(stage))
                        .serviceLevelObjectives(seconds(1, 5, 15, 60, 300, 900, 3600, 14_400))
                        .register(registry))
                .toList();
        dispatch = Timer.builder("pnas_dispatch_seconds")
                .description("Time from the commit that queued a trial to its claim")
                .serviceLevelObjectives(seconds(0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300))
                .register(registry);
        expired = Counter.builder("pnas_lease_expired_total")
                .description("Leases that ended since the trainer was not heard")
                .register(registry);
        duplicates = Counter.builder("pnas_duplicate_results_total")
                .description("Results of trials that had one already")
                .register(registry);
    }

    private static Duration[] seconds(double... bounds) {
        return DoubleStream.of(bounds)
                .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
                .toArray(Duration[]::new);
    }

    void count(Done done) {
        for (TrialEffects.Ended ended : done.all(TrialEffects::ended)) {
            Objects.requireNonNull(attempts.get(ended.outcome())).increment();
            if (ended.trainingSeconds() != null) {
                trainings.get(ended.stage() - 1).record(Duration.ofNanos((long) (ended.trainingSeconds() * 1e9)));
            }
            if (ended.outcome() == AttemptOutcome.EXPIRED) {
                expired.increment();
            }
            if (ended.outcome() == AttemptOutcome.DUPLICATE) {
                duplicates.increment();
            }
        }
        done.trials().stream()
                .map(TrialEffects::waited)
                .filter(Objects::nonNull)
                .forEach(dispatch::record);
    }
}
