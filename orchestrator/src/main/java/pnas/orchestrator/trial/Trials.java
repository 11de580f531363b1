package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.hibernate.query.SelectionQuery;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.life.ResultIdentity;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.live.PageToken;
import pnas.orchestrator.timing.MeasuredTime;
import pnas.orchestrator.timing.TrainingPlace;
import pnas.orchestrator.timing.TrainingSize;
import pnas.orchestrator.trainer.LeaseConfiguration;

/** All questions about trials. None of them tells an experiment that does not exist from one without trials. */
@ApplicationScoped
public class Trials {
    /** The best first, ties by the least canonical text. */
    private static final Comparator<TrialSummary> BEST_FIRST = Comparator.comparing(
                    TrialSummary::accuracy, Comparator.nullsFirst(Comparator.<Double>naturalOrder()))
            .reversed()
            .thenComparing(trial -> trial.cell().text());

    private final Session database;
    private final LeaseConfiguration lease;

    Trials(Session database, LeaseConfiguration lease) {
        this.database = database;
        this.lease = lease;
    }

    /**
     * A trial as a line of an export.
     *
     * @param device the kind of device that the result comes from, absent without a result
     */
    public record Exported(TrialSummary trial, @Nullable String device) {}

    /**
     * A trial that ended, with a result or without.
     *
     * @param cellId 16 hex digits
     * @param cell canonical form
     * @param accuracy validation accuracy, absent without a result
     * @param trainerSeconds time of all its attempts together, each from its claim to its end
     */
    public record Ended(
            String cellId, Cell cell, int stage, @Nullable Double accuracy, double trainerSeconds) {}

    /**
     * A training that a trainer does now.
     *
     * @param worker the trainer
     * @param cellId 16 hex digits
     * @param cell canonical form
     * @param attempt number of the attempt, from 1
     * @param epoch epochs done
     * @param since when it was taken
     */
    public record Running(
            String worker, String experimentId, String cellId, Cell cell, int attempt, int epoch, Instant since) {}

    /**
     * A training that is not over.
     *
     * @param runningSeconds since its trainer claimed it, absent where none has
     */
    public record Open(
            String experimentId,
            int stage,
            TrainingSize size,
            @Nullable Double runningSeconds) {}

    /**
     * The best measured cells of an experiment, the best first, ties by the least canonical text.
     *
     * @param overall of all stages, cells that are set aside included
     * @param ofStages of each stage that has any, cells that are set aside excepted
     * @param confirmed those that a stage has confirmed which is done, the greatest mean first; all of them, however many are asked for
     */
    public record Best(
            List<TrialSummary> overall,
            SortedMap<Integer, List<TrialSummary>> ofStages,
            List<ConfirmedCell> confirmed) {
        /** Of an experiment in which nothing is measured. */
        public static final Best NONE = new Best(List.of(), new TreeMap<>(), List.of());

        public Best {
            confirmed = List.copyOf(confirmed);
            overall = List.copyOf(overall);
            ofStages = Collections.unmodifiableSortedMap(new TreeMap<>(ofStages));
        }

        /** Those of the last stage that has any. */
        public List<TrialSummary> latest() {
            return ofStages.isEmpty() ? List.of() : ofStages.lastEntry().getValue();
        }
    }

    /**
     * Some trials of an experiment. Trials that lack the value of the order come last, ties are ordered by id.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} for a page token that this did not give out
     */
    @Transactional
    public TrialPage page(String experimentId, TrialQuery query) {
        String list = "trials of " + experimentId + " " + query.stage() + " " + query.state() + " " + query.sort() + " "
                + query.descending();
        int offset = query.pageToken() == null ? 0 : PageToken.offset(list, query.pageToken());
        String direction = query.descending() ? " desc" : " asc";
        String sql = "select * from trial where experiment_id = :experiment"
                + (query.stage() == null ? "" : " and stage = :stage")
                + (query.state() == null ? "" : " and state = :state")
                + " order by "
                + String.join(
                        ", ",
                        Arrays.stream(query.sort().columns().split(","))
                                .map(column -> column + direction + " nulls last")
                                .toList())
                + ", id limit :limit offset :offset";
        SelectionQuery<TrialEntity> prepared = database.createNativeQuery(sql, TrialEntity.class)
                .setParameter("experiment", experimentId)
                .setParameter("limit", query.pageSize() + 1)
                .setParameter("offset", offset);
        if (query.stage() != null) {
            prepared.setParameter("stage", query.stage());
        }
        if (query.state() != null) {
            prepared.setParameter("state", query.state().name());
        }
        List<TrialSummary> found = summaries(prepared);
        boolean more = found.size() > query.pageSize();
        return new TrialPage(
                more ? found.subList(0, query.pageSize()) : found,
                more ? PageToken.ofOffset(list, offset + query.pageSize()) : null);
    }

    /**
     * Trials of an experiment by stage and rank; what comes later is added at the end.
     *
     * @param offset how many come before the first
     * @param limit at most this many
     */
    @Transactional
    public List<Exported> rows(String experimentId, int offset, int limit) {
        List<TrialEntity> rows = TrialEntity.<TrialEntity>find("experimentId = ?1 order by stage, rank", experimentId)
                .range(offset, offset + limit - 1)
                .list();
        return rows.stream()
                .map(row -> {
                    ResultIdentity identity = row.resultIdentity();
                    return new Exported(row.summary(), identity == null ? null : identity.deviceKind());
                })
                .toList();
    }

    /**
     * Everything about one trial.
     *
     * @param cellId 16 hex digits
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public TrialDetail one(String experimentId, String cellId) {
        TrialEntity row = TrialEntity.existing(experimentId, cellId);
        List<AttemptEntity> attempts = AttemptEntity.list("id.trialId = ?1 order by claimedAt, id.token", row.id);
        List<EpochEntity> epochs = EpochEntity.list("id.trialId = ?1 order by id.attempt, id.number", row.id);
        return new TrialDetail(
                row.summary(),
                Cell.parse(row.encoding),
                row.resultIdentity(),
                attempts.stream().map(AttemptEntity::view).toList(),
                epochs.stream().map(EpochEntity::view).toList());
    }

    /**
     * Where a trial comes from and what was grown from it.
     *
     * @param cellId 16 hex digits
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public Lineage lineage(String experimentId, String cellId) {
        TrialEntity row = TrialEntity.existing(experimentId, cellId);
        Deque<TrialSummary> ancestors = new ArrayDeque<>();
        for (TrialEntity each = parent(row); each != null; each = parent(each)) {
            ancestors.addFirst(each.summary());
        }
        String begins = row.cell + " | ";
        List<TrialEntity> children = TrialEntity.list(
                "experimentId = ?1 and stage = ?2 and predicted is not null and left(encoding, ?3) = ?4 order by rank",
                experimentId,
                row.stage + 1,
                begins.length(),
                begins);
        return new Lineage(
                List.copyOf(ancestors),
                children.stream().map(TrialEntity::summary).toList(),
                TrialEntity.count(
                        "experimentId = ?1 and stage = ?2 and state = ?3 and repeat = 0",
                        experimentId,
                        row.stage,
                        TrialState.TRAINED),
                row.accuracy == null
                        ? null
                        : 1
                                + TrialEntity.count(
                                        "experimentId = ?1 and stage = ?2 and state = ?3 and accuracy > ?4 and repeat = 0",
                                        experimentId,
                                        row.stage,
                                        TrialState.TRAINED,
                                        row.accuracy));
    }

    /** The trial of the cell that a ranked cell extends: it was scored as the blocks of that cell, then the new one. */
    private static @Nullable TrialEntity parent(TrialEntity row) {
        if (row.predicted == null) {
            return null;
        }
        List<Block> blocks = Cell.parse(row.encoding).blocks();
        return TrialEntity.find(
                        "experimentId = ?1 and stage = ?2 and cell = ?3 and repeat = 0",
                        row.experimentId,
                        row.stage - 1,
                        new Cell(blocks.subList(0, blocks.size() - 1)).text())
                .firstResult();
    }

    /** The trials that ended with a result or without, set-aside ones included and cancelled ones not, in the order in which they ended. */
    @Transactional
    public List<Ended> ended(String experimentId) {
        return database.createNativeQuery("""
                        select cell_id, cell, stage, accuracy,
                            (select cast(coalesce(sum(extract(epoch from ended_at - claimed_at)), 0) as double precision)
                                from attempt where trial_id = trial.id) as trainer_seconds
                        from trial where experiment_id = :experiment and repeat = 0 and state in ('TRAINED', 'DIVERGED', 'FAILED')
                        order by finished_at, id
                        """, Tuple.class)
                .setParameter("experiment", experimentId)
                .getResultStream()
                .map(row -> new Ended(
                        row.get("cell_id", String.class),
                        Cell.parse(row.get("cell", String.class)),
                        row.get("stage", Integer.class),
                        row.get("accuracy", Double.class),
                        row.get("trainer_seconds", Double.class)))
                .toList();
    }

    /** What is trained now in all experiments, what was taken first before the rest. */
    @Transactional
    public List<Running> running() {
        return database.createNativeQuery("""
                        select trial.worker, experiment_id, cell_id, cell, number, epoch, claimed_at
                        from trial join attempt on trial_id = trial.id and token = lease_token
                        where state = 'RUNNING' order by claimed_at, trial.id
                        """, Tuple.class)
                .getResultStream()
                .map(row -> new Running(
                        row.get("worker", String.class),
                        row.get("experiment_id", String.class),
                        row.get("cell_id", String.class),
                        Cell.parse(row.get("cell", String.class)),
                        row.get("number", Integer.class),
                        row.get("epoch", Integer.class),
                        row.get("claimed_at", Instant.class)))
                .toList();
    }

    /** The best measured cells, by experiment; at most so many overall, and so many of each stage. With them those that are confirmed. */
    @Transactional
    public Map<String, Best> best(Collection<String> experimentIds, int top) {
        Map<String, List<TrialSummary>> found = database
                .createNativeQuery("""
                        select trial.* from trial where id in (
                            select first.id from unnest(:experiments) as asked (experiment)
                            cross join lateral (select id from trial where experiment_id = asked.experiment and state = 'TRAINED' and repeat = 0
                                order by accuracy desc, cell collate "C" limit :top) first
                            union
                            select first.id from unnest(:experiments) as asked (experiment)
                            cross join generate_series(1, :stages) as asked_stage (number)
                            cross join lateral (select id from trial where experiment_id = asked.experiment
                                and stage = asked_stage.number and state = 'TRAINED' and not set_aside and repeat = 0
                                order by accuracy desc, cell collate "C" limit :top) first
                            union
                            select own.id from trial repeated
                            join stage on stage.experiment_id = repeated.experiment_id and stage.number = repeated.stage
                            join trial own on own.experiment_id = repeated.experiment_id and own.cell_id = repeated.cell_id
                                and (own.repeat = 0 or own.stage = repeated.stage)
                            where repeated.experiment_id = any(:experiments) and repeated.repeat > 0 and not repeated.set_aside
                                and stage.state = 'DONE')
                        """, TrialEntity.class)
                .setParameter("experiments", experimentIds.toArray(String[]::new))
                .setParameter("stages", Cell.MAX_BLOCKS)
                .setParameter("top", top)
                .getResultList()
                .stream()
                .collect(Collectors.groupingBy(
                        row -> row.experimentId, Collectors.mapping(TrialEntity::summary, Collectors.toList())));
        return found.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, own -> best(own.getValue(), top)));
    }

    private static Best best(List<TrialSummary> found, int top) {
        List<TrialSummary> ordered = found.stream()
                .filter(trial -> trial.repeat() == 0)
                .sorted(BEST_FIRST)
                .toList();
        List<ConfirmedCell> confirmed = ConfirmedCell.of(found.stream()
                .filter(trial -> trial.repeat() == 0 || !trial.setAside())
                .toList());
        SortedMap<Integer, List<TrialSummary>> ofStages = ordered.stream()
                .filter(trial -> !trial.setAside())
                .collect(Collectors.groupingBy(TrialSummary::stage, TreeMap::new, Collectors.toList()));
        ofStages.replaceAll((_, own) -> own.stream().limit(top).toList());
        return new Best(ordered.stream().limit(top).toList(), ofStages, confirmed);
    }

    /** All trials of an experiment that train a cell for the first time, by stage and rank. */
    @Transactional
    public List<TrialSummary> all(String experimentId) {
        List<TrialEntity> rows =
                TrialEntity.list("experimentId = ?1 and repeat = 0 order by stage, rank", experimentId);
        return rows.stream().map(TrialEntity::summary).toList();
    }

    /** The trainings of these experiments that are not over, by experiment. */
    @Transactional
    public Map<String, List<Open>> open(Collection<String> experimentIds) {
        return database.createNativeQuery("""
                        select trial.experiment_id, trial.stage, trial.multiply_adds, trial.parameters, trial.layers,
                            cast(experiment.specification -> 'training' ->> 'epochs' as bigint)
                                * cast(experiment.specification -> 'dataSet' ->> 'training' as bigint) as images,
                            cast(extract(epoch from clock_timestamp() - attempt.claimed_at) as double precision) as running
                        from trial join experiment on experiment.id = trial.experiment_id
                        left join attempt on attempt.trial_id = trial.id and attempt.token = trial.lease_token
                        where trial.experiment_id in (:experiments) and trial.state in ('QUEUED', 'DISPATCHED', 'RUNNING')
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .map(row -> new Open(
                        row.get("experiment_id", String.class),
                        row.get("stage", Integer.class),
                        size(row),
                        row.get("running", Double.class)))
                .collect(Collectors.groupingBy(Open::experimentId));
    }

    /** When the oldest job of each of these experiments was sent that nobody has taken though there was time enough; by experiment. */
    @Transactional
    public Map<String, Instant> unclaimedSince(Collection<String> experimentIds) {
        return database.createNativeQuery("""
                        select experiment_id, min(dispatched_at) as sent_at from trial
                        where state = 'DISPATCHED' and experiment_id in (:experiments)
                            and dispatched_at < clock_timestamp() - make_interval(secs => :enough)
                        group by experiment_id
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .setParameter("enough", lease.unclaimed().toMillis() / 1000.0)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("experiment_id", String.class), row -> row.get("sent_at", Instant.class)));
    }

    /** How long the queued trial of a running experiment has waited that waits longest, in milliseconds; 0 where none waits. */
    @Transactional
    public long oldestQueuedMillis() {
        return Math.max(0, database.createNativeQuery("""
                                select cast(coalesce(extract(epoch from clock_timestamp() - min(queued_at)) * 1000, 0) as bigint)
                                from trial join experiment on experiment.id = trial.experiment_id
                                where trial.state = 'QUEUED' and experiment.state = 'RUNNING'
                                """, Long.class).getSingleResult());
    }

    /** The trainers that hold a lease, or said in their last word that they train. */
    @Transactional
    public Set<String> busyTrainers() {
        return new HashSet<>(database.createNativeQuery("""
                        select worker from trial where state = 'RUNNING'
                        union select id from trainer where state = 'ALIVE' and trials <> '{}'
                        """, String.class).getResultList());
    }

    /**
     * How long the latest trainings of an engine took, the latest first. First attempts with the whole batch count, as later ones may go on from a checkpoint.
     *
     * @param limit at most this many
     */
    @Transactional
    List<MeasuredTime> measured(String engine, int limit) {
        return database.createNativeQuery("""
                        select trial.multiply_adds, trial.parameters, trial.layers, trial.training_seconds,
                            trial.identity ->> 'deviceKind' as device,
                            cast(trial.identity -> 'settings' ->> 'threads' as integer) as threads,
                            trial.identity -> 'settings' ->> 'precision' as precision,
                            cast(trial.identity -> 'settings' ->> 'epochs' as bigint)
                                * cast(experiment.specification -> 'dataSet' ->> 'training' as bigint) as images,
                            experiment.specification -> 'replay' ->> 'table' as replayed
                        from trial join experiment on experiment.id = trial.experiment_id
                        where trial.identity ->> 'engine' = :engine and trial.state = 'TRAINED' and trial.result_attempt = 1
                            and trial.training_seconds is not null and not trial.half_batch
                            and coalesce(experiment.specification -> 'replay' ->> 'seconds',
                                experiment.specification -> 'replay' ->> 'oracle') is null
                        order by trial.finished_at desc, trial.id limit :limit
                        """, Tuple.class)
                .setParameter("engine", engine)
                .setParameter("limit", limit)
                .getResultStream()
                .map(row -> new MeasuredTime(
                        new TrainingPlace(
                                engine,
                                row.get("device", String.class),
                                TrainingTimes.settings(
                                        row.get("threads", Integer.class),
                                        row.get("precision", String.class),
                                        row.get("replayed", String.class))),
                        size(row),
                        row.get("training_seconds", Double.class)))
                .toList();
    }

    /** The size of a training from the columns {@code multiply_adds}, {@code images}, {@code parameters} and {@code layers}. */
    private static TrainingSize size(Tuple row) {
        return new TrainingSize(
                row.get("multiply_adds", Long.class),
                row.get("images", Long.class),
                row.get("parameters", Long.class),
                row.get("layers", Integer.class));
    }

    private static List<TrialSummary> summaries(SelectionQuery<TrialEntity> query) {
        return query.getResultList().stream().map(TrialEntity::summary).toList();
    }
}
