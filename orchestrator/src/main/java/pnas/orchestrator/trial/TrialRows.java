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
        TrialUnit _ = change(now, Map.of(), trials, attempts, decide);
    }

    /**
     * Stores what is decided.
     *
     * @param now the database's clock after the locks were had
     * @param owners the locked experiments by their ids
     * @param trials read after the locks were had, as are the attempts at them
     * @param decide gives messages and orders
     * @return what was decided
     */
    TrialUnit change(
            Instant now,
            Map<String, Owner> owners,
            List<TrialEntity> trials,
            List<AttemptEntity> attempts,
            Consumer<TrialUnit> decide) {
        Map<String, List<Attempt>> known = attempts.stream()
                .collect(Collectors.groupingBy(
                        row -> row.id.trialId(), Collectors.mapping(AttemptEntity::attempt, Collectors.toList())));
        TrialUnit unit = new TrialUnit(
                terms,
                now,
                owners,
                trials.stream()
                        .map(row -> new TrialLife(row.trial(), known.getOrDefault(row.id, List.of())))
                        .toList());
        decide.accept(unit);
        if (!unit.effects().isEmpty()) {
            store(unit, trials, attempts);
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
