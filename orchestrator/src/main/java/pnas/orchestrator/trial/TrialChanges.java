package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.message.TrainingProgress;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.TrialUnit;

/** The transactions that change trials. */
@ApplicationScoped
class TrialChanges {
    private static final Pattern TRIAL_ID = Pattern.compile("[a-z0-9]{8}-[0-9a-f]{16}");
    static final List<TrialState> OPEN = List.of(TrialState.QUEUED, TrialState.DISPATCHED, TrialState.RUNNING);

    private final Session database;
    private final OwningExperiments experiments;
    private final TrialRows rows;

    TrialChanges(Session database, OwningExperiments experiments, TrialRows rows) {
        this.database = database;
        this.experiments = experiments;
        this.rows = rows;
    }

    /** Works on messages of trainers, in their order. */
    @Transactional
    TrialUnit apply(List<TrainingProgress> messages) {
        Set<String> ids = messages.stream()
                .map(message -> message.attempt().trialId())
                .filter(id -> TRIAL_ID.matcher(id).matches())
                .collect(Collectors.toSet());
        Set<String> claimed = messages.stream()
                .filter(TrainingProgress.Claimed.class::isInstance)
                .map(message -> message.attempt().trialId())
                .filter(ids::contains)
                .collect(Collectors.toSet());
        return change(ids, claimed, unit -> messages.forEach(unit::hear));
    }

    /** Ends the leases of these trials that were over at an instant of the database's clock. */
    @Transactional
    TrialUnit expire(Collection<String> ids, Instant before) {
        return change(ids, Set.of(), unit -> unit.obey(new TrialOrder.Expire(before)));
    }

    /** Queues those of these trials again, all of one engine, whose jobs were lost. */
    @Transactional
    TrialUnit lose(Collection<String> ids, TrialOrder.Lose order) {
        return change(ids, Set.of(), unit -> unit.obey(order));
    }

    /** Answers those of these trials that are still queued with the results that others have; by id of the trial the id of the other. */
    @Transactional
    TrialUnit reuse(Map<String, String> stored) {
        List<TrialEntity> others = TrialEntity.list("id in ?1", stored.values());
        Map<String, Trial> results = others.stream().collect(Collectors.toMap(other -> other.id, TrialEntity::trial));
        return change(
                stored.keySet(),
                Set.of(),
                unit -> stored.forEach((id, other) ->
                        unit.obey(id, new TrialOrder.Reuse(Objects.requireNonNull(results.get(other))))));
    }

    private TrialUnit change(Collection<String> ids, Collection<String> beginning, Consumer<TrialUnit> decide) {
        OwningExperiments.Locked locked =
                experiments.lock(ids.stream().map(OwningExperiments::ownerOf).collect(Collectors.toSet()));
        TrialUnit unit = rows.change(locked, ids, beginning, decide);
        withoutOpenTrials(unit.touchedStages()).stream()
                .map(TrialUnit.StageKey::experimentId)
                .distinct()
                .forEach(experiments::trialsEnded);
        return unit;
    }

    private Set<TrialUnit.StageKey> withoutOpenTrials(Set<TrialUnit.StageKey> stages) {
        if (stages.isEmpty()) {
            return Set.of();
        }
        Set<String> owners =
                stages.stream().map(TrialUnit.StageKey::experimentId).collect(Collectors.toSet());
        Set<TrialUnit.StageKey> open = Set.copyOf(database.createQuery("""
                        select distinct new pnas.orchestrator.life.TrialUnit$StageKey(experimentId, stage) from TrialEntity
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
