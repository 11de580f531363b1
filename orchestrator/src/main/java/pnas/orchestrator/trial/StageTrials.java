package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.life.Measured;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.TrainingSeed;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.timing.TrainingSize;
import pnas.orchestrator.worker.LeaseConfiguration;
import pnas.statistics.Tally;

/** The trials of stages, for the experiments that own them. Whatever changes rows is part of a transaction that has locked the experiment. */
@ApplicationScoped
public class StageTrials {
    private final Session database;
    private final TrainingTimes times;
    private final TrialRows rows;
    private final LeaseConfiguration lease;

    StageTrials(Session database, TrainingTimes times, TrialRows rows, LeaseConfiguration lease) {
        this.database = database;
        this.times = times;
        this.rows = rows;
        this.lease = lease;
    }

    /**
     * The trials of a stage, counted.
     *
     * @param best the best accuracy among those that are not set aside, absent where none has one
     */
    public record Counts(int stage, Tally tally, @Nullable Double best) {}

    /** Makes cells the trials of a stage and queues them. A cell that the stage had before it chose anew keeps its trial. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void choose(
            String experimentId, int stage, long seed, TrainingRecipe recipe, List<NewTrial> trials, Instant now) {
        List<TrialEntity> before = TrialEntity.list("experimentId = ?1 and stage = ?2", experimentId, stage);
        Map<String, TrialEntity> known = before.stream().collect(Collectors.toMap(row -> row.cellId, row -> row));
        TrainingTimes.Known learnt = times.known(recipe.engine());
        List<TrialEntity> chosen = new ArrayList<>();
        for (NewTrial trial : trials) {
            Cell cell = trial.encoding().canonical();
            TrialEntity kept = known.get(cell.id().hex());
            TrialEntity row = kept == null ? row(experimentId, stage, seed, recipe, cell, now) : kept;
            row.expectedSeconds =
                    learnt.predict(recipe, row.size(recipe.images())).seconds();
            row.encoding = trial.encoding().text();
            row.rank = trial.rank();
            row.predicted = trial.predicted();
            row.persist();
            chosen.add(row);
        }
        Map<Boolean, List<TrialEntity>> kept = chosen.stream().collect(Collectors.partitioningBy(known::containsValue));
        rows.change(
                now,
                Objects.requireNonNull(kept.get(true)),
                Objects.requireNonNull(kept.get(false)),
                List.of(),
                unit -> unit.obey(new TrialOrder.Choose()));
    }

    private static TrialEntity row(
            String experimentId, int stage, long seed, TrainingRecipe recipe, Cell cell, Instant now) {
        TrainingSize size = recipe.size(cell);
        TrialEntity row = new TrialEntity();
        row.cellId = cell.id().hex();
        row.id = experimentId + "-" + row.cellId;
        row.experimentId = experimentId;
        row.stage = stage;
        row.cell = cell.text();
        row.parameters = size.parameters();
        row.multiplyAdds = size.multiplyAdds();
        row.layers = size.layers();
        row.trainingSeed = TrainingSeed.of(seed, row.cellId);
        row.trainingKey = recipe.key(row.cellId, row.trainingSeed);
        row.queuedAt = now;
        return row;
    }

    /**
     * Gives an order to the trials of some stages of an experiment.
     *
     * @param trialId of the only one that gets it, absent where all do
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void obey(
            String experimentId, TrialOrder order, Set<Integer> stages, @Nullable String trialId, Instant now) {
        List<TrialEntity> trials = trialId == null
                ? TrialEntity.list(
                        "experimentId = ?1 and stage in ?2 and " + concerned(order) + " order by id",
                        experimentId,
                        stages)
                : TrialEntity.list("id", trialId);
        List<AttemptEntity> running = AttemptEntity.list(
                "outcome is null and id.trialId in ?1",
                trials.stream()
                        .filter(trial -> trial.state == TrialState.RUNNING)
                        .map(trial -> trial.id)
                        .toList());
        rows.change(now, trials, List.of(), running, unit -> unit.obey(order));
    }

    /**
     * What the core decides over of one trial.
     *
     * @param cellId 16 hex digits
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Trial one(String experimentId, String cellId) {
        return TrialEntity.existing(experimentId, cellId).trial();
    }

    /** Those of the trials that an order can concern, so that no others are read: what becomes of them each of them decides itself. */
    private static String concerned(TrialOrder order) {
        return switch (order) {
            case TrialOrder.Cancel _ -> "state in (QUEUED, DISPATCHED, RUNNING)";
            case TrialOrder.Reopen _ -> "state = CANCELLED";
            case TrialOrder.TryAgain _ -> "state = FAILED";
            case TrialOrder.SetAside _ -> "not setAside";
            case TrialOrder.Dispatch _,
                    TrialOrder.Lose _,
                    TrialOrder.Expire _,
                    TrialOrder.Reuse _,
                    TrialOrder.Choose _ -> "true";
        };
    }

    /** Every trained or diverged trial of an experiment that is not set aside, by stage and rank. */
    @Transactional
    public List<Measured> measured(String experimentId) {
        List<TrialEntity> rows = TrialEntity.list(
                "experimentId = ?1 and state in ?2 and not setAside order by stage, rank",
                experimentId,
                List.of(TrialState.TRAINED, TrialState.DIVERGED));
        return rows.stream()
                .map(row -> new Measured(
                        Cell.parse(row.cell), Cell.parse(row.encoding), row.stage, row.predicted, row.accuracy))
                .toList();
    }

    /** The first cause, by rank, why a trial of a stage has no accuracy. */
    @Transactional
    public @Nullable String firstCause(String experimentId, int stage) {
        return database.createQuery(
                        "select cause from TrialEntity where experimentId = :experiment and stage = :stage"
                                + " and cause is not null and not setAside order by rank",
                        String.class)
                .setParameter("experiment", experimentId)
                .setParameter("stage", stage)
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .orElse(null);
    }

    /** The trials of these experiments, counted for each of their stages; by experiment, in the order of the stages. */
    @Transactional
    public Map<String, List<Counts>> counts(Collection<String> experimentIds) {
        return database.createNativeQuery("""
                        select stage.experiment_id, number, trained, replayed, reused, diverged, failed, cancelled, stage.set_aside,
                            running, dispatched, queued, best.accuracy as best
                        from stage left join lateral (select accuracy from trial
                            where trial.experiment_id = stage.experiment_id and trial.stage = stage.number
                                and trial.state = 'TRAINED' and not trial.set_aside
                            order by accuracy desc limit 1) best on true
                        where stage.experiment_id in (:experiments) order by stage.experiment_id, number
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .collect(Collectors.groupingBy(
                        row -> row.get("experiment_id", String.class),
                        Collectors.mapping(
                                row -> new Counts(
                                        row.get("number", Integer.class),
                                        counts(row).tally(),
                                        row.get("best", Double.class)),
                                Collectors.toList())));
    }

    /** The counts in a row that has a column for each kind. */
    static TrialCounts counts(Tuple row) {
        return new TrialCounts(Arrays.stream(TrialKind.values())
                .collect(Collectors.toMap(
                        kind -> kind, kind -> row.get(kind.name().toLowerCase(Locale.ROOT), Long.class))));
    }

    /** The trainings of these experiments that are not over, by experiment. */
    @Transactional
    public Map<String, List<OpenTraining>> open(Collection<String> experimentIds) {
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
                .map(row -> new OpenTraining(
                        row.get("experiment_id", String.class),
                        row.get("stage", Integer.class),
                        TrainingTimes.size(row),
                        row.get("running", Double.class)))
                .collect(Collectors.groupingBy(OpenTraining::experimentId));
    }

    /** How long the attempts at trainings of a stage took together until its end. */
    @Transactional(Transactional.TxType.MANDATORY)
    public double trainedSeconds(String experimentId, int stage, Instant ended) {
        return database.createNativeQuery("""
                        select cast(coalesce(sum(extract(epoch from least(attempt.ended_at, cast(:ended as timestamptz))
                            - attempt.claimed_at)), 0) as double precision)
                        from attempt join trial on trial.id = attempt.trial_id
                        where trial.experiment_id = :experiment and trial.stage = :stage
                        """, Double.class)
                .setParameter("experiment", experimentId)
                .setParameter("stage", stage)
                .setParameter("ended", ended)
                .getSingleResult();
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

    /** How many trainings go on, by engine. */
    @Transactional
    public Map<String, Long> running() {
        return database.createNativeQuery("""
                        select engine, cast(sum(attempts_granted) as bigint) as trainings
                        from experiment where attempts_granted > 0 group by engine
                        """, Tuple.class)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("engine", String.class), row -> row.get("trainings", Long.class)));
    }

    /**
     * How long the slots of the trainers of a stage stood idle, summed, from the last claim of one of its trials, after which nothing of it waited
     * any more, until its end. Only the trainers that trained for it and are alive count, and what they do for other experiments is no idleness.
     *
     * @param ended the end, by the database's clock
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public double idleSeconds(String experimentId, int stage, Instant ended) {
        return database.createNativeQuery("""
                        with own as (
                            select attempt.worker, attempt.claimed_at from attempt join trial on trial.id = attempt.trial_id
                            where trial.experiment_id = :experiment and trial.stage = :stage),
                        tail as (select max(claimed_at) as began, cast(:ended as timestamptz) as ended from own),
                        crew as (select id, slots from worker where state = 'ALIVE' and id in (select worker from own))
                        select coalesce(greatest(0,
                            (select sum(slots) from crew) * extract(epoch from tail.ended - tail.began)
                            - (select coalesce(sum(extract(epoch from
                                    least(attempt.ended_at, tail.ended) - greatest(attempt.claimed_at, tail.began))), 0)
                                from attempt join crew on crew.id = attempt.worker
                                where attempt.ended_at is null or attempt.ended_at > tail.began)), 0)
                        from tail
                        """, BigDecimal.class)
                .setParameter("experiment", experimentId)
                .setParameter("stage", stage)
                .setParameter("ended", ended)
                .getSingleResult()
                .doubleValue();
    }

    /** The best measured cell of the last stage that has any, by experiment, those that are set aside excepted; ties go to the least text. */
    @Transactional
    public Map<String, TrialSummary> best(Collection<String> experimentIds) {
        return first(experimentIds, "set_aside, stage desc, accuracy desc, cell collate \"C\"");
    }

    /** The best measured cell of all stages, by experiment; ties go to the least text. */
    @Transactional
    public Map<String, TrialSummary> bestOverall(Collection<String> experimentIds) {
        return first(experimentIds, "accuracy desc, cell collate \"C\"");
    }

    /** All trials of an experiment, by stage and rank. */
    @Transactional
    public List<TrialSummary> all(String experimentId) {
        List<TrialEntity> rows = TrialEntity.list("experimentId = ?1 order by stage, rank", experimentId);
        return rows.stream().map(TrialEntity::summary).toList();
    }

    private Map<String, TrialSummary> first(Collection<String> experimentIds, String order) {
        return database.createNativeQuery(
                        "select distinct on (experiment_id) * from trial where state = 'TRAINED'"
                                + " and experiment_id in (:experiments) order by experiment_id, " + order,
                        TrialEntity.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .collect(Collectors.toMap(row -> row.experimentId, TrialEntity::summary));
    }
}
