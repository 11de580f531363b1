package pnas.orchestrator.life.store;

import static pnas.orchestrator.peer.Wait.await;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import pnas.orchestrator.life.Lives;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.specification.Specification;

/** The contract on maps. */
class MemoryStoreTest extends StoreContract {
    private final AtomicLong seconds = new AtomicLong();
    private final MemoryStore database =
            new MemoryStore(() -> Lives.NOW.plusSeconds(seconds.incrementAndGet()), MemoryStoreTest::awaitLock, _ -> 1);

    private int experiments;

    private static void awaitLock(BooleanSupplier free) {
        if (!free.getAsBoolean()) {
            await().until(free::getAsBoolean);
        }
    }

    @Override
    String begin(Specification specification) {
        String id = "abcdefg" + (char) ('a' + experiments++);
        Done _ = inTransaction(
                store -> new ExperimentTransactions(store, Lives.TERMS).create(id, specification, null, null));
        return id;
    }

    @Override
    <T> T inTransaction(Function<Store, T> work) {
        try (MemoryStore.Transaction transaction = database.begin()) {
            T result = work.apply(transaction);
            transaction.commit();
            return result;
        }
    }

    @Override
    void inVain(Function<Store, ?> work) {
        try (MemoryStore.Transaction transaction = database.begin()) {
            Object _ = work.apply(transaction);
        }
    }

    @Override
    Turns turns() {
        return database.turns();
    }

    @Override
    List<NewEvent> events(String experimentId) {
        return database.events().stream()
                .filter(event -> event.experimentId().equals(experimentId))
                .toList();
    }
}
