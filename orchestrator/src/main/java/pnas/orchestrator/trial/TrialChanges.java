package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.TrialTransactions;
import pnas.orchestrator.life.TrialUnit;

/** The transactions that change trials, and what follows from them. */
@ApplicationScoped
class TrialChanges {
    static final List<TrialState> OPEN = List.of(TrialState.QUEUED, TrialState.DISPATCHED, TrialState.RUNNING);

    private final Session database;
    private final OwningExperiments experiments;
    private final TrialRows rows;
    private final TrialTransactions transactions;

    TrialChanges(Session database, OwningExperiments experiments, TrialRows rows) {
        this.database = database;
        this.experiments = experiments;
        this.rows = rows;
        this.transactions = new TrialTransactions(rows, rows.terms());
    }

    /** See {@link TrialTransactions#hear}. */
    @Transactional
    TrialUnit apply(List<TrainingProgress> messages) {
        return goOn(transactions.hear(messages));
    }

    /** See {@link TrialTransactions#expire}. */
    @Transactional
    TrialUnit expire(Collection<String> ids, Instant before) {
        return goOn(transactions.expire(ids, before));
    }

    /** See {@link TrialTransactions#lose}. */
    @Transactional
    TrialUnit lose(Collection<String> ids, TrialOrder.Lose order) {
        return goOn(transactions.lose(ids, order));
    }

    /**
     * A turn of dispatch, see {@link TrialTransactions#begin}.
     *
     * @param send returns the offsets of those jobs that the broker has, by the ids of their trials
     * @return how many those are
     */
    @Transactional
    int turn(String engine, long unclaimed, Function<List<TrainingJob>, Map<String, Long>> send) {
        TrialTransactions.Turn turn = transactions.begin(engine, unclaimed);
        if (!turn.reused().isEmpty()) {
            goOn(transactions.reuse(turn.reused()));
        }
        if (turn.jobs().isEmpty()) {
            return 0;
        }
        Map<String, Long> offsets = send.apply(turn.jobs());
        if (!offsets.isEmpty()) {
            goOn(transactions.sent(turn, offsets));
        }
        return offsets.size();
    }

    private TrialUnit goOn(TrialUnit unit) {
        rows.tell(unit);
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
