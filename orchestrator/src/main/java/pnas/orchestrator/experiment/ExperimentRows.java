package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.orchestrator.life.ExperimentEvent;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.ExperimentTable;
import pnas.orchestrator.life.Measured;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.PredictionQuality;
import pnas.orchestrator.life.Specification;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.life.StageEvent;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.LogIds;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;
import pnas.orchestrator.trial.OwningExperiments;
import pnas.orchestrator.trial.StageTrials;
import pnas.orchestrator.trial.StageTrials.Counts;
import pnas.statistics.Tally;

/** Locks experiments and moves them on. Every method is part of its caller's transaction. */
@ApplicationScoped
class ExperimentRows implements OwningExperiments {
    private static final Logger LOG = Logger.getLogger(ExperimentRows.class);

    private final Session database;
    private final StageTrials trials;
    private final Spending spending;
    private final Events events;
    private final Signals signals;
    private final Event<ExperimentMetrics.StageEnd> stageEnds;

    ExperimentRows(
            Session database,
            StageTrials trials,
            Spending spending,
            Events events,
            Signals signals,
            Event<ExperimentMetrics.StageEnd> stageEnds) {
        this.database = database;
        this.trials = trials;
        this.spending = spending;
        this.events = events;
        this.signals = signals;
        this.stageEnds = stageEnds;
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public Locked lock(Set<String> experimentIds) {
        if (experimentIds.isEmpty()) {
            return new Locked(now(), Map.of());
        }
        // The clock is read once all locks were had: of an unknown experiment there is nothing but the time.
        List<Tuple> read = database.createNativeQuery("""
                        with locked as materialized (
                            select id, state, cast(specification as text) as specification, budget_trainings, reuse
                            from experiment where id in (:ids) order by id for update)
                        select clock.now, locked.*
                        from (select clock_timestamp() as now from (select count(*) from locked) had) clock
                        left join locked on true
                        """, Tuple.class)
                .setParameter("ids", experimentIds)
                .getResultList();
        List<Tuple> locked = read.stream().filter(row -> row.get("id") != null).toList();
        // Counted after the locks were had: no attempt begins until the transaction ends.
        Map<String, Spent> spent = spending.of(locked.stream()
                .filter(row -> row.get("budget_trainings") != null)
                .map(row -> row.get("id", String.class))
                .toList());
        return new Locked(
                read.getFirst().get("now", Instant.class),
                locked.stream()
                        .collect(Collectors.toMap(row -> row.get("id", String.class), row -> owner(row, spent))));
    }

    private static Owner owner(Tuple row, Map<String, Spent> spent) {
        Specification specification = ExperimentEntity.read(row.get("specification", String.class));
        Spent used = spent.get(row.get("id", String.class));
        return new Owner(
                row.get("state", String.class).equals(ExperimentState.RUNNING.name()),
                row.get("reuse", Boolean.class),
                used == null ? null : specification.budget().trainingsLeft(used),
                specification.recipe());
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public Map<String, Origin> origins(Set<String> experimentIds) {
        List<ExperimentEntity> experiments = ExperimentEntity.list("id in ?1", experimentIds);
        return experiments.stream()
                .collect(Collectors.toMap(
                        experiment -> experiment.id,
                        experiment -> new Origin(experiment.specification().recipe(), experiment.traceparent)));
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void takeTurns(Map<String, Double> turns) {
        turns.forEach(
                (id, turn) -> database.createNativeMutationQuery("update experiment set turn = :turn where id = :id")
                        .setParameter("turn", turn)
                        .setParameter("id", id)
                        .executeUpdate());
    }

    Instant now() {
        return database.createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }

    /** Locks one experiment; null where there is none. */
    @Nullable ExperimentEntity lock(String experimentId) {
        return lock(Set.of(experimentId)).owners().isEmpty() ? null : ExperimentEntity.findById(experimentId);
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void stageEnded(String experimentId, int number) {
        StageEntity stage = StageEntity.findById(new StageEntity.Key(experimentId, number));
        ExperimentEntity experiment = ExperimentEntity.findById(experimentId);
        if (!stage.allows(StageEvent.END)) {
            return;
        }
        Instant now = now();
        List<Measured> measured = trials.measured(experimentId).stream()
                .filter(cell -> cell.stage() == number && cell.accuracy() != null)
                .toList();
        Tally counts = trials.counts(List.of(experimentId)).getOrDefault(experimentId, List.of()).stream()
                .filter(each -> each.stage() == number)
                .map(Counts::tally)
                .findFirst()
                .orElse(Tally.NONE);
        if (counts.trained() > 0) {
            double idle = trials.idleSeconds(experimentId, number, now);
            stage.idleSeconds = idle;
            stage.trainedSeconds = trials.trainedSeconds(experimentId, number, now);
            stageEnds.fire(new ExperimentMetrics.StageEnd(idle));
        }
        if (measured.isEmpty()) {
            fail(
                    experiment,
                    nothingMeasured(
                            number == experiment.specification().firstStage(),
                            number,
                            counts,
                            trials.firstCause(experimentId, number)),
                    now);
            return;
        }
        stage.move(StageEvent.END, now);
        if (number > 1 && !experiment.specification().drawsAtRandom()) {
            stage.quality = new String(Messages.encode(PredictionQuality.of(measured)), StandardCharsets.UTF_8);
        }
        tell(experimentId, "stage.done", Map.of("stage", number, "measured", measured.size()));
        if (number == experiment.specification().blocks()) {
            experiment.move(ExperimentEvent.COMPLETE, now);
            tell(experimentId, "experiment.completed", Map.of());
        } else {
            open(experimentId, number + 1, now);
        }
    }

    /**
     * Why an experiment cannot go on, none of whose trials of a stage has an accuracy.
     *
     * @param first whether that is its first stage
     * @param firstCause why the first of them has none
     */
    static String nothingMeasured(boolean first, int stage, Tally counts, @Nullable String firstCause) {
        return String.format(
                Locale.ROOT,
                "%s could be trained: %s of the %s of stage %d%s",
                first ? "nothing" : "no cell of stage " + stage,
                counts.lost(),
                counts.trials() == 1 ? "1 trial" : counts.trials() + " trials",
                stage,
                firstCause == null ? "" : "; the first: " + firstCause);
    }

    /** Has a stage choose its cells. It exists already where the experiment was extended. */
    void open(String experimentId, int number, Instant now) {
        if (StageEntity.findById(new StageEntity.Key(experimentId, number)) == null) {
            StageEntity.create(experimentId, number, StageState.EXPANDING, now).persist();
        }
        tell(experimentId, "stage.expanding", Map.of("stage", number));
        signals.raiseAfterCommit(Signal.OPEN_STAGE);
    }

    /** Ends an experiment that cannot go on; nothing where it ended before. */
    void fail(ExperimentEntity experiment, String cause, Instant now) {
        if (ExperimentTable.TABLE.find(experiment.state, ExperimentEvent.FAIL).isPresent()) {
            end(experiment, ExperimentEvent.FAIL, cause, now);
        }
    }

    /**
     * Ends an experiment before its last stage is done: what is open of it is cancelled, and its stages are closed.
     *
     * @param cause why, in words, absent where the event says it
     */
    void end(ExperimentEntity experiment, ExperimentEvent event, @Nullable String cause, Instant now) {
        experiment.move(event, now);
        experiment.cause = cause;
        String what = experiment.state.name().toLowerCase(Locale.ROOT);
        trials.cancelOpen(experiment.id, "the experiment is " + what, now);
        List<StageEntity> stages = StageEntity.list("id.experimentId = ?1 order by id.number", experiment.id);
        stages.stream()
                .filter(stage -> stage.allows(StageEvent.CLOSE))
                .forEach(stage -> stage.move(StageEvent.CLOSE, now));
        tell(experiment.id, "experiment." + what, cause == null ? Map.of() : Map.of("cause", cause));
    }

    void tell(String experimentId, String type, Map<String, ?> body) {
        try (LogIds _ = LogIds.of(Map.of("experiment", experimentId))) {
            LOG.infof("%s %s %s", type, experimentId, body);
        }
        events.append(List.of(new NewEvent(experimentId, type, null, body)));
    }

    /** A row that must be there, since something in this transaction refers to it. */
    static <T> T present(@Nullable T row) {
        return Objects.requireNonNull(row, "a row that others refer to");
    }
}
