package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.function.Function;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.ExperimentTransactions;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.trainer.LeaseConfiguration;
import pnas.orchestrator.trial.Consequences;

/** The transactions that change experiments, and what follows from them. */
@ApplicationScoped
class ExperimentChanges {
    private final ExperimentTransactions transactions;
    private final Consequences consequences;

    ExperimentChanges(Store store, Consequences consequences, LeaseConfiguration lease) {
        this.transactions = new ExperimentTransactions(store, new LeaseTerms(lease.duration(), lease.attempts()));
        this.consequences = consequences;
    }

    /** Does it as part of the caller's transaction, or in one of its own. */
    @Transactional
    Done apply(Function<ExperimentTransactions, Done> work) {
        return consequences.of(work.apply(transactions));
    }
}
