package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.message.Messages;
import pnas.message.TrainingProgress;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;
import pnas.orchestrator.worker.LeaseConfiguration;

/** The transactions that change trials. */
@ApplicationScoped
class TrialChanges {
    private static final Pattern TRIAL_ID = Pattern.compile("[a-z0-9]{8}-[0-9a-f]{16}");
    private static final int EXPERIMENT_ID_LENGTH = 8;
    static final List<TrialState> OPEN = List.of(TrialState.QUEUED, TrialState.DISPATCHED, TrialState.RUNNING);

    private final Session database;
    private final OwningExperiments experiments;
    private final Events events;
    private final Signals signals;
    private final LeaseConfiguration lease;

    TrialChanges(
            Session database, OwningExperiments experiments, Events events, Signals signals, LeaseConfiguration lease) {
        this.database = database;
        this.experiments = experiments;
        this.events = events;
        this.signals = signals;
        this.lease = lease;
    }

    /** Works on messages of trainers, in their order. */
    @Transactional
    TrialUnit apply(List<TrainingProgress> messages) {
        Set<String> ids = messages.stream()
                .map(message -> message.attempt().trialId())
                .filter(id -> TRIAL_ID.matcher(id).matches())
                .collect(Collectors.toSet());
        TrialUnit unit = begin(ids);
        messages.forEach(unit::handle);
        return finish(unit);
    }

    /** Ends the leases of these trials that were over at an instant of the database's clock. */
    @Transactional
    TrialUnit expire(Collection<String> ids, Instant before) {
        TrialUnit unit = begin(ids);
        unit.trials().forEach(trial -> unit.expire(trial, before));
        return finish(unit);
    }

    /** Queues those of these trials again that are still dispatched, since before an instant of the database's clock. */
    @Transactional
    TrialUnit lose(Collection<String> ids, Instant dispatchedBefore) {
        TrialUnit unit = begin(ids);
        unit.trials().forEach(trial -> unit.lose(trial, dispatchedBefore));
        return finish(unit);
    }

    /** Answers those of these trials that are still queued with the results that others have; by id of the trial the id of the other. */
    @Transactional
    TrialUnit reuse(Map<String, String> stored) {
        TrialUnit unit = begin(stored.keySet());
        List<TrialEntity> others = TrialEntity.list("id in ?1", stored.values());
        Map<String, TrialEntity> results = others.stream().collect(Collectors.toMap(other -> other.id, other -> other));
        unit.trials().forEach(trial -> unit.reuse(trial, Objects.requireNonNull(results.get(stored.get(trial.id)))));
        return finish(unit);
    }

    private TrialUnit begin(Collection<String> ids) {
        Set<String> owners =
                ids.stream().map(id -> id.substring(0, EXPERIMENT_ID_LENGTH)).collect(Collectors.toSet());
        OwningExperiments.Locked locked = experiments.lock(owners);
        // Read after the locks were had: nobody changes these rows until the transaction ends.
        return new TrialUnit(
                locked,
                lease.duration(),
                lease.attempts(),
                TrialEntity.list("id in ?1 order by id", ids),
                AttemptEntity.list("id.trialId in ?1", ids));
    }

    private TrialUnit finish(TrialUnit unit) {
        database.flush();
        keep(unit.epochs());
        events.append(unit.events());
        for (TrialUnit.StageKey stage : withoutOpenTrials(unit.touchedStages())) {
            experiments.stageEnded(stage.experimentId(), stage.stage());
        }
        if (unit.roomToDispatch()) {
            signals.raiseAfterCommit(Signal.DISPATCH);
        }
        return unit;
    }

    private void keep(List<TrialUnit.EpochRow> epochs) {
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

    private Set<TrialUnit.StageKey> withoutOpenTrials(Set<TrialUnit.StageKey> stages) {
        if (stages.isEmpty()) {
            return Set.of();
        }
        Set<String> owners =
                stages.stream().map(TrialUnit.StageKey::experimentId).collect(Collectors.toSet());
        Set<TrialUnit.StageKey> open = Set.copyOf(database.createQuery("""
                        select distinct new pnas.orchestrator.trial.TrialUnit$StageKey(experimentId, stage) from TrialEntity
                        where experimentId in :owners and state in :open
                        """, TrialUnit.StageKey.class)
                .setParameter("owners", owners)
                .setParameter("open", OPEN)
                .getResultList());
        Set<TrialUnit.StageKey> ended = new HashSet<>(stages);
        ended.removeAll(open);
        return ended;
    }
}
