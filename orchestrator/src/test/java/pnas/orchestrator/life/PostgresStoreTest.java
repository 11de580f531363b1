package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import pnas.cell.Cell;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.EpochFinished;
import pnas.message.TrainingProgress.Heartbeat;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.QuickTimes;
import pnas.orchestrator.experiment.Drafts;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.live.Events;
import pnas.testing.KafkaAndDatabase;

/** The contract on PostgreSQL; and the same transactions on it and on maps, which leave the same. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class PostgresStoreTest extends StoreContract {
    private static final int SEEDS = 50;
    private static final int STEPS = 8;

    @Inject
    Store store;

    @Inject
    Experiments experiments;

    @Inject
    Events events;

    @Inject
    Scheduler scheduler;

    private final List<String> begun = new ArrayList<>();

    /** Nothing but the test works at its experiments: it holds the turn of their engine, and what works from time to time rests. */
    @BeforeEach
    void rest() {
        scheduler.pause();
        QuarkusTransaction.begin();
        await().pollInSameThread().until(() -> store.lockTurn(ENGINE));
    }

    @AfterEach
    void goOn() {
        begun.forEach(id -> QuarkusTransaction.requiringNew().call(() -> experiments.cancel(id)));
        QuarkusTransaction.rollback();
        scheduler.resume();
    }

    @Override
    String begin(String settings) {
        String id = QuarkusTransaction.requiringNew()
                .call(() -> experiments
                        .create(
                                Drafts.draft(
                                        "{'engine':'vector','operations':['identity'],'blocks':1," + settings + "}"),
                                null)
                        .id());
        begun.add(id);
        return id;
    }

    @Override
    <T> T inTransaction(Function<Store, T> work) {
        return QuarkusTransaction.requiringNew().call(() -> work.apply(store));
    }

    @Override
    void inVain(Function<Store, ?> work) {
        assertThatExceptionOfType(GivenUp.class)
                .isThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    Object _ = work.apply(store);
                    throw new GivenUp();
                }));
    }

    private static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Override
    List<NewEvent> events(String experimentId) {
        return QuarkusTransaction.requiringNew().call(() -> events.after(experimentId, 0, 1000)).stream()
                .map(event -> new NewEvent(
                        experimentId,
                        event.type(),
                        event.trial(),
                        json(event.body().getBytes(StandardCharsets.UTF_8))))
                .toList();
    }

    @RepeatedTest(SEEDS)
    void the_same_transactions_leave_the_same_rows_and_events_in_maps(RepetitionInfo seed) {
        Random random = new Random(seed.getCurrentRepetition());
        String settings = "'seed':" + (700 + seed.getCurrentRepetition()) + ",'reuse':true,'budget':{'trainings':3}";
        Both both = new Both(List.of(begin(settings), begin(settings + ",'maxParallelTrainings':2")));
        both.assertThatRowsAreEqual();
        for (int step = 0; step < STEPS; step++) {
            both.happen(random);
            both.assertThatRowsAreEqual();
        }
    }

    /** Two experiments with the same cells, in PostgreSQL and in maps. */
    private final class Both {
        private final List<String> searches;
        private final List<String> ids = new ArrayList<>();
        private final List<TrainingProgress> said = new ArrayList<>();
        private final MemoryStore maps = new MemoryStore(
                () -> this.now, free -> assertThat(free.getAsBoolean()).isTrue());
        private final Store clocked = clocked();
        /** What the database's clock said last. */
        private Instant now = Instant.EPOCH;

        Both(List<String> searches) {
            this.searches = searches;
            maps.put(ENGINE, Set.of(MACHINE));
            for (String id : searches) {
                Specification specification = experiments.find(id).specification();
                maps.put(new MemoryStore.Search(id, ExperimentState.RUNNING, specification, 0, null));
                ids.addAll(trials(id));
            }
            inTransaction(postgres -> {
                Map<String, Cell> cells = new HashMap<>();
                postgres.jobs(ids).forEach(job -> cells.put(job.trialId(), job.cell()));
                Map<String, DispatchTurn.Candidate> candidates = new HashMap<>();
                searches.forEach(id -> postgres.candidates(Map.of(id, 1000L))
                        .forEach(candidate -> candidates.put(candidate.trialId(), candidate)));
                postgres.trials(ids)
                        .forEach(trial -> maps.put(new MemoryStore.Row(
                                new TrialLife(trial, List.of()),
                                Objects.requireNonNull(cells.get(trial.id())),
                                Objects.requireNonNull(candidates.get(trial.id()))
                                        .expectedSeconds(),
                                Objects.requireNonNull(candidates.get(trial.id()))
                                        .multiplyAdds())));
                return postgres;
            });
        }

        /** PostgreSQL with trainers alive, in turns that this test has, which notes what the clock says. */
        private Store clocked() {
            return (Store) Proxy.newProxyInstance(
                    Store.class.getClassLoader(), new Class<?>[] {Store.class}, (_, method, arguments) -> {
                        if (method.getName().equals("lockTurn")) {
                            return true;
                        }
                        if (method.getName().equals("machines")) {
                            return Set.of(MACHINE);
                        }
                        try {
                            Object answer = method.invoke(store, arguments);
                            if (answer instanceof Store.Locked locked) {
                                now = locked.now();
                            }
                            return answer;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private <T> T inMaps(Function<? super MemoryStore.Transaction, T> work) {
            try (MemoryStore.Transaction transaction = maps.begin()) {
                T result = work.apply(transaction);
                transaction.commit();
                return result;
            }
        }

        private void transaction(Function<TrialTransactions, TrialUnit> work) {
            TrialUnit decided = inTransaction(_ -> work.apply(new TrialTransactions(clocked, Lives.TERMS)));
            TrialUnit expected = inMaps(memory -> work.apply(new TrialTransactions(memory, Lives.TERMS)));
            assertThat(inAnyOrder(decided.changes())).isEqualTo(inAnyOrder(expected.changes()));
        }

        /** Attempts of one trial that were granted at the same instant have no order. */
        private static List<Object> inAnyOrder(Changes changes) {
            return List.of(
                    changes.turns(),
                    changes.trials(),
                    Set.copyOf(changes.begun()),
                    Set.copyOf(changes.attempts()),
                    changes.counts(),
                    changes.usage(),
                    changes.epochs(),
                    changes.events());
        }

        void happen(Random random) {
            List<Trial> all = inMaps(memory -> memory.trials(ids));
            Trial trial = all.get(random.nextInt(all.size()));
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> turn(random);
                case 3, 4 -> say(new Claimed(1, delivery(trial, random)), new Claimed(1, delivery(trial, random)));
                case 5, 6 -> {
                    AttemptRef attempt = known(trial, random);
                    say(
                            new EpochFinished(1, attempt, 1, 0.5, 0.25, 2),
                            new Heartbeat(1, attempt, 7, 1),
                            new Ended(1, attempt, outcome(random), 3));
                }
                case 7 -> {
                    if (!said.isEmpty()) {
                        TrainingProgress again = said.get(random.nextInt(said.size()));
                        transaction(transactions -> transactions.hear(List.of(again)));
                    }
                }
                case 8 -> {
                    Instant later = now.plusSeconds(3600);
                    transaction(
                            random.nextBoolean()
                                    ? transactions -> transactions.expire(ids, later)
                                    : transactions ->
                                            transactions.lose(ids, new TrialOrder.Lose(later, new JobQueue(9, 9))));
                }
                default -> pauseOrResume(searches.get(random.nextInt(searches.size())));
            }
        }

        private void turn(Random random) {
            long unclaimed = random.nextInt(4);
            boolean broken = random.nextInt(4) == 0;
            transaction(transactions -> {
                TrialTransactions.Turn turn = transactions.begin(ENGINE, unclaimed);
                if (!turn.reused().isEmpty()) {
                    return transactions.reuse(turn.reused());
                }
                Map<String, Long> offsets = new HashMap<>();
                for (TrainingJob job : broken ? List.<TrainingJob>of() : turn.jobs()) {
                    offsets.put(job.trialId(), 5L);
                }
                return transactions.sent(turn, offsets);
            });
        }

        private void say(TrainingProgress... messages) {
            said.addAll(List.of(messages));
            transaction(transactions -> transactions.hear(List.of(messages)));
        }

        private void pauseOrResume(String id) {
            boolean paused =
                    QuarkusTransaction.requiringNew().call(() -> experiments.state(id)) == ExperimentState.PAUSED;
            QuarkusTransaction.requiringNew().call(() -> paused ? experiments.resume(id) : experiments.pause(id));
            MemoryStore.Search search = inMaps(memory -> memory.search(id));
            maps.put(new MemoryStore.Search(
                    id,
                    paused ? ExperimentState.RUNNING : ExperimentState.PAUSED,
                    search.specification(),
                    search.turn(),
                    null));
        }

        private static AttemptRef delivery(Trial trial, Random random) {
            return new AttemptRef(
                    trial.id(), trial.tries().attempt(), "trainer", new UUID(random.nextLong(), random.nextLong()));
        }

        /** Mostly one that is known. */
        private AttemptRef known(Trial trial, Random random) {
            TrialLife life = inMaps(memory ->
                    memory.read(List.of(trial.id()), List.of()).lives().getFirst());
            List<AttemptRef> known = life.attempts().stream().map(Attempt::ref).toList();
            return known.isEmpty() ? delivery(trial, random) : known.get(random.nextInt(known.size()));
        }

        private static Outcome outcome(Random random) {
            return switch (random.nextInt(6)) {
                case 0, 1, 2 -> new Outcome.Trained(random.nextDouble(), MACHINE, /* replayed= */ false);
                case 3 -> new Outcome.Diverged(1, MACHINE);
                case 4 -> new Outcome.OutOfMemory("8 GiB");
                default -> new Outcome.Crashed("signal 9");
            };
        }

        void assertThatRowsAreEqual() {
            Function<Store, Object> rows = one -> {
                Map<String, Owner> owners = one.lock(Set.copyOf(searches)).owners();
                Store.Read read = one.read(ids, ids);
                return List.of(
                        owners,
                        read.twins(),
                        read.lives().stream().map(TrialLife::trial).toList(),
                        read.lives().stream()
                                .map(life -> Set.copyOf(life.attempts()))
                                .toList(),
                        Set.copyOf(one.heads(ENGINE).stream()
                                .filter(head -> searches.contains(head.experimentId()))
                                .toList()),
                        // What a paused experiment could have may be found or not.
                        Set.copyOf(one.answers(ENGINE).stream()
                                .filter(answer -> ids.contains(answer.trialId())
                                        && Objects.requireNonNull(owners.get(Trial.ownerOf(answer.trialId())))
                                                .dispatching())
                                .toList()));
            };
            Object kept = inTransaction(rows);
            Object keptInMaps = inMaps(rows);
            assertThat(kept).isEqualTo(keptInMaps);
            for (String id : searches) {
                List<NewEvent> told = told(id);
                assertThat(told).isEqualTo(toldInMaps(id));
            }
        }

        private List<NewEvent> toldInMaps(String experimentId) {
            return inJson(maps.events().stream()
                    .filter(event -> event.experimentId().equals(experimentId))
                    .toList());
        }
    }
}
