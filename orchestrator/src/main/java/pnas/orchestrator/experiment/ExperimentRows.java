package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.Usage;
import pnas.orchestrator.life.store.Changes;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.trial.OwningExperiments;

/** What the core finds, locks, reads and stores of experiments and their stages, in PostgreSQL. */
@ApplicationScoped
class ExperimentRows implements OwningExperiments {
    private final Session database;

    ExperimentRows(Session database) {
        this.database = database;
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public List<ExperimentLife> choosing() {
        return searches(whole("""
                        where experiment.state = 'RUNNING' and exists (select from stage open
                            where open.experiment_id = experiment.id and open.state in ('EXPANDING', 'RANKING'))
                        """)).stream().map(Store.Search::life).toList();
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public List<String> limited() {
        List<ExperimentEntity> running = ExperimentEntity.list("state = RUNNING order by id");
        return running.stream()
                .filter(experiment -> experiment.specification().budget().isLimited())
                .map(experiment -> experiment.id)
                .toList();
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public Store.Locked lock(Set<String> experimentIds) {
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
    public Optional<Store.Search> search(String experimentId) {
        return searches(whole("where experiment.id = :id").setParameter("id", experimentId)).stream()
                .findFirst();
    }

    /** Experiments with their stages, their counts and what they have used: numbers are not in the entities, since statements change them. */
    private NativeQuery<Object[]> whole(String which) {
        NativeQuery<Object[]> query = database.createNativeQuery(
                        """
                        select {experiment.*}, {stage.*}, experiment.trials_out as used_out, experiment.attempts_granted as used_granted,
                            experiment.attempts_charged as used_charged, experiment.ended_millis as used_ended,
                            experiment.claimed_millis as used_claimed, stage.trained as of_trained, stage.replayed as of_replayed,
                            stage.reused as of_reused, stage.diverged as of_diverged, stage.failed as of_failed,
                            stage.cancelled as of_cancelled, stage.set_aside as of_set_aside, stage.running as of_running,
                            stage.dispatched as of_dispatched, stage.queued as of_queued,
                            stage.repeats as of_repeats
                        from experiment join stage on stage.experiment_id = experiment.id
                        """ + which + " order by experiment.id, stage.number", Object[].class)
                .addEntity("experiment", ExperimentEntity.class)
                .addEntity("stage", StageEntity.class);
        for (String used : List.of("out", "granted", "charged", "ended", "claimed")) {
            query.addScalar("used_" + used, Long.class);
        }
        for (TrialKind kind : TrialKind.values()) {
            query.addScalar("of_" + kind.name().toLowerCase(Locale.ROOT), Long.class);
        }
        query.addScalar("of_repeats", Long.class);
        return query;
    }

    private static List<Store.Search> searches(NativeQuery<Object[]> query) {
        Map<ExperimentEntity, List<Stage>> stages = new LinkedHashMap<>();
        Map<ExperimentEntity, Usage> usages = new HashMap<>();
        for (Object[] row : query.getResultList()) {
            ExperimentEntity head = (ExperimentEntity) row[0];
            usages.put(head, new Usage((Long) row[2], (Long) row[3], (Long) row[4], (Long) row[5], (Long) row[6]));
            Map<TrialKind, Long> counts = new HashMap<>();
            for (TrialKind kind : TrialKind.values()) {
                counts.put(kind, (Long) row[7 + kind.ordinal()]);
            }
            stages.computeIfAbsent(head, _ -> new ArrayList<>())
                    .add(((StageEntity) row[1]).stage(new TrialCounts(counts, (Long)
                            row[7 + TrialKind.values().length])));
        }
        return stages.entrySet().stream()
                .map(each -> new Store.Search(
                        new ExperimentLife(each.getKey().experiment(), each.getValue()),
                        present(usages.get(each.getKey()))))
                .toList();
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public Map<String, Origin> origins(Set<String> experimentIds) {
        List<ExperimentEntity> experiments = ExperimentEntity.list("id in ?1", experimentIds);
        return experiments.stream()
                .collect(Collectors.toMap(
                        experiment -> experiment.id,
                        experiment ->
                                new Origin(TrainingRecipe.of(experiment.specification()), experiment.traceparent)));
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void store(Changes.Experiments changes) {
        for (Experiment head : changes.heads()) {
            Changes.Birth birth = changes.born().get(head.id());
            if (birth == null) {
                present(database.find(ExperimentEntity.class, head.id())).take(head);
            } else {
                ExperimentEntity.of(head, birth).persist();
            }
        }
        changes.stages().forEach(this::store);
        database.flush();
        if (!changes.turns().isEmpty()) {
            takeTurns(changes.turns());
        }
    }

    private void store(StageKey key, Stage stage) {
        StageEntity row = database.find(StageEntity.class, new StageEntity.Key(key.experimentId(), key.stage()));
        if (row == null) {
            StageEntity.of(key.experimentId(), stage).persist();
        } else {
            row.take(stage);
        }
    }

    private void takeTurns(Map<String, Double> turns) {
        List<Map.Entry<String, Double>> taken = List.copyOf(turns.entrySet());
        database.createNativeMutationQuery("""
                        update experiment set turn = taken.turn from unnest(:ids, :turns) as taken (id, turn) where experiment.id = taken.id
                        """)
                .setParameter("ids", taken.stream().map(Map.Entry::getKey).toArray(String[]::new))
                .setParameter("turns", taken.stream().map(Map.Entry::getValue).toArray(Double[]::new))
                .executeUpdate();
    }

    /** Each kind has a column of its name. */
    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void count(Map<StageKey, TrialCounts> counts, Map<String, Usage> usage) {
        if (counts.isEmpty() && usage.isEmpty()) {
            return;
        }
        database.createNativeMutationQuery("""
                        with used as (
                            select * from jsonb_to_recordset(cast(:usage as jsonb)) as given (id text, "out" bigint, granted bigint, charged bigint,
                                "endedMillis" bigint, "claimedMillis" bigint)),
                        heads as (
                            update experiment set trials_out = trials_out + used."out", attempts_granted = attempts_granted + used.granted,
                                attempts_charged = attempts_charged + used.charged, ended_millis = ended_millis + used."endedMillis",
                                claimed_millis = claimed_millis + used."claimedMillis"
                            from used where used.id = experiment.id),
                        given as (
                            select * from jsonb_to_recordset(cast(:counts as jsonb)) as given (experiment_id text, number integer,
                                trained bigint, replayed bigint, reused bigint, diverged bigint, failed bigint, cancelled bigint,
                                set_aside bigint, running bigint, dispatched bigint, queued bigint, repeats bigint))
                        update stage set trained = stage.trained + given.trained, replayed = stage.replayed + given.replayed,
                            reused = stage.reused + given.reused, diverged = stage.diverged + given.diverged,
                            failed = stage.failed + given.failed, cancelled = stage.cancelled + given.cancelled,
                            set_aside = stage.set_aside + given.set_aside, running = stage.running + given.running,
                            dispatched = stage.dispatched + given.dispatched, queued = stage.queued + given.queued,
                            repeats = stage.repeats + given.repeats
                        from given where given.experiment_id = stage.experiment_id and given.number = stage.number
                        """)
                .setParameter(
                        "usage",
                        Messages.encodeText(usage.entrySet().stream()
                                .map(each -> Map.of(
                                        "id", each.getKey(),
                                        "out", each.getValue().out(),
                                        "granted", each.getValue().granted(),
                                        "charged", each.getValue().charged(),
                                        "endedMillis", each.getValue().endedMillis(),
                                        "claimedMillis", each.getValue().claimedMillis()))
                                .toList()))
                .setParameter(
                        "counts",
                        Messages.encodeText(counts.entrySet().stream()
                                .map(each -> columns(each.getKey(), each.getValue()))
                                .toList()))
                .executeUpdate();
    }

    private static Map<String, Object> columns(StageKey stage, TrialCounts counts) {
        Map<String, Object> columns =
                new HashMap<>(Map.of("experiment_id", stage.experimentId(), "number", stage.stage()));
        for (TrialKind kind : TrialKind.values()) {
            columns.put(kind.name().toLowerCase(Locale.ROOT), counts.of(kind));
        }
        columns.put("repeats", counts.repeats());
        return columns;
    }

    /** A row that must be there, since something in this transaction refers to it. */
    static <T> T present(@Nullable T row) {
        return Objects.requireNonNull(row, "a row that others refer to");
    }
}
