package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.cell.Cell;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.trial.FairShare.Choice;
import pnas.orchestrator.trial.FairShare.Claimant;
import pnas.orchestrator.worker.Workers;

/** The queued trials, which are the outbox of their jobs. */
@ApplicationScoped
public class Outbox {
    /** Tells the locks of dispatch from other advisory locks of the database. */
    private static final int DISPATCH = 1;

    private final Session database;
    private final OwningExperiments experiments;
    private final TrialChanges changes;
    private final Workers workers;

    Outbox(Session database, OwningExperiments experiments, TrialChanges changes, Workers workers) {
        this.database = database;
        this.experiments = experiments;
        this.changes = changes;
        this.workers = workers;
    }

    /** The engines for which a trial of a running experiment waits. */
    @Transactional
    public List<String> engines() {
        return database.createNativeQuery("""
                        select distinct engine from experiment where state = 'RUNNING' and exists
                            (select from trial where trial.experiment_id = experiment.id and trial.state = 'QUEUED')
                        """, String.class).getResultList();
    }

    /** Answers queued trials of an engine that another experiment has trained, as a live trainer of today would train them. */
    public void reuse(String engine) {
        Map<String, String> stored = stored(engine);
        if (!stored.isEmpty()) {
            changes.reuse(stored);
        }
    }

    /** By id of each queued trial the id of the trial with its result; the oldest where several have it. */
    @Transactional
    Map<String, String> stored(String engine) {
        Set<Machine> machines = workers.liveMachines(engine);
        if (machines.isEmpty()) {
            return Map.of();
        }
        return database.createNativeQuery("""
                        select trial.id, result.id as result, result.identity ->> 'engineVersion' as version,
                            result.identity ->> 'deviceKind' as device
                        from experiment
                        join trial on trial.experiment_id = experiment.id and trial.state = 'QUEUED'
                        join trial result on result.training_key = trial.training_key and result.reusable
                        where experiment.state = 'RUNNING' and experiment.engine = :engine and experiment.reuse
                        order by result.finished_at, result.id
                        """, Tuple.class)
                .setParameter("engine", engine)
                .getResultStream()
                .filter(row -> machines.contains(
                        new Machine(engine, row.get("version", String.class), row.get("device", String.class))))
                .collect(Collectors.toMap(
                        row -> row.get("id", String.class),
                        row -> row.get("result", String.class),
                        (oldest, later) -> oldest));
    }

    /**
     * Sends queued trials of an engine, of each experiment the longest predicted first, and marks those as dispatched that the broker has. Which
     * experiments go first {@link FairShare} decides.
     *
     * <p>The rows are not locked while the broker is waited for, so that no claim waits for it: a claim is valid from QUEUED too, and the mark is a
     * compare-and-set. What keeps two orchestrators from sending the same trial is an advisory lock, which ends with its holder's connection.
     * It also keeps two experiments from training the same thing at once: of several trials with one key, where results may be reused, one is
     * out at a time.
     *
     * @param unclaimed the most trials of the engine that may be dispatched and not claimed
     * @param send sends jobs and returns the offsets of those that the broker has, by the ids of their trials
     * @return how many were sent
     */
    @Transactional
    public int dispatch(String engine, long unclaimed, Function<List<TrainingJob>, Map<String, Long>> send) {
        if (!lock(engine)) {
            return 0;
        }
        long room = unclaimed - dispatched(engine);
        List<TrialEntity> waiting = room <= 0 ? List.of() : withoutTwins(engine, waiting(engine, room));
        if (waiting.isEmpty()) {
            return 0;
        }
        List<Choice<TrialEntity>> chosen = FairShare.choose(claimants(engine, waiting), room);
        Set<String> owners = chosen.stream().map(Choice::experimentId).collect(Collectors.toSet());
        Map<String, OwningExperiments.Origin> origins = experiments.origins(owners);
        Map<String, Long> sent = send.apply(chosen.stream()
                .map(choice -> job(choice.training(), Objects.requireNonNull(origins.get(choice.experimentId()))))
                .toList());
        mark(
                chosen.stream()
                        .filter(choice -> sent.containsKey(choice.training().id))
                        .toList(),
                sent);
        return sent.size();
    }

    /** Leaves out what has a result meanwhile, and all but the first of those that would train the same. */
    private List<TrialEntity> withoutTwins(String engine, List<TrialEntity> waiting) {
        if (waiting.isEmpty()) {
            // The usual case while trainings run: all that its experiments allow is out.
            return waiting;
        }
        // Asked after the trials were read: what was in training then and is over now has its result here.
        Set<String> answered = stored(engine).keySet();
        Set<String> keys = new HashSet<>();
        return waiting.stream()
                .filter(trial -> !answered.contains(trial.id))
                .filter(trial -> trial.trainingKey == null || keys.add(trial.trainingKey))
                .toList();
    }

    private boolean lock(String engine) {
        return database.createNativeQuery("select pg_try_advisory_xact_lock(:what, :engine)", Boolean.class)
                .setParameter("what", DISPATCH)
                .setParameter("engine", engine.hashCode())
                .getSingleResult();
    }

    private long dispatched(String engine) {
        return database.createNativeQuery("""
                        select count(*) from trial join experiment on experiment.id = trial.experiment_id
                        where trial.state = 'DISPATCHED' and experiment.engine = :engine
                        """, Long.class)
                .setParameter("engine", engine)
                .getSingleResult();
    }

    /** The running experiments of an engine, with what each has out and may send. */
    private List<Claimant<TrialEntity>> claimants(String engine, List<TrialEntity> waiting) {
        Map<String, List<TrialEntity>> own =
                waiting.stream().collect(Collectors.groupingBy(trial -> trial.experimentId));
        return database.createNativeQuery("""
                        select id, priority, weight, turn, (select count(*) from trial
                            where experiment_id = experiment.id and state in ('DISPATCHED', 'RUNNING')) as out
                        from experiment where state = 'RUNNING' and engine = :engine
                        """, Tuple.class)
                .setParameter("engine", engine)
                .getResultStream()
                .map(row -> new Claimant<>(
                        row.get("id", String.class),
                        row.get("priority", Integer.class),
                        row.get("weight", Integer.class),
                        row.get("out", Long.class),
                        row.get("turn", Double.class),
                        own.getOrDefault(row.get("id", String.class), List.of())))
                .toList();
    }

    /** Of each running experiment as many of its longest trials as its own limits and the room allow, the longest first. */
    private List<TrialEntity> waiting(String engine, long room) {
        return database.createNativeQuery("""
                        select queued.* from experiment
                        cross join lateral (select greatest(0, least(cast(:room as bigint),
                            case when experiment.max_parallel is not null then experiment.max_parallel - (select count(*) from trial active
                                where active.experiment_id = experiment.id and active.state in ('DISPATCHED', 'RUNNING')) end,
                            case when experiment.budget_trainings is not null then experiment.budget_trainings
                                - (select count(*) from attempt join trial tried on tried.id = attempt.trial_id
                                    where tried.experiment_id = experiment.id and attempt.charged)
                                - (select count(*) from trial sent
                                    where sent.experiment_id = experiment.id and sent.state = 'DISPATCHED') end)) as trials) allowed
                        cross join lateral (select * from trial
                            where trial.experiment_id = experiment.id and trial.state = 'QUEUED'
                                and not (experiment.reuse and exists (select from trial twin
                                    where twin.training_key = trial.training_key and twin.state in ('DISPATCHED', 'RUNNING')))
                            order by trial.expected_seconds desc, trial.multiply_adds desc, trial.id limit allowed.trials) queued
                        where experiment.state = 'RUNNING' and experiment.engine = :engine
                        order by queued.expected_seconds desc, queued.multiply_adds desc, queued.id
                        """, TrialEntity.class)
                .setParameter("engine", engine)
                .setParameter("room", room)
                .getResultStream()
                .toList();
    }

    private static TrainingJob job(TrialEntity trial, OwningExperiments.Origin origin) {
        TrainingRecipe recipe = origin.recipe();
        return new TrainingJob(
                TrainingJob.SCHEMA_VERSION,
                trial.experimentId,
                trial.id,
                trial.attempt,
                Cell.parse(trial.cell),
                recipe.dataSet(),
                recipe.layout(),
                recipe.settings(),
                trial.halfBatch,
                trial.trainingSeed,
                recipe.replay(),
                origin.traceparent());
    }

    /** Marks what was sent, except what a trainer or a user changed meanwhile. */
    private void mark(List<Choice<TrialEntity>> sent, Map<String, Long> offsets) {
        if (sent.isEmpty()) {
            return;
        }
        Map<String, Double> turns =
                sent.stream().collect(Collectors.toMap(Choice::experimentId, Choice::turn, Math::max));
        Map<String, TrialOrder.Dispatch> orders = sent.stream()
                .map(Choice::training)
                .collect(Collectors.toMap(
                        trial -> trial.id,
                        trial ->
                                new TrialOrder.Dispatch(trial.attempt, Objects.requireNonNull(offsets.get(trial.id)))));
        // The rows were read before the locks are had, so they are read again.
        database.clear();
        changes.sent(orders, turns);
    }
}
