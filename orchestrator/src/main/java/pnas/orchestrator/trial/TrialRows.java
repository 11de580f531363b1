package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jboss.logging.Logger;
import pnas.message.Messages;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialUnit;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.LogIds;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;
import pnas.orchestrator.worker.LeaseConfiguration;

/** Has the core decide about trials and stores what follows; all of it part of a transaction that has locked their experiments. */
@ApplicationScoped
class TrialRows {
    private static final Logger LOG = Logger.getLogger(TrialRows.class);
    /** Tells the locks of training keys from other advisory locks of the database. */
    private static final int TRAINING_KEY = 2;

    private final Session database;
    private final Events events;
    private final Signals signals;
    private final LeaseTerms terms;

    TrialRows(Session database, Events events, Signals signals, LeaseConfiguration lease) {
        this.database = database;
        this.events = events;
        this.signals = signals;
        this.terms = new LeaseTerms(lease.duration(), lease.attempts());
    }

    /** What is done to trials whose experiments need not be known for it. */
    void change(Instant now, List<TrialEntity> trials, List<AttemptEntity> attempts, Consumer<TrialUnit> decide) {
        TrialUnit _ =
                decide(new Read(trials, List.of(), attempts), new OwningExperiments.Locked(now, Map.of()), decide);
    }

    /**
     * Stores what is decided about these trials.
     *
     * @param locked their experiments
     * @param beginning those of them that may be sent or granted now, so that nobody shall train the same meanwhile
     * @param decide gives messages and orders
     * @return what was decided
     */
    TrialUnit change(
            OwningExperiments.Locked locked,
            Collection<String> ids,
            Collection<String> beginning,
            Consumer<TrialUnit> decide) {
        // Read after the locks were had: nobody changes these rows until the transaction ends.
        List<TrialEntity> read = trials(ids, reusing(locked, beginning));
        List<AttemptEntity> attempts = AttemptEntity.list("id.trialId in ?1", ids);
        Map<Boolean, List<TrialEntity>> own =
                read.stream().collect(Collectors.partitioningBy(row -> ids.contains(row.id)));
        return decide(
                new Read(
                        Objects.requireNonNull(own.get(true)),
                        Objects.requireNonNull(own.get(false)).stream()
                                .map(TrialEntity::trial)
                                .toList(),
                        attempts),
                locked,
                decide);
    }

    /** Those of these trials whose experiments reuse results. */
    private static List<String> reusing(OwningExperiments.Locked locked, Collection<String> ids) {
        return ids.stream()
                .filter(id -> {
                    Owner owner = locked.owners().get(OwningExperiments.ownerOf(id));
                    return owner != null && owner.reuse();
                })
                .toList();
    }

    /**
     * The trials, and those that are out and train the same as one of them that is about to begin.
     *
     * <p>Twins stand in different experiments, so that the locks of these do not keep two of them from beginning at once. Hence the keys are locked
     * too: after the experiments, and in one order, so that nobody waits in a circle.
     */
    private List<TrialEntity> trials(Collection<String> ids, List<String> beginning) {
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

    /**
     * What was read.
     *
     * @param others trials that are in the way of some of them
     */
    private record Read(List<TrialEntity> trials, List<Trial> others, List<AttemptEntity> attempts) {}

    private TrialUnit decide(Read read, OwningExperiments.Locked locked, Consumer<TrialUnit> decide) {
        Map<String, List<Attempt>> attempts = read.attempts().stream()
                .collect(Collectors.groupingBy(
                        row -> row.id.trialId(), Collectors.mapping(AttemptEntity::attempt, Collectors.toList())));
        TrialUnit unit = new TrialUnit(
                terms,
                locked.now(),
                locked.owners(),
                read.trials().stream()
                        .map(row -> new TrialLife(row.trial(), attempts.getOrDefault(row.id, List.of())))
                        .toList(),
                read.others());
        decide.accept(unit);
        if (!unit.effects().isEmpty()) {
            store(unit, read.trials(), read.attempts());
        }
        return unit;
    }

    private void store(TrialUnit unit, List<TrialEntity> trials, List<AttemptEntity> attempts) {
        Map<String, TrialEntity> rows = trials.stream().collect(Collectors.toMap(row -> row.id, row -> row));
        Map<AttemptEntity.Key, AttemptEntity> tries =
                attempts.stream().collect(Collectors.toMap(row -> row.id, row -> row));
        for (TrialLife life : unit.lives()) {
            Objects.requireNonNull(rows.get(life.trial().id())).take(life.trial());
            life.attempts().forEach(attempt -> store(attempt, tries));
        }
        database.flush();
        keep(unit.all(TrialEffects::epochs));
        events.append(unit.all(TrialEffects::events));
        unit.effects().forEach(TrialRows::log);
        if (unit.roomToDispatch()) {
            signals.raiseAfterCommit(Signal.DISPATCH);
        }
    }

    private static void store(Attempt attempt, Map<AttemptEntity.Key, AttemptEntity> known) {
        AttemptEntity row = known.get(AttemptEntity.Key.of(attempt.ref()));
        if (row == null) {
            AttemptEntity.begun(attempt).persist();
        } else {
            row.take(attempt);
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
                    .setParameter("epochs", new String(Messages.encode(epochs), StandardCharsets.UTF_8))
                    .executeUpdate();
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
