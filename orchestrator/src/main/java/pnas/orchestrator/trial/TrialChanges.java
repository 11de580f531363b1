package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import pnas.message.TrainingProgress;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.life.store.TrialTransactions;
import pnas.orchestrator.trainer.LeaseConfiguration;

/** The transactions that change trials, and what follows from them. */
@ApplicationScoped
class TrialChanges {
    private final TrialTransactions transactions;
    private final Consequences consequences;

    TrialChanges(Store store, Consequences consequences, LeaseConfiguration lease) {
        this.transactions = new TrialTransactions(store, new LeaseTerms(lease.duration(), lease.attempts()));
        this.consequences = consequences;
    }

    /** See {@link TrialTransactions#hear}. */
    @Transactional
    Done apply(List<TrainingProgress> messages) {
        return consequences.of(transactions.hear(messages));
    }

    /** See {@link TrialTransactions#expire}. */
    @Transactional
    Done expire(Collection<String> ids, Instant before) {
        return consequences.of(transactions.expire(ids, before));
    }

    /** See {@link TrialTransactions#lose}. */
    @Transactional
    Done lose(Collection<String> ids, TrialOrder.Lose order) {
        return consequences.of(transactions.lose(ids, order));
    }
}
