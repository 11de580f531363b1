package pnas.orchestrator.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.transaction.Transactional;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import pnas.cell.Cell;
import pnas.engine.Engine;
import pnas.orchestrator.capacity.CapacityReports;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.trainer.Crew;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.Demand;
import pnas.orchestrator.trial.Trials;

/**
 * What can be measured of experiments, their trials, and the trainers that they need. Gauges are read from the database, so that every orchestrator shows
 * the same; a counter grows in the one orchestrator that did what it counts.
 */
@Startup
@ApplicationScoped
class Metrics {
    private static final String WITHIN = "withinStage";
    private static final String NEXT = "nextStage";
    private static final String ACTUAL = "actual";
    private static final String DESIRED = "desired";

    private final ReportRows rows;
    private final Trials trials;
    private final Trainers trainers;
    private final Demand demand;
    private final CapacityReports reports;
    private final Counter idle;
    private final Map<TrialKind, AtomicLong> counts = new EnumMap<>(TrialKind.class);
    private final AtomicLong oldestMillis = new AtomicLong();
    private final Map<Series, Double> gauges = new ConcurrentHashMap<>();

    /** One line of a metric: the values of its two labels. */
    private record Series(String first, String second) {}

    Metrics(
            ReportRows rows,
            Trials trials,
            Trainers trainers,
            Demand demand,
            CapacityReports reports,
            MeterRegistry registry) {
        this.rows = rows;
        this.trials = trials;
        this.trainers = trainers;
        this.demand = demand;
        this.reports = reports;
        idle = Counter.builder("pnas_stage_barrier_idle_seconds_total")
                .description("Time that slots of trainers stood idle between the last claim and the end of a stage")
                .register(registry);
        for (TrialKind kind : TrialKind.values()) {
            AtomicLong count = new AtomicLong();
            counts.put(kind, count);
            Gauge.builder("pnas_trials", count, AtomicLong::get)
                    .description("Trials of all experiments, each counted once")
                    .tag("state", kind.name())
                    .register(registry);
        }
        Gauge.builder("pnas_outbox_oldest_seconds", oldestMillis, millis -> millis.get() / 1000.0)
                .description(
                        "How long the trial of a running experiment has waited that waits longest for its dispatch")
                .register(registry);
        for (int stage = 2; stage <= Cell.MAX_BLOCKS; stage++) {
            for (String split : List.of(WITHIN, NEXT)) {
                gauge("pnas_predictor_spearman", "stage", Integer.toString(stage), "split", split, Double.NaN)
                        .description(
                                "Rank correlation of predicted and measured accuracy in the latest ranked stage of this"
                                        + " number: withinStage over cells of the stage before that were held out; nextStage over"
                                        + " the cells chosen, a cut range that says little of the predictor")
                        .register(registry);
            }
        }
        for (String engine : Engine.texts()) {
            for (String state : List.of(ACTUAL, DESIRED)) {
                gauge("pnas_trainers", "engine", engine, "state", state, 0)
                        .description("Trainers that are alive, and how many there should be")
                        .register(registry);
            }
        }
    }

    private Gauge.Builder<?> gauge(
            String name, String firstLabel, String first, String secondLabel, String second, double initial) {
        Series series = new Series(first, second);
        gauges.put(series, initial);
        return Gauge.builder(name, gauges, values -> values.getOrDefault(series, Double.NaN))
                .tag(firstLabel, first)
                .tag(secondLabel, second);
    }

    void count(@Observes(during = TransactionPhase.AFTER_SUCCESS) ExperimentEffects.Ended end) {
        idle.increment(end.barrier().idleSeconds());
    }

    @Scheduled(
            every = "${pnas.metrics.inspection}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @Transactional
    void look() {
        TrialCounts all = rows.counts();
        counts.forEach((kind, count) -> count.set(all.of(kind)));
        oldestMillis.set(trials.oldestQueuedMillis());
        rows.spearman(true).forEach((stage, value) -> gauges.put(new Series(stage.toString(), WITHIN), value));
        rows.spearman(false).forEach((stage, value) -> gauges.put(new Series(stage.toString(), NEXT), value));
        Map<String, Long> trainings = demand.trainings();
        Map<String, CapacityReports.Report> capacity = reports.current();
        for (String engine : Engine.texts()) {
            Crew crew = trainers.crew(engine);
            gauges.put(new Series(engine, ACTUAL), (double) crew.alive());
            CapacityReports.Report report = capacity.get(engine);
            gauges.put(new Series(engine, DESIRED), (double)
                    (report == null ? crew.trainersFor(trainings.getOrDefault(engine, 0L)) : report.desired()));
        }
    }
}
