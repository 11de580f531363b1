package pnas.orchestrator.life.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static pnas.orchestrator.peer.Wait.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.EpochFinished;
import pnas.message.TrainingProgress.Heartbeat;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.QuickTimes;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.JobQueue;
import pnas.orchestrator.life.Lives;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.Searches;
import pnas.orchestrator.life.StageOrder;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.dispatch.DispatchTurn;
import pnas.orchestrator.life.ranking.OpenStage;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.Loops;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Drafts;
import pnas.orchestrator.specification.Specification;
import pnas.space.Expansion;
import pnas.space.SearchSpace;
import pnas.testing.KafkaAndDatabase;

/** The contract on PostgreSQL; and the same transactions on it and on maps, which leave the same. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class PostgresStoreTest extends StoreContract {
    private static final int SEEDS = 50;
    private static final int STEPS = 16;
    private static final String SETTINGS = "'blocks':2,'beam':2,'reuse':true,";
    private static final RankingTerms PATIENCE = new RankingTerms(Duration.ofMillis(1), 3, Duration.ofHours(1));
    /** What was told in any seed; what none of them met would be equal for nothing. */
    private static final Set<String> TOLD = new HashSet<>();

    private static final Random ANY = new Random();

    @Inject
    Store store;

    @Inject
    Turns turns;

    @Inject
    Session database;

    @Inject
    Events events;

    @Inject
    Scheduler scheduler;

    @Inject
    Loops loops;

    private final List<String> begun = new ArrayList<>();

    /** Nothing but the test works at its experiments. */
    @BeforeEach
    void rest() {
        scheduler.pause();
        loops.pause();
    }

    @AfterEach
    void goOn() {
        try {
            begun.forEach(id -> inTransaction(postgres -> {
                ExperimentTransactions experiments = new ExperimentTransactions(postgres, Lives.TERMS);
                ExperimentState state =
                        postgres.search(id).orElseThrow().life().experiment().state();
                return state.isTerminal() ? Done.NOTHING : experiments.order(id, new ExperimentOrder.Cancel());
            }));
        } finally {
            loops.resume();
            scheduler.resume();
        }
    }

    @AfterAll
    static void the_seeds_meet_what_they_are_about() {
        assertThat(TOLD)
                .contains(
                        "trial.trained",
                        "trial.reused",
                        "trial.requeued",
                        "trial.cancelled",
                        "trial.setAside",
                        "trial.retried",
                        "stage.expanding",
                        "stage.ranking",
                        "stage.scored",
                        "stage.training",
                        "stage.confirming",
                        "stage.done",
                        "experiment.paused",
                        "experiment.resumed",
                        "experiment.retried",
                        "experiment.extended",
                        "experiment.stopped",
                        "experiment.failed",
                        "experiment.cancelled",
                        "experiment.completed");
    }

    @Override
    String begin(Specification specification) {
        String id = newId(ANY);
        Done _ = inTransaction(
                postgres -> new ExperimentTransactions(postgres, Lives.TERMS).create(id, specification, null, null));
        return id;
    }

    private String newId(Random random) {
        String id = HexFormat.of().toHexDigits(random.nextInt());
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
    Turns turns() {
        return turns;
    }

    @Override
    List<NewEvent> events(String experimentId) {
        return QuarkusTransaction.requiringNew().call(() -> events.after(experimentId, 0, 1000)).stream()
                .map(kept -> new NewEvent(experimentId, kept.trial(), kept.event()))
                .toList();
    }

    /** As an orchestrator that lost its connection, and does not notice. */
    @Test
    void a_turn_ends_with_the_connection_that_holds_it() {
        Turns.Held lost = turns.take("x").orElseThrow();
        QuarkusTransaction.requiringNew()
                .run(() -> assertThat(database.createNativeQuery("""
                                select pg_terminate_backend(pid) from pg_locks
                                where locktype = 'advisory' and classid = 1 and objid = :engine
                                """, Boolean.class)
                                .setParameter("engine", "x".hashCode())
                                .getResultList())
                        .containsExactly(true));
        Turns.Held next =
                await().until(() -> turns.take("x"), Optional::isPresent).orElseThrow();

        lost.close();
        assertThat(turns.take("x")).isEmpty();
        next.close();
        turns.take("x").orElseThrow().close();
    }

    /** An engine that no other test measures trainings of. */
    @Test
    void the_longest_is_found_first_by_size_until_times_are_measured() {
        Machine strange = new Machine("dl4j", "1", "a processor on which small networks take longest");
        List<DispatchTurn.Candidate> bySize = candidates(begin(ofAnotherEngine(81001)));
        assertThat(bySize)
                .extracting(DispatchTurn.Candidate::multiplyAdds)
                .isSortedAccordingTo(Comparator.reverseOrder())
                .doesNotHaveDuplicates();
        for (DispatchTurn.Candidate candidate : bySize) {
            AttemptRef attempt = delivery(candidate.trialId(), 1);
            double seconds = 1e13 / candidate.multiplyAdds() / candidate.multiplyAdds();
            Done _ = hear(
                    new Claimed(1, attempt),
                    new Ended(1, attempt, new Outcome.Trained(0.5, strange, /* replayed= */ false), seconds));
        }

        assertThat(candidates(begin(ofAnotherEngine(81002))).getFirst().multiplyAdds())
                .isEqualTo(bySize.getLast().multiplyAdds());
    }

    private static Specification ofAnotherEngine(int seed) {
        return Drafts.specification(
                "{'engine':'dl4j','operations':['sep5x5','identity'],'blocks':1,'reuse':false,'seed':" + seed + "}");
    }

    private List<DispatchTurn.Candidate> candidates(String experimentId) {
        return inTransaction(postgres -> postgres.candidates(Map.of(experimentId, 1000L)));
    }

    @RepeatedTest(SEEDS)
    void the_same_transactions_leave_the_same_rows_and_events_in_maps(RepetitionInfo seed) {
        Random random = new Random(seed.getCurrentRepetition());
        Both both = new Both();
        String settings = SETTINGS + "'seed':" + (700 + seed.getCurrentRepetition());
        String confirm = seed.getCurrentRepetition() % 2 == 0 ? ",'confirm':{'cells':1,'seeds':2}" : "";
        both.begin(
                random,
                specification(settings + confirm + (random.nextInt(3) == 0 ? ",'budget':{'trainings':3}" : "")));
        both.begin(
                random,
                specification(settings + ",'maxParallelTrainings':2"
                        + (random.nextInt(4) == 0 ? ",'strategy':'random','samples':3" : "")));
        for (int step = 0; step < STEPS; step++) {
            both.happen(random);
        }
        both.assertThatTheRestIsEqual();
    }

    /** Two experiments with the same cells, in PostgreSQL and in maps. */
    private final class Both {
        private final List<String> searches = new ArrayList<>();
        private final List<TrainingProgress> said = new ArrayList<>();
        private final Map<String, Double> expected = new HashMap<>();
        /** What PostgreSQL's clock said, for the maps to say it again. */
        private final Queue<Instant> times = new ArrayDeque<>();

        private final MemoryStore maps = new MemoryStore(
                times::remove,
                free -> assertThat(free.getAsBoolean()).isTrue(),
                trial -> Objects.requireNonNull(expected.get(trial)));
        private final Store clocked = clocked();
        private Instant now = Instant.EPOCH;
        private @Nullable OpenStage taken;

        Both() {
            maps.put(ENGINE, Set.of(MACHINE));
        }

        /** Trials go by their ids, so a seed has its own. */
        void begin(Random random, Specification specification) {
            String id = newId(random);
            searches.add(id);
            transaction((_, experiments) -> experiments.create(id, specification, "somebody", null));
        }

        /** PostgreSQL with trainers alive, with no experiments but these, which notes what the clock says. */
        private Store clocked() {
            return (Store) Proxy.newProxyInstance(
                    Store.class.getClassLoader(), new Class<?>[] {Store.class}, (_, method, arguments) -> {
                        try {
                            return switch (method.getName()) {
                                case "machines" -> Set.of(MACHINE);
                                case "now", "lock" -> noted(method.invoke(store, arguments));
                                case "heads" ->
                                    store.heads(ENGINE).stream()
                                            .filter(head -> searches.contains(head.experimentId()))
                                            .toList();
                                case "choosing" ->
                                    store.choosing().stream()
                                            .filter(life -> searches.contains(
                                                    life.experiment().id()))
                                            .toList();
                                default -> method.invoke(store, arguments);
                            };
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private Object noted(Object answer) {
            now = answer instanceof Store.Locked locked ? locked.now() : (Instant) answer;
            times.add(now);
            return answer;
        }

        private <T> T inMaps(Function<? super MemoryStore.Transaction, T> work) {
            try (MemoryStore.Transaction transaction = maps.begin()) {
                T result = work.apply(transaction);
                transaction.commit();
                return result;
            }
        }

        private void transaction(BiFunction<TrialTransactions, ExperimentTransactions, Done> work) {
            String refused = null;
            Done decided = Done.NOTHING;
            try {
                decided = inTransaction(_ -> work(clocked, work));
            } catch (PnasException e) {
                refused = e.getMessage();
            }
            if (decided.stored().stream().anyMatch(changes -> !changes.chosen().isEmpty())) {
                inTransaction(postgres ->
                                postgres.candidates(searches.stream().collect(Collectors.toMap(id -> id, _ -> 1000L))))
                        .forEach(candidate -> expected.put(candidate.trialId(), candidate.expectedSeconds()));
            }
            Done kept = Done.NOTHING;
            try {
                kept = inMaps(memory -> work(memory, work));
                assertThat(refused).isNull();
            } catch (PnasException e) {
                assertThat(e.getMessage()).isEqualTo(refused);
            }
            assertThat(times).isEmpty();
            assertThat(inAnyOrder(decided)).isEqualTo(inAnyOrder(kept));
            if (decided.stored().stream().anyMatch(changes -> !changes.equals(Changes.NONE))) {
                assertThatRowsAreEqual(touched(decided));
            }
        }

        /** The trials that a transaction is about; it is a fault that the end finds to change another one. */
        private static Set<String> touched(Done decided) {
            return decided.stored().stream()
                    .flatMap(changes -> Stream.of(
                                    changes.chosen().stream().map(Changes.Chosen::trialId),
                                    changes.trials().stream().map(Trial::id),
                                    Stream.concat(changes.begun().stream(), changes.attempts().stream())
                                            .map(attempt -> attempt.ref().trialId()))
                            .flatMap(ids -> ids))
                    .collect(Collectors.toSet());
        }

        private Done work(Store one, BiFunction<TrialTransactions, ExperimentTransactions, Done> work) {
            return work.apply(new TrialTransactions(one, Lives.TERMS), new ExperimentTransactions(one, Lives.TERMS));
        }

        /** Attempts of one trial that were granted at the same instant have no order. */
        private static List<Object> inAnyOrder(Done done) {
            return List.of(
                    done.stored().stream()
                            .map(changes -> List.of(
                                    changes.experiments(),
                                    changes.chosen(),
                                    changes.trials(),
                                    Set.copyOf(changes.begun()),
                                    Set.copyOf(changes.attempts()),
                                    changes.counts(),
                                    changes.usage(),
                                    changes.epochs(),
                                    changes.events()))
                            .toList(),
                    done.withdrawn(),
                    Stream.of(ExperimentEffects.Wake.values()).map(done::wakes).toList());
        }

        private List<Trial> trials(Store one) {
            return searches.stream()
                    .flatMap(id -> one.lives(id, Set.of(1, 2, 3), Set.of(TrialState.values())).stream())
                    .map(TrialLife::trial)
                    .toList();
        }

        void happen(Random random) {
            List<Trial> all = inMaps(this::trials);
            List<String> ids = all.stream().map(Trial::id).toList();
            Trial trial = all.get(random.nextInt(all.size()));
            String search = searches.get(random.nextInt(searches.size()));
            // What is over goes on with more, mostly.
            switch (isOver(search) && random.nextBoolean() ? 19 : random.nextInt(20)) {
                case 0, 1, 2 -> turn(random);
                case 3 -> say(new Claimed(1, delivery(trial, random)), new Claimed(1, delivery(trial, random)));
                case 4, 5 -> {
                    AttemptRef attempt = known(trial, random);
                    say(
                            new EpochFinished(1, attempt, 1, 0.5, 0.25, 2),
                            new Heartbeat(1, attempt, 7, 1),
                            new Ended(1, attempt, outcome(random), 3));
                }
                case 6 -> {
                    if (!said.isEmpty()) {
                        say(said.get(random.nextInt(said.size())));
                    }
                }
                case 7 -> {
                    Instant later = now.plusSeconds(3600);
                    boolean expires = random.nextBoolean();
                    transaction((trials, _) -> expires
                            ? trials.expire(ids, later)
                            : trials.lose(ids, new TrialOrder.Lose(later, new JobQueue(9, 9))));
                }
                case 8, 9, 10, 11 -> train(all, random);
                case 12, 13, 14, 15 -> rank(search, random);
                case 16 -> order(search, new ExperimentOrder.Pause());
                case 17 -> order(search, new ExperimentOrder.Resume());
                case 18 -> {
                    if (random.nextInt(3) == 0) {
                        order(search, new ExperimentOrder.Cancel());
                    } else {
                        transaction((_, experiments) -> experiments.inspect(search));
                    }
                }
                default -> {
                    if (isOver(search)) {
                        transaction((_, experiments) -> experiments
                                .extend(search, (experiment, _) -> widened(experiment.specification()))
                                .orElseThrow());
                    } else {
                        String cell =
                                random.nextBoolean() ? null : trial.subject().cellId();
                        transaction((_, experiments) ->
                                experiments.retry(search, cell).orElseThrow());
                    }
                }
            }
        }

        private boolean isOver(String search) {
            return inMaps(memory -> memory.search(search))
                    .map(found -> found.life().experiment().state())
                    .filter(state -> state.isTerminal() && state != ExperimentState.CANCELLED)
                    .isPresent();
        }

        private static Specification widened(Specification now) {
            return Searches.raised(now, now.search().blocks(), now.search().beam() + 1, Budget.UNLIMITED);
        }

        private void order(String id, ExperimentOrder order) {
            transaction((_, experiments) -> experiments.order(id, order).orElseThrow());
        }

        /** All that waits of one experiment is trained: mostly the last of its stage among it. */
        private void train(List<Trial> all, Random random) {
            String id = searches.get(random.nextInt(searches.size()));
            List<TrainingProgress> messages = new ArrayList<>();
            for (Trial trial : all) {
                if (trial.subject().experimentId().equals(id) && !trial.state().isTerminal()) {
                    AttemptRef attempt = delivery(trial, random);
                    messages.add(new Claimed(1, attempt));
                    messages.add(new Ended(1, attempt, outcome(random), 3));
                }
            }
            say(messages.toArray(TrainingProgress[]::new));
        }

        /** One step of a stage to its cells, sometimes another than the next. */
        private void rank(String search, Random random) {
            OpenStage open = taken;
            if (open == null || random.nextInt(4) == 0) {
                UUID fresh = new UUID(random.nextLong(), random.nextLong());
                AtomicReference<@Nullable OpenStage> next = new AtomicReference<>();
                transaction((_, experiments) -> {
                    ExperimentTransactions.Taken one = experiments.take(PATIENCE, fresh);
                    next.set(one.stage());
                    return one.done();
                });
                taken = next.get();
                return;
            }
            Expansion expansion = new SearchSpace(open.specification().search().operations()).expand(open.parents());
            if (open.specification().search().drawsAtRandom()) {
                order(open, new StageOrder.Draw(open.requestId()));
                taken = null;
                return;
            }
            if (random.nextInt(8) == 0) {
                order(open, new StageOrder.GiveBack(open.requestId()));
                taken = null;
                return;
            }
            order(open, new StageOrder.Expanded(open.requestId(), expansion.count()));
            order(open, new StageOrder.Asked(open.requestId()));
            UUID asked = random.nextInt(8) == 0 ? new UUID(random.nextLong(), 0) : open.requestId();
            if (random.nextBoolean()) {
                String ranked = random.nextInt(4) == 0 ? search : open.experimentId();
                int of = expansion.count() + (random.nextInt(4) == 0 ? 1 : 0);
                transaction((_, experiments) -> experiments.hear(
                        new RankingMessage.SignOfLife(1, asked, ranked, /* waits= */ false, 1, of, 3.5)));
            }
            RankingAnswer answer = answer(open, asked, expansion, random);
            transaction((_, experiments) -> experiments.hear(answer));
            if (random.nextBoolean()) {
                taken = null;
            }
        }

        private void order(OpenStage open, StageOrder order) {
            transaction((_, experiments) -> experiments.order(open, order));
        }

        private static RankingAnswer answer(OpenStage open, UUID asked, Expansion expansion, Random random) {
            ErrorCode failure = switch (random.nextInt(12)) {
                case 0 -> ErrorCode.INVALID_INPUT;
                case 1 -> ErrorCode.STORAGE_FAILURE;
                default -> null;
            };
            if (failure != null) {
                return new RankingAnswer.Failed(1, asked, open.experimentId(), failure, "as the test wants it");
            }
            List<RankingAnswer.Scored> scored = new ArrayList<>();
            for (Expansion.Children children : expansion.children()) {
                for (Block block : children.blocks()) {
                    List<Block> blocks = new ArrayList<>(children.parent().blocks());
                    blocks.add(block);
                    scored.add(new RankingAnswer.Scored(new Cell(blocks), random.nextDouble()));
                }
            }
            scored.sort(Comparator.comparingDouble(RankingAnswer.Scored::score).reversed());
            int keep = Math.min(open.specification().search().beam(), scored.size());
            return new RankingAnswer.Ranked(
                    1,
                    asked,
                    open.experimentId(),
                    scored.size(),
                    scored.subList(0, keep),
                    new RankingAnswer.Histogram(0, 1, List.of(scored.size())),
                    null,
                    1);
        }

        private void turn(Random random) {
            long unclaimed = random.nextInt(4);
            boolean broken = random.nextInt(4) == 0;
            transaction((transactions, _) -> {
                TrialTransactions.Turn turn = transactions.turn(ENGINE, unclaimed);
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
            transaction((trials, _) -> trials.hear(List.of(messages)));
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
            return switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> new Outcome.Trained(random.nextDouble(), MACHINE, /* replayed= */ false);
                case 4 -> new Outcome.Diverged(1, MACHINE);
                case 5 -> new Outcome.OutOfMemory("8 GiB");
                case 6 -> new Outcome.Failed(ErrorCode.INVALID_INPUT, "no such layer");
                default -> new Outcome.Crashed("signal 9");
            };
        }

        private void assertThatRowsAreEqual(Set<String> ids) {
            assertThatEqual(one -> {
                Store.Locked locked = one.lock(Set.copyOf(searches));
                Store.Read read =
                        ids.isEmpty() ? new Store.Read(List.of(), List.of(), Map.of()) : one.read(ids, List.of());
                return Arrays.asList(
                        locked.owners(),
                        searches.stream().map(one::search).toList(),
                        read.open(),
                        read.lives().stream().map(TrialLife::trial).toList(),
                        read.lives().stream()
                                .map(life -> Set.copyOf(life.attempts()))
                                .toList());
            });
        }

        private void assertThatTurnsAreTold() {
            List<String> ids = inMaps(this::trials).stream().map(Trial::id).toList();
            assertThatEqual(one -> {
                Map<String, Owner> owners = one.lock(Set.copyOf(searches)).owners();
                return List.of(
                        Set.copyOf(one.heads(ENGINE).stream()
                                .filter(head -> searches.contains(head.experimentId()))
                                .toList()),
                        // What a paused experiment could have may be found or not.
                        Set.copyOf(one.answers(ENGINE).stream()
                                .filter(answer -> ids.contains(answer.trialId())
                                        && Objects.requireNonNull(owners.get(Trial.ownerOf(answer.trialId())))
                                                .dispatching())
                                .toList()));
            });
        }

        private void assertThatEqual(Function<Store, Object> rows) {
            Object kept = inTransaction(rows);
            times.add(now);
            Object keptInMaps = inMaps(rows);
            assertThat(kept).isEqualTo(keptInMaps);
        }

        /** All rows, by any transaction; what a turn decides over; how the cells were chosen; and what was told. */
        void assertThatTheRestIsEqual() {
            assertThatRowsAreEqual(inMaps(this::trials).stream().map(Trial::id).collect(Collectors.toSet()));
            assertThatTurnsAreTold();
            for (String id : searches) {
                Function<Store, List<Object>> chosen = one -> one.chosen(id, Set.of(TrialState.values())).stream()
                        .filter(each -> !each.trial().setAside())
                        .<Object>map(each -> each)
                        .toList();
                assertThat(inTransaction(chosen)).isEqualTo(inMaps(chosen));
                List<NewEvent> told = events(id);
                assertThat(told).isEqualTo(toldInMaps(id));
                told.forEach(event -> TOLD.add(event.type()));
            }
        }

        private List<NewEvent> toldInMaps(String experimentId) {
            return maps.events().stream()
                    .filter(event -> event.experimentId().equals(experimentId))
                    .toList();
        }
    }
}
