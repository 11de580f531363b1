package pnas.orchestrator.life;

import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import pnas.cell.Cell;
import pnas.orchestrator.experiment.Drafts;
import pnas.orchestrator.timing.TrainingSize;
import pnas.space.SearchSpace;

/** The contract on maps. */
class MemoryStoreTest extends StoreContract {
    private final AtomicLong seconds = new AtomicLong();
    private final MemoryStore database =
            new MemoryStore(() -> Lives.NOW.plusSeconds(seconds.incrementAndGet()), MemoryStoreTest::awaitLock);

    private int experiments;

    private static void awaitLock(BooleanSupplier free) {
        if (!free.getAsBoolean()) {
            await().until(free::getAsBoolean);
        }
    }

    @Override
    String begin(String settings) {
        String id = "abcdefg" + (char) ('a' + experiments++);
        Specification specification =
                Drafts.specification("{'engine':'vector','operations':['identity'],'blocks':1," + settings + "}");
        database.put(new MemoryStore.Search(id, ExperimentState.RUNNING, specification, 0, null));
        for (Cell cell : new SearchSpace(specification.operations()).firstStage()) {
            database.put(row(id, specification, cell, Lives.NOW));
        }
        return id;
    }

    static MemoryStore.Row row(String experimentId, Specification specification, Cell cell, Instant now) {
        String cellId = cell.id().hex();
        long seed = TrainingSeed.of(specification.seed(), cellId);
        TrainingSize size = specification.recipe().size(cell);
        Trial trial = new Trial(
                new Trial.Subject(
                        experimentId + "-" + cellId,
                        experimentId,
                        1,
                        cellId,
                        seed,
                        specification.recipe().key(cellId, seed)),
                new Trial.Standing.Queued(),
                new Trial.Tries(1, 0, /* halfBatch= */ false),
                now,
                null,
                null,
                null,
                /* setAside= */ false);
        return new MemoryStore.Row(
                new TrialLife(trial, List.of()), cell, size.multiplyAdds() * 1e-9, size.multiplyAdds());
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
    List<NewEvent> events(String experimentId) {
        return database.events().stream()
                .filter(event -> event.experimentId().equals(experimentId))
                .toList();
    }
}
