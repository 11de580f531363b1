package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jboss.logging.Logger;
import pnas.message.Messages;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.Changes;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Store;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialUnit;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.LogIds;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;
import pnas.orchestrator.worker.LeaseConfiguration;

/** What the core finds, reads and stores of trials, in PostgreSQL; its experiments are those of {@link OwningExperiments}. */
@ApplicationScoped
class TrialRows implements Store {
    private static final Logger LOG = Logger.getLogger(TrialRows.class);
    /** Tells the locks of training keys from other advisory locks of the database. */
    private static final int TRAINING_KEY = 2;

    private final Session database;
    private final OwningExperiments experiments;
    private final Events events;
    private final Signals signals;
    private final LeaseTerms terms;

    TrialRows(
            Session database, OwningExperiments experiments, Events events, Signals signals, LeaseConfiguration lease) {
        this.database = database;
        this.experiments = experiments;
        this.events = events;
        this.signals = signals;
        this.terms = new LeaseTerms(lease.duration(), lease.attempts());
    }

    LeaseTerms terms() {
        return terms;
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
        return found.stream().map(TrialEntity::trial).toList();
    }

    @Override
    public Locked lock(Set<String> experimentIds) {
        return experiments.lock(experimentIds);
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public Read read(Collection<String> ids, Collection<String> beginning) {
        List<TrialEntity> rows = rows(ids, beginning);
        List<AttemptEntity> attempts =
                AttemptEntity.list("id.trialId in ?1 order by id.trialId, claimedAt, id.number, id.token", ids);
        Map<Boolean, List<TrialEntity>> own =
                rows.stream().collect(Collectors.partitioningBy(row -> ids.contains(row.id)));
        return new Read(
                lives(Objects.requireNonNull(own.get(true)), attempts),
                Objects.requireNonNull(own.get(false)).stream()
                        .map(TrialEntity::trial)
                        .toList());
    }

    /**
     * The trials, and those that are out and train the same as one of them that is about to begin.
     *
     * <p>Twins stand in different experiments, so that the locks of these do not keep two of them from beginning at once. Hence the keys are locked
     * too: after the experiments, and in one order, so that nobody waits in a circle.
     */
    private List<TrialEntity> rows(Collection<String> ids, Collection<String> beginning) {
        if (beginning.isEmpty()) {
            return TrialEntity.list("id in ?1 order by id", ids);
        }
        List<String> _ = database.createNativeQuery("""
                        select cast(pg_advisory_xact_lock(:what, key) as text) from (
                            select distinct hashtext(training_key) as key from trial
                            where id in (:beginning) and training_key is not null order by key) keys
                        """, String.class)
                .setParameter("what", TRAINING_KEY)
                .setParameter("beginning", beginning)
                .getResultList();
        return database.createNativeQuery("""
                        select * from trial where id in (:ids)
                        union all
                        select twin.* from trial twin where twin.state in ('DISPATCHED', 'RUNNING') and twin.id not in (:ids)
                            and twin.training_key in (select training_key from trial where id in (:beginning))
                        order by id
                        """, TrialEntity.class)
                .setParameter("ids", ids)
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
    @Transactional(Transactional.TxType.MANDATORY)
    public void store(Changes changes) {
        if (!changes.turns().isEmpty()) {
            experiments.takeTurns(changes.turns());
        }
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
        keep(changes.epochs());
        events.append(changes.events());
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
                    .setParameter("epochs", new String(Messages.encode(epochs), StandardCharsets.UTF_8))
                    .executeUpdate();
        }
    }

    /**
     * Stores what is decided about trials whose experiments need not be known for it, and tells of it.
     *
     * @param attempts those of the trials that matter for it
     */
    void change(Instant now, List<TrialEntity> trials, List<AttemptEntity> attempts, Consumer<TrialUnit> decide) {
        TrialUnit unit = new TrialUnit(terms, now, Map.of(), lives(trials, attempts), List.of());
        decide.accept(unit);
        if (!unit.effects().isEmpty()) {
            store(unit.changes());
        }
        tell(unit);
    }

    /** Tells those who read the log, and the dispatcher once it is committed. */
    void tell(TrialUnit unit) {
        unit.effects().forEach(TrialRows::log);
        if (unit.roomToDispatch()) {
            signals.raiseAfterCommit(Signal.DISPATCH);
        }
    }

    private static void log(TrialEffects effects) {
        Trial trial = effects.life().trial();
        if (effects.events().isEmpty()) {
            return;
        }
        Map<String, Object> ids = new HashMap<>(Map.of(
                "experiment",
                trial.subject().experimentId(),
                "trial",
                trial.id(),
                "attempt",
                trial.tries().attempt()));
        if (trial.worker() != null) {
            ids.put("worker", trial.worker());
        }
        try (LogIds _ = LogIds.of(ids)) {
            for (NewEvent event : effects.events()) {
                LOG.infof("%s %s %s", event.type(), trial.id(), event.body());
            }
        }
    }
}
