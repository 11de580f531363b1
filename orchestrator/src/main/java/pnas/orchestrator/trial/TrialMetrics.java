package pnas.orchestrator.trial;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.hibernate.Session;
import pnas.cell.Cell;
import pnas.orchestrator.life.AttemptOutcome;
import pnas.orchestrator.life.Done;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialKind;

/** What can be measured of trials; all of it is there from the start, at zero. */
@Startup
@ApplicationScoped
class TrialMetrics {
    private final Session database;
    private final Map<TrialKind, AtomicLong> trials = new EnumMap<>(TrialKind.class);
    private final Map<AttemptOutcome, Counter> attempts = new EnumMap<>(AttemptOutcome.class);
    private final List<Timer> trainings;
    private final Timer dispatch;
    private final Counter expired;
    private final Counter duplicates;
    private final AtomicLong oldestMillis = new AtomicLong();

    TrialMetrics(Session database, MeterRegistry registry) {
        this.database = database;
        for (TrialKind kind : TrialKind.values()) {
            AtomicLong count = new AtomicLong();
            trials.put(kind, count);
            Gauge.builder("pnas_trials", count, AtomicLong::get)
                    .description("Trials of all experiments, each counted once")
                    .tag("state", kind.name())
                    .register(registry);
        }
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
        Gauge.builder("pnas_outbox_oldest_seconds", oldestMillis, millis -> millis.get() / 1000.0)
                .description(
                        "How long the trial of a running experiment has waited that waits longest for its dispatch")
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

    @Scheduled(
            every = "${pnas.metrics.inspection}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @Transactional
    void look() {
        Tuple row = database.createNativeQuery("""
                        select counted.*, cast(coalesce((select extract(epoch from clock_timestamp() - min(queued_at)) * 1000
                            from trial join experiment on experiment.id = trial.experiment_id
                            where trial.state = 'QUEUED' and experiment.state = 'RUNNING'), 0) as bigint) as oldest
                        from (select cast(coalesce(sum(trained), 0) as bigint) as trained,
                            cast(coalesce(sum(replayed), 0) as bigint) as replayed, cast(coalesce(sum(reused), 0) as bigint) as reused,
                            cast(coalesce(sum(diverged), 0) as bigint) as diverged, cast(coalesce(sum(failed), 0) as bigint) as failed,
                            cast(coalesce(sum(cancelled), 0) as bigint) as cancelled, cast(coalesce(sum(set_aside), 0) as bigint) as set_aside,
                            cast(coalesce(sum(running), 0) as bigint) as running, cast(coalesce(sum(dispatched), 0) as bigint) as dispatched,
                            cast(coalesce(sum(queued), 0) as bigint) as queued from stage) counted
                        """, Tuple.class).getSingleResult();
        TrialCounts counts = StageTrials.counts(row);
        trials.forEach((kind, count) -> count.set(counts.of(kind)));
        oldestMillis.set(Math.max(0, row.get("oldest", Long.class)));
    }
}
