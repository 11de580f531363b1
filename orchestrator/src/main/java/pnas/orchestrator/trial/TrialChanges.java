package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.hibernate.Session;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialTransactions;
import pnas.orchestrator.life.TrialUnit;

/** The transactions that change trials, and what follows from them. */
@ApplicationScoped
class TrialChanges {
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
        withoutOpenTrials(unit.touchedStages()).forEach(experiments::trialsEnded);
        return unit;
    }

    /** The experiments of those of these stages whose counts say that no trial is open. */
    private List<String> withoutOpenTrials(Set<TrialUnit.StageKey> stages) {
        if (stages.isEmpty()) {
            return List.of();
        }
        return database.createNativeQuery("""
                        select distinct stage.experiment_id from unnest(:experiments, :numbers) as ended (experiment_id, number)
                        join stage on stage.experiment_id = ended.experiment_id and stage.number = ended.number
                        where stage.open_trials = 0 order by stage.experiment_id
                        """, String.class)
                .setParameter(
                        "experiments",
                        stages.stream().map(TrialUnit.StageKey::experimentId).toArray(String[]::new))
                .setParameter(
                        "numbers",
                        stages.stream().map(TrialUnit.StageKey::stage).toArray(Integer[]::new))
                .getResultList();
    }
}
