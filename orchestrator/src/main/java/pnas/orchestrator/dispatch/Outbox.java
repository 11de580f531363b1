package pnas.orchestrator.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Map;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.dispatch.DispatchTurn;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.life.store.TrialTransactions;
import pnas.orchestrator.trainer.LeaseConfiguration;
import pnas.orchestrator.trial.Consequences;

/**
 * The queued trials, which are the outbox of their jobs. What is to be done with them {@link DispatchTurn} decides. Each method is a transaction of its own; what
 * happened between two of them {@link TrialTransactions#sent} finds under its locks.
 */
@ApplicationScoped
class Outbox {
    private final TrialTransactions transactions;
    private final Consequences consequences;

    Outbox(Store store, Consequences consequences, LeaseConfiguration lease) {
        this.transactions = new TrialTransactions(store, new LeaseTerms(lease.duration(), lease.attempts()));
        this.consequences = consequences;
    }

    /** See {@link TrialTransactions#turn}. */
    @Transactional
    TrialTransactions.Turn read(String engine, long unclaimed) {
        return transactions.turn(engine, unclaimed);
    }

    /** See {@link TrialTransactions#reuse}. */
    @Transactional
    void reuse(TrialTransactions.Turn turn) {
        Done _ = consequences.of(transactions.reuse(turn.reused()));
    }

    /** See {@link TrialTransactions#sent}. */
    @Transactional
    void note(TrialTransactions.Turn turn, Map<String, Long> offsets) {
        Done _ = consequences.of(transactions.sent(turn, offsets));
    }
}
