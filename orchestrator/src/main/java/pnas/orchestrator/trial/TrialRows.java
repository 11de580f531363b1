package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.cell.Cell;
import pnas.message.Messages;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.dispatch.DispatchTurn;
import pnas.orchestrator.life.store.Changes;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.trainer.Trainers;

/** What the core finds, reads and stores of trials, in PostgreSQL; its experiments are those of {@link OwningExperiments}. */
@ApplicationScoped
class TrialRows implements Store {

    private static final int TRAINING_KEY = 2;

    private final Session database;
    private final OwningExperiments experiments;
    private final Trainers trainers;
    private final TrainingTimes times;
    private final Events events;

    TrialRows(Session database, OwningExperiments experiments, Trainers trainers, TrainingTimes times, Events events) {
        this.database = database;
        this.experiments = experiments;
        this.trainers = trainers;
        this.times = times;
        this.events = events;
    }

    @Override
    @Transactional
    public Instant now() {
        return database.createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }

    @Override
    @Transactional
    public List<String> expired(Instant before, int most) {
        return database.createQuery(
                        "select id from TrialEntity where state = RUNNING and leaseUntil < :before order by id",
                        String.class)
                .setParameter("before", before)
                .setMaxResults(most)
                .getResultList();
    }

    @Override
    @Transactional
    public Map<String, List<Unclaimed>> unclaimed(Instant sentBefore, int most) {
        return database.createNativeQuery("""
                        select trial.id, trial.job_offset, experiment.engine
                        from trial join experiment on experiment.id = trial.experiment_id
                        where trial.state = 'DISPATCHED' and trial.dispatched_at < :before
                        order by trial.dispatched_at, trial.id limit :most
                        """, Tuple.class)
                .setParameter("before", sentBefore)
                .setParameter("most", most)
                .getResultStream()
                .collect(Collectors.groupingBy(
                        row -> row.get("engine", String.class),
                        Collectors.mapping(
                                row -> new Unclaimed(row.get("id", String.class), row.get("job_offset", Long.class)),
                                Collectors.toList())));
    }

    @Override
    @Transactional
    public List<Trial> trials(Collection<String> ids) {
        List<TrialEntity> found = TrialEntity.list("id in ?1 order by id", ids);
        List<Trial> trials = found.stream().map(TrialEntity::trial).toList();
        forget();
        return trials;
    }

    /** What is found without a lock is not to be taken for what is read under one. */
    private void forget() {
        database.clear();
    }

    @Override
    @Transactional
    public List<String> engines() {
        return database.createNativeQuery("""
                        select distinct engine from experiment where state = 'RUNNING' and exists
                            (select from stage where stage.experiment_id = experiment.id and stage.queued > 0)
                        """, String.class).getResultList();
    }

    @Override
    @Transactional
    public List<DispatchTurn.Head> heads(String engine) {
        return database.createNativeQuery("""
                        select experiment.id, experiment.state, experiment.reuse, experiment.priority, experiment.weight, experiment.turn,
                            experiment.max_parallel, experiment.budget_trainings, experiment.attempts_charged as granted,
                            sent.dispatched, sent.running,
                            array(select trial.training_key from trial where trial.experiment_id = experiment.id
                                and trial.state in ('DISPATCHED', 'RUNNING') and trial.training_key is not null) as keys
                        from experiment cross join lateral (
                            select cast(coalesce(sum(stage.dispatched), 0) as bigint) as dispatched,
                                cast(coalesce(sum(stage.running), 0) as bigint) as running
                            from stage where stage.experiment_id = experiment.id) sent
                        where experiment.engine = :engine and experiment.state in ('RUNNING', 'PAUSED')
                        """, Tuple.class)
                .setParameter("engine", engine)
                .getResultStream()
                .map(row -> new DispatchTurn.Head(
                        row.get("id", String.class),
                        row.get("state", String.class).equals("RUNNING"),
                        row.get("reuse", Boolean.class),
                        new DispatchTurn.Sharing(
                                row.get("priority", Integer.class),
                                row.get("weight", Integer.class),
                                row.get("turn", Double.class)),
                        new DispatchTurn.Limits(
                                row.get("max_parallel", Integer.class), row.get("budget_trainings", Integer.class)),
                        row.get("granted", Long.class),
                        new DispatchTurn.Out(
                                row.get("dispatched", Long.class),
                                row.get("running", Long.class),
                                Set.copyOf(Arrays.asList(row.get("keys", String[].class))))))
                .toList();
    }

    @Override
    @Transactional
    public List<DispatchTurn.Candidate> candidates(Map<String, Long> most) {
        List<Map.Entry<String, Long>> wanted = List.copyOf(most.entrySet());
        return database.createNativeQuery("""
                        select queued.* from unnest(:experiments, :most) as wanted (experiment, most)
                        cross join lateral (select id, training_key, expected_seconds, multiply_adds from trial
                            where experiment_id = wanted.experiment and state = 'QUEUED'
                            order by expected_seconds desc, multiply_adds desc, id limit wanted.most) queued
                        """, Tuple.class)
                .setParameter(
                        "experiments", wanted.stream().map(Map.Entry::getKey).toArray(String[]::new))
                .setParameter("most", wanted.stream().map(Map.Entry::getValue).toArray(Long[]::new))
                .getResultStream()
                .map(row -> new DispatchTurn.Candidate(
                        row.get("id", String.class),
                        row.get("training_key", String.class),
                        row.get("expected_seconds", Double.class),
                        row.get("multiply_adds", Long.class)))
                .toList();
    }

    @Override
    @Transactional
    public List<DispatchTurn.Answer> answers(String engine) {
        return database.createNativeQuery("""
                        select trial.id, result.id as result, result.identity ->> 'engineVersion' as version,
                            result.identity ->> 'deviceKind' as device, result.finished_at
                        from experiment
                        join trial on trial.experiment_id = experiment.id and trial.state = 'QUEUED'
                        join trial result on result.training_key = trial.training_key and result.reusable
                        where experiment.state = 'RUNNING' and experiment.engine = :engine and experiment.reuse
                        """, Tuple.class)
                .setParameter("engine", engine)
                .getResultStream()
                .map(row -> new DispatchTurn.Answer(
                        row.get("id", String.class),
                        row.get("result", String.class),
                        new Machine(engine, row.get("version", String.class), row.get("device", String.class)),
                        row.get("finished_at", Instant.class)))
                .toList();
    }

    @Override
    public Set<Machine> machines(String engine) {
        return trainers.liveMachines(engine);
    }

    @Override
    @Transactional
    public List<TrainingJob> jobs(List<String> ids) {
        List<TrialEntity> found = TrialEntity.list("id in ?1", ids);
        Map<String, TrialEntity> trials = found.stream().collect(Collectors.toMap(row -> row.id, row -> row));
        Map<String, OwningExperiments.Origin> origins =
                experiments.origins(found.stream().map(row -> row.experimentId).collect(Collectors.toSet()));
        List<TrainingJob> jobs = ids.stream()
                .map(trials::get)
                .filter(Objects::nonNull)
                .map(trial -> job(trial, Objects.requireNonNull(origins.get(trial.experimentId))))
                .toList();
        forget();
        return jobs;
    }

    private static TrainingJob job(TrialEntity row, OwningExperiments.Origin origin) {
        return origin.recipe().job(row.trial(), Cell.parse(row.cell), origin.traceparent());
    }

    @Override
    @Transactional
    public List<ExperimentLife> choosing() {
        List<ExperimentLife> found = experiments.choosing();
        forget();
        return found;
    }

    @Override
    @Transactional
    public List<String> limited() {
        List<String> found = experiments.limited();
        forget();
        return found;
    }

    @Override
    public Locked lock(Set<String> experimentIds) {
        return experiments.lock(experimentIds);
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public Read read(Collection<String> ids, Collection<String> beginning) {
        List<Object[]> rows = rows(ids, beginning);
        Map<Boolean, List<TrialEntity>> own = rows.stream()
                .map(row -> (TrialEntity) row[0])
                .distinct()
                .collect(Collectors.partitioningBy(row -> ids.contains(row.id)));
        Map<StageKey, Long> open = new HashMap<>();
        for (Object[] row : rows) {
            TrialEntity trial = (TrialEntity) row[0];
            if (ids.contains(trial.id)) {
                open.put(new StageKey(trial.experimentId, trial.stage), (Long) row[2]);
            }
        }
        return new Read(
                lives(Objects.requireNonNull(own.get(true)), attempts(rows)),
                Objects.requireNonNull(own.get(false)).stream()
                        .map(TrialEntity::trial)
                        .toList(),
                open);
    }

    private static List<AttemptEntity> attempts(List<Object[]> rows) {
        return rows.stream()
                .map(row -> (AttemptEntity) row[1])
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * The trials with their attempts, and those that are out and train the same as one of them that is about to begin.
     *
     * <p>Twins stand in different experiments, so that the locks of these do not keep two of them from beginning at once. Hence the keys are locked
     * too: after the experiments, and in one order, so that nobody waits in a circle.
     */
    private List<Object[]> rows(Collection<String> ids, Collection<String> beginning) {
        if (!beginning.isEmpty()) {
            lockKeys(beginning);
        }
        return database.createNativeQuery("""
                        with wanted as (
                            select id, true as own from trial where id in (:ids)
                            union all
                            select twin.id, false from trial twin where twin.state in ('DISPATCHED', 'RUNNING') and twin.id not in (:ids)
                                and twin.training_key in (select training_key from trial where id in (:beginning)))
                        select {trial.*}, {attempt.*}, stage.open_trials as still_open from wanted join trial on trial.id = wanted.id
                        join stage on stage.experiment_id = trial.experiment_id and stage.number = trial.stage
                        left join attempt on attempt.trial_id = wanted.id and wanted.own
                        order by trial.id, attempt.claimed_at, attempt.number, attempt.token
                        """, Object[].class)
                .addEntity("trial", TrialEntity.class)
                .addEntity("attempt", AttemptEntity.class)
                .addScalar("still_open", Long.class)
                .setParameter("ids", ids)
                .setParameter("beginning", beginning)
                .getResultList();
    }

    private void lockKeys(Collection<String> beginning) {
        List<String> _ = database.createNativeQuery("""
                        select cast(pg_advisory_xact_lock(:what, key) as text) from (
                            select distinct hashtext(training_key) as key from trial
                            where id in (:beginning) and training_key is not null order by key) keys
                        """, String.class)
                .setParameter("what", TRAINING_KEY)
                .setParameter("beginning", beginning)
                .getResultList();
    }

    private static List<TrialLife> lives(List<TrialEntity> trials, List<AttemptEntity> attempts) {
        Map<String, List<Attempt>> own = attempts.stream()
                .collect(Collectors.groupingBy(
                        row -> row.id.trialId(), Collectors.mapping(AttemptEntity::attempt, Collectors.toList())));
        return trials.stream()
                .map(row -> new TrialLife(row.trial(), own.getOrDefault(row.id, List.of())))
                .toList();
    }

    @Override
    public Optional<Search> search(String experimentId) {
        return experiments.search(experimentId);
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public List<TrialLife> lives(String experimentId, Set<Integer> stages, Set<TrialState> states) {
        List<Object[]> rows = database.createNativeQuery("""
                        select {trial.*}, {attempt.*} from trial
                        left join attempt on attempt.trial_id = trial.id and attempt.ended_at is null
                        where trial.experiment_id = :experiment and trial.stage in (:stages) and trial.state in (:states)
                        order by trial.id, attempt.claimed_at, attempt.number, attempt.token
                        """, Object[].class)
                .addEntity("trial", TrialEntity.class)
                .addEntity("attempt", AttemptEntity.class)
                .setParameter("experiment", experimentId)
                .setParameter("stages", stages)
                .setParameter("states", states.stream().map(TrialState::name).toList())
                .getResultList();
        return lives(rows.stream().map(row -> (TrialEntity) row[0]).distinct().toList(), attempts(rows));
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public List<Chosen> chosen(String experimentId, Set<TrialState> states) {
        List<TrialEntity> rows =
                TrialEntity.list("experimentId = ?1 and state in ?2 order by stage, rank", experimentId, states);
        return rows.stream()
                .map(row -> new Chosen(
                        row.trial(), new NewTrial(Cell.parse(row.encoding), row.rank, row.predicted, row.repeat)))
                .toList();
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public List<Stage.Work> work(String experimentId, int stage) {
        return database.createNativeQuery("""
                        with own as (
                            select attempt.* from attempt join trial on trial.id = attempt.trial_id
                            where trial.experiment_id = :experiment and trial.stage = :stage)
                        select true as own, own.worker, trainer.slots, own.claimed_at, own.ended_at
                        from own left join trainer on trainer.id = own.worker and trainer.state = 'ALIVE'
                        union all
                        select false, attempt.worker, trainer.slots, attempt.claimed_at, attempt.ended_at
                        from trainer join attempt on attempt.worker = trainer.id
                        where trainer.state = 'ALIVE' and trainer.id in (select worker from own)
                            and (attempt.ended_at is null or attempt.ended_at > (select max(claimed_at) from own))
                            and not exists (select from own where (own.trial_id, own.number, own.token)
                                = (attempt.trial_id, attempt.number, attempt.token))
                        """, Tuple.class)
                .setParameter("experiment", experimentId)
                .setParameter("stage", stage)
                .getResultStream()
                .map(row -> new Stage.Work(
                        row.get("own", Boolean.class),
                        row.get("worker", String.class),
                        row.get("slots", Integer.class),
                        row.get("claimed_at", Instant.class),
                        row.get("ended_at", Instant.class)))
                .toList();
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void store(Changes changes) {
        if (!changes.experiments().equals(Changes.Experiments.NONE)) {
            experiments.store(changes.experiments());
        }
        choose(changes);
        // All that is changed was read in this transaction, so that it is found without being asked for.
        changes.trials()
                .forEach(trial -> Objects.requireNonNull(database.find(TrialEntity.class, trial.id()))
                        .take(trial));
        changes.begun().forEach(attempt -> AttemptEntity.begun(attempt).persist());
        changes.attempts()
                .forEach(attempt -> Objects.requireNonNull(
                                database.find(AttemptEntity.class, AttemptEntity.Key.of(attempt.ref())))
                        .take(attempt));
        database.flush();
        experiments.count(changes.counts(), changes.usage());
        keep(changes.epochs());
        events.append(changes.events());
    }

    /** Keeps how cells were chosen, and the trials of those that are new. */
    private void choose(Changes changes) {
        if (changes.chosen().isEmpty()) {
            return;
        }
        Map<String, OwningExperiments.Origin> origins = experiments.origins(changes.chosen().stream()
                .map(each -> Trial.ownerOf(each.trialId()))
                .collect(Collectors.toSet()));
        Map<String, TrainingTimes.Known> known = origins.values().stream()
                .map(origin -> origin.recipe().engine())
                .distinct()
                .collect(Collectors.toMap(engine -> engine, times::known));
        Map<String, Trial> trials = changes.trials().stream().collect(Collectors.toMap(Trial::id, trial -> trial));
        for (Changes.Chosen each : changes.chosen()) {
            TrainingRecipe recipe = Objects.requireNonNull(origins.get(Trial.ownerOf(each.trialId())))
                    .recipe();
            TrialEntity row = each.born()
                    ? TrialEntity.of(
                            Objects.requireNonNull(trials.get(each.trialId())),
                            each.cell().encoding().canonical(),
                            recipe)
                    : Objects.requireNonNull(database.find(TrialEntity.class, each.trialId()));
            row.encoding = each.cell().encoding().text();
            row.rank = each.cell().rank();
            row.predicted = each.cell().predicted();
            row.expectedSeconds = Objects.requireNonNull(known.get(recipe.engine()))
                    .predict(recipe, row.size(recipe.images()))
                    .seconds();
            row.persist();
        }
    }

    private void keep(Collection<TrialEffects.Epoch> epochs) {
        if (!epochs.isEmpty()) {
            database.createNativeMutationQuery("""
                            insert into epoch (trial_id, attempt, number, training_loss, validation_accuracy, seconds)
                            select "trialId", attempt, number, "trainingLoss", "validationAccuracy", seconds
                            from jsonb_to_recordset(cast(:epochs as jsonb)) as given ("trialId" text, attempt integer, number integer,
                                "trainingLoss" double precision, "validationAccuracy" double precision, seconds double precision)
                            on conflict do nothing
                            """)
                    .setParameter("epochs", Messages.encodeText(epochs))
                    .executeUpdate();
        }
    }
}
