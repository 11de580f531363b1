package pnas.orchestrator.live;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Wakes those who wait in this process. A signal carries nothing and may be lost, so listeners look at the database, and do so from time to
 * time without a signal too: another orchestrator's commits give none here.
 */
@ApplicationScoped
public class Signals {
    private final TransactionSynchronizationRegistry transaction;
    private final Map<Signal, List<Runnable>> listeners = new EnumMap<>(Signal.class);

    Signals(TransactionSynchronizationRegistry transaction) {
        this.transaction = transaction;
        for (Signal signal : Signal.values()) {
            listeners.put(signal, new CopyOnWriteArrayList<>());
        }
    }

    /** Raises the signal when the running transaction has committed; several times in one transaction is once. */
    public void raiseAfterCommit(Signal signal) {
        if (transaction.getResource(signal) != null) {
            return;
        }
        transaction.putResource(signal, signal);
        transaction.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {}

            @Override
            public void afterCompletion(int status) {
                if (status == Status.STATUS_COMMITTED) {
                    raise(signal);
                }
            }
        });
    }

    /** Raises the signal at once, for what no transaction is about. */
    public void raise(Signal signal) {
        listeners(signal).forEach(Runnable::run);
    }

    /** Calls the listener at each signal, on the thread that committed: it must only note the call. */
    public Subscription listen(Signal signal, Runnable listener) {
        List<Runnable> all = listeners(signal);
        all.add(listener);
        return () -> all.remove(listener);
    }

    private List<Runnable> listeners(Signal signal) {
        return Objects.requireNonNull(listeners.get(signal));
    }

    /** A listening that can be ended. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
