package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.message.PredictorCommand;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.Specification;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageOutcome;
import pnas.orchestrator.life.Store;
import pnas.orchestrator.life.TrialOrder;
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
    private final Events events;
    private final Signals signals;
    private final Event<ExperimentMetrics.StageEnd> stageEnds;
    private final Event<PredictorCommand.Withdrawn> withdrawals;

    ExperimentRows(
            Session database,
            StageTrials trials,
            Events events,
            Signals signals,
            Event<ExperimentMetrics.StageEnd> stageEnds,
            Event<PredictorCommand.Withdrawn> withdrawals) {
        this.database = database;
        this.trials = trials;
        this.events = events;
        this.signals = signals;
        this.stageEnds = stageEnds;
        this.withdrawals = withdrawals;
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public Store.Locked lock(Set<String> experimentIds) {
        if (experimentIds.isEmpty()) {
            return new Store.Locked(now(), Map.of());
        }
        // The clock is read once all locks were had: of an unknown experiment there is nothing but the time.
        List<Tuple> read = database.createNativeQuery("""
                        with locked as materialized (
                            select id, state, cast(specification as text) as specification, attempts_charged
                            from experiment where id in (:ids) order by id for update)
                        select clock.now, locked.*
                        from (select clock_timestamp() as now from (select count(*) from locked) had) clock
                        left join locked on true
                        """, Tuple.class)
                .setParameter("ids", experimentIds)
                .getResultList();
        List<Tuple> locked = read.stream().filter(row -> row.get("id") != null).toList();
        return new Store.Locked(
                read.getFirst().get("now", Instant.class),
                locked.stream().collect(Collectors.toMap(row -> row.get("id", String.class), ExperimentRows::owner)));
    }

    private static Owner owner(Tuple row) {
        return Owner.of(
                ExperimentState.valueOf(row.get("state", String.class)),
                ExperimentEntity.read(row.get("specification", String.class)),
                row.get("attempts_charged", Long.class));
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
        List<Map.Entry<String, Double>> taken = List.copyOf(turns.entrySet());
        database.createNativeMutationQuery("""
                        update experiment set turn = taken.turn from unnest(:ids, :turns) as taken (id, turn) where experiment.id = taken.id
                        """)
                .setParameter("ids", taken.stream().map(Map.Entry::getKey).toArray(String[]::new))
                .setParameter("turns", taken.stream().map(Map.Entry::getValue).toArray(Double[]::new))
                .executeUpdate();
    }

    Instant now() {
        return database.createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }

    /** What is decided about an experiment that nobody else changes now. */
    @FunctionalInterface
    interface Decision {
        ExperimentEffects of(ExperimentLife life, Instant now);
    }

    /**
     * Locks an experiment, and stores what is decided about it.
     *
     * @return the experiment as it is then, empty where there is none
     */
    Optional<ExperimentLife> change(String experimentId, Decision decision) {
        Store.Locked locked = lock(Set.of(experimentId));
        return locked.owners().isEmpty()
                ? Optional.empty()
                : Optional.of(store(decision.of(life(experimentId), locked.now()), locked.now()));
    }

    /** Begins an experiment. */
    void create(ExperimentEntity experiment, ExperimentEffects effects, Instant now) {
        experiment.persist();
        store(effects, now);
    }

    /** The experiment as it is in the database. */
    private ExperimentLife life(String experimentId) {
        ExperimentEntity experiment = ExperimentEntity.findById(experimentId);
        Map<Integer, Tally> counts = trials.counts(List.of(experimentId)).getOrDefault(experimentId, List.of()).stream()
                .collect(Collectors.toMap(Counts::stage, Counts::tally));
        return new ExperimentLife(
                experiment.experiment(),
                stages(experimentId).stream()
                        .map(stage -> stage.stage(counts.getOrDefault(stage.id.number(), Tally.NONE)))
                        .toList());
    }

    private static List<StageEntity> stages(String experimentId) {
        return StageEntity.list("id.experimentId = ?1 order by id.number", experimentId);
    }

    private ExperimentLife store(ExperimentEffects effects, Instant now) {
        ExperimentLife after = effects.life();
        String id = after.experiment().id();
        ExperimentEntity head = ExperimentEntity.findById(id);
        head.take(after.experiment());
        Map<Integer, StageEntity> rows =
                stages(id).stream().collect(Collectors.toMap(stage -> stage.id.number(), stage -> stage));
        for (Stage stage : after.stages()) {
            StageEntity row = rows.get(stage.number());
            if (row == null) {
                StageEntity.of(id, stage).persist();
            } else {
                row.take(stage);
            }
        }
        database.flush();
        effects.steps().forEach(step -> take(after, step, now));
        effects.wakes().forEach(wake -> signals.raiseAfterCommit(signal(wake)));
        return settled(id, now);
    }

    private static Signal signal(ExperimentEffects.Wake wake) {
        return switch (wake) {
            case DISPATCH -> Signal.DISPATCH;
            case OPEN_STAGE -> Signal.OPEN_STAGE;
        };
    }

    private void take(ExperimentLife life, ExperimentEffects.Step step, Instant now) {
        Experiment experiment = life.experiment();
        switch (step) {
            case ExperimentEffects.Told(NewEvent event) -> tell(event);
            case ExperimentEffects.Ordered(TrialOrder order, Set<Integer> stages, String trialId) ->
                trials.obey(experiment.id(), order, stages, trialId, now);
            case ExperimentEffects.Chosen(int stage, List<NewTrial> cells) -> {
                Specification specification = experiment.specification();
                trials.choose(experiment.id(), stage, specification.seed(), specification.recipe(), cells, now);
            }
            case ExperimentEffects.Withdrew(PredictorCommand.Withdrawn command) -> withdrawals.fire(command);
        }
    }

    private void tell(NewEvent event) {
        try (LogIds _ = LogIds.of(Map.of("experiment", event.experimentId()))) {
            LOG.infof("%s %s %s", event.type(), event.experimentId(), event.body());
        }
        events.append(List.of(event));
    }

    /** Ends the stage whose last trial was over before, or is now. */
    private ExperimentLife settled(String id, Instant now) {
        database.flush();
        ExperimentLife life = life(id);
        Stage over = life.over().orElse(null);
        if (over == null) {
            return life;
        }
        StageOutcome outcome = outcome(id, over.number(), now);
        ExperimentEffects effects = life.obey(new ExperimentOrder.EndStage(over.number(), outcome), now);
        effects.life().stages().stream()
                .filter(stage ->
                        stage.number() == over.number() && outcome.barrier().equals(stage.barrier()))
                .forEach(_ -> stageEnds.fire(
                        new ExperimentMetrics.StageEnd(outcome.barrier().idleSeconds())));
        return store(effects, now);
    }

    private StageOutcome outcome(String id, int stage, Instant now) {
        return new StageOutcome(
                trials.measured(id),
                trials.firstCause(id, stage),
                new Stage.Barrier(trials.idleSeconds(id, stage, now), trials.trainedSeconds(id, stage, now)));
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void trialsEnded(String experimentId) {
        ExperimentLife _ = settled(experimentId, now());
    }

    /** A row that must be there, since something in this transaction refers to it. */
    static <T> T present(@Nullable T row) {
        return Objects.requireNonNull(row, "a row that others refer to");
    }
}
