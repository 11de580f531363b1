package pnas.orchestrator.life.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.message.RankingAnswer;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Heartbeat;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Lives;
import pnas.orchestrator.life.Measured;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.Searches;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageOrder;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrainingSeed;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.ranking.OpenStage;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Specification;
import pnas.space.Expansion;
import pnas.space.SearchSpace;

/** What one transaction after another makes of searches, from their beginning to their end, on maps. */
class WholeSearchesTest {
    private static final RankingTerms PATIENCE = new RankingTerms(Duration.ofMinutes(1), 3, Duration.ofMinutes(1));
    private static final String CONFIRM = "'confirm':{'cells':2,'seeds':2}";
    private static final Comparator<Measured> BEST_FIRST = Comparator.comparingDouble(
                    (Measured cell) -> Objects.requireNonNull(cell.accuracy()))
            .reversed()
            .thenComparing(cell -> cell.cell().text());
    private static final String ONE_STAGE = "'blocks':1";

    private final MemoryStore database = new MemoryStore(
            () -> this.now, free -> assertThat(free.getAsBoolean()).isTrue(), _ -> 1);
    private Instant now = Lives.NOW;
    private int searches;
    private int numbers;

    WholeSearchesTest() {
        database.put(StoreContract.ENGINE, Set.of(StoreContract.MACHINE));
    }

    private <T> T in(Function<Store, T> work) {
        try (MemoryStore.Transaction transaction = database.begin()) {
            T result = work.apply(transaction);
            transaction.commit();
            return result;
        }
    }

    private Done trials(Function<TrialTransactions, Done> work) {
        return in(store -> work.apply(new TrialTransactions(store, Lives.TERMS)));
    }

    private Done hear(TrainingProgress... messages) {
        return trials(transactions -> transactions.hear(List.of(messages)));
    }

    private Done experiments(Function<ExperimentTransactions, Done> work) {
        return in(store -> work.apply(new ExperimentTransactions(store, Lives.TERMS)));
    }

    private UUID fresh() {
        return new UUID(7, ++numbers);
    }

    private static double accuracy(Cell cell) {
        return Math.floorMod(cell.id().hex().hashCode(), 1000) / 1000.0;
    }

    private static Outcome outcome(Cell cell) {
        return trained(accuracy(cell));
    }

    private static Outcome trained(double accuracy) {
        return new Outcome.Trained(accuracy, StoreContract.MACHINE, /* replayed= */ false);
    }

    private static boolean isRepeat(TrainingJob job) {
        return !job.trialId()
                .equals(Trial.idOf(job.experimentId(), job.cell().id().hex()));
    }

    /** Under another seed a cell has another accuracy. */
    private static Outcome repeated(TrainingJob job) {
        return trained(job.trainingSeed() % 1000 / 1000.0);
    }

    /** A search with its trainers and its predictor. */
    private final class Search {
        private final String id = "search" + (char) ('a' + ++searches / 10) + (char) ('a' + searches % 10);

        Search(String settings) {
            Specification specification = StoreContract.specification(
                    (settings.contains("reuse") ? "" : "'reuse':false,") + "'seed':5," + settings);
            Done _ = experiments(transactions -> transactions.create(id, specification, null, null));
        }

        private Store.Search now() {
            return in(store -> store.search(id)).orElseThrow();
        }

        Experiment head() {
            return now().life().experiment();
        }

        ExperimentState state() {
            return head().state();
        }

        List<StageState> stages() {
            return now().life().stages().stream().map(Stage::state).toList();
        }

        long all(TrialKind kind) {
            return now().life().stages().stream()
                    .mapToLong(stage -> stage.trials().of(kind))
                    .sum();
        }

        Spent spent() {
            return now().spent(WholeSearchesTest.this.now);
        }

        List<Measured> measured() {
            return in(store -> store.chosen(id, Set.of(TrialState.TRAINED, TrialState.DIVERGED))).stream()
                    .filter(chosen -> chosen.trial().isOfSearch())
                    .map(chosen -> Measured.of(chosen.trial(), chosen.cell()))
                    .toList();
        }

        /** What the trainings under other seeds have come to that decide about the winner. */
        List<List<Object>> confirmed() {
            return trials().stream()
                    .filter(trial -> trial.subject().repeat() > 0 && !trial.setAside())
                    .<List<Object>>map(trial -> List.of(
                            trial.subject().stage(),
                            trial.subject().cellId(),
                            trial.subject().repeat(),
                            trial.subject().trainingSeed(),
                            trial.standing() instanceof Trial.Standing.Trained trained ? trained.accuracy() : "none"))
                    .toList();
        }

        List<Trial> trials() {
            return in(store -> store.lives(id, Set.of(1, 2, 3), Set.of(TrialState.values()))).stream()
                    .map(TrialLife::trial)
                    .toList();
        }

        void order(ExperimentOrder order) {
            Done _ = experiments(transactions -> transactions.order(id, order).orElseThrow());
        }

        void inspect() {
            Done _ = experiments(transactions -> transactions.inspect(id));
        }

        void extend(int blocks, int beam, @Nullable Integer samples, Budget budget) {
            Done _ = experiments(transactions -> transactions
                    .extend(
                            id,
                            (experiment, _) -> Searches.raised(
                                    experiment.specification(), blocks, samples == null ? beam : samples, budget))
                    .orElseThrow());
        }

        void retry(@Nullable String cellId) {
            Done _ = experiments(transactions -> transactions.retry(id, cellId).orElseThrow());
        }

        /** Sends what may be sent; jobs of this search alone come back. */
        List<TrainingJob> send() {
            return in(store -> {
                TrialTransactions transactions = new TrialTransactions(store, Lives.TERMS);
                TrialTransactions.Turn turn = transactions.turn(StoreContract.ENGINE, 100);
                if (!turn.reused().isEmpty()) {
                    Done _ = transactions.reuse(turn.reused());
                    return List.of();
                }
                Map<String, Long> offsets =
                        turn.jobs().stream().collect(Collectors.toMap(TrainingJob::trialId, _ -> 1L));
                Done _ = transactions.sent(turn, offsets);
                return turn.jobs();
            });
        }

        AttemptRef claim(TrainingJob job) {
            AttemptRef attempt = new AttemptRef(job.trialId(), job.attempt(), "trainer", fresh());
            Done _ = hear(new Claimed(1, attempt));
            return attempt;
        }

        void train(TrainingJob job, Outcome outcome) {
            Done _ = hear(new Ended(1, claim(job), outcome, 1));
        }

        /** The only one of the trials that wait that may be sent at once. */
        TrainingJob next() {
            return send().stream()
                    .filter(job -> job.experimentId().equals(id))
                    .findFirst()
                    .orElseThrow();
        }

        void run() {
            run(WholeSearchesTest::outcome);
        }

        /** Goes on until the search is over. */
        void run(Function<Cell, Outcome> outcomes) {
            runJobs(job -> isRepeat(job) ? repeated(job) : outcomes.apply(job.cell()));
        }

        void runJobs(Function<TrainingJob, Outcome> outcomes) {
            for (int step = 0; !state().isTerminal(); step++) {
                assertThat(step).as("steps of a search that ends").isLessThan(100);
                for (TrainingJob job : send()) {
                    train(job, outcomes.apply(job));
                }
                inspect();
                OpenStage open = take();
                if (open != null) {
                    rank(open);
                }
            }
        }

        private @Nullable OpenStage take() {
            try (MemoryStore.Transaction transaction = database.begin()) {
                ExperimentTransactions.Taken taken =
                        new ExperimentTransactions(transaction, Lives.TERMS).take(PATIENCE, fresh());
                transaction.commit();
                return taken.stage();
            }
        }

        private void rank(OpenStage open) {
            UUID request = open.requestId();
            if (open.specification().search().drawsAtRandom()) {
                Done _ = experiments(transactions -> transactions.order(open, new StageOrder.Draw(request)));
                return;
            }
            Expansion expansion = new SearchSpace(open.specification().search().operations()).expand(open.parents());
            Done _ = experiments(
                    transactions -> transactions.order(open, new StageOrder.Expanded(request, expansion.count())));
            Done _ = experiments(transactions -> transactions.order(open, new StageOrder.Asked(request)));
            List<RankingAnswer.Scored> scored = expansion.children().stream()
                    .flatMap(children -> children.blocks().stream()
                            .map(block -> new Cell(Stream.concat(children.parent().blocks().stream(), Stream.of(block))
                                    .toList())))
                    .map(cell -> new RankingAnswer.Scored(cell, accuracy(cell)))
                    .sorted(Comparator.comparingDouble(RankingAnswer.Scored::score)
                            .reversed()
                            .thenComparing(each -> each.cell().text()))
                    .limit(open.specification().search().beam())
                    .toList();
            Done _ = experiments(transactions -> transactions.hear(new RankingAnswer.Ranked(
                    1,
                    request,
                    open.experimentId(),
                    expansion.count(),
                    scored,
                    new RankingAnswer.Histogram(0, 1, List.of(expansion.count())),
                    null,
                    1)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"progressive", "random"})
    void an_extended_search_finds_what_a_larger_one_finds(String strategy) {
        String settings = "'strategy':'" + strategy + "',";
        Search small = new Search(settings + "'blocks':2,'beam':2");
        small.run();
        List<String> before = small.trials().stream().map(Trial::id).toList();
        small.extend(3, 4, null, Budget.UNLIMITED);
        assertThat(small.state()).isEqualTo(ExperimentState.RUNNING);
        small.run();

        Search large = new Search(settings + "'blocks':3,'beam':4");
        large.run();
        assertThat(small.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(small.measured()).isEqualTo(large.measured()).hasSizeGreaterThan(10);
        assertThat(small.spent().trainings())
                .as("nothing is trained a second time")
                .isEqualTo(small.trials().size());
        assertThat(small.trials()).extracting(Trial::id).containsAll(before);
    }

    /** The first cell of each stage that is trained fails for good, as one that a table lacks, until the table has it. */
    @Test
    void a_search_whose_failures_are_tried_again_finds_what_an_undisturbed_one_finds() {
        Search disturbed = new Search("'blocks':3,'beam':3");
        Set<Integer> failed = new HashSet<>();
        disturbed.run(cell -> failed.add(cell.blocks().size())
                ? new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "no such cell")
                : outcome(cell));
        assertThat(disturbed.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(disturbed.all(TrialKind.FAILED)).isEqualTo(3);

        Trial last = disturbed.trials().stream()
                .filter(trial -> trial.subject().stage() == 3 && trial.state() == TrialState.FAILED)
                .findFirst()
                .orElseThrow();
        disturbed.retry(last.subject().cellId());
        assertThat(disturbed.stages()).containsExactly(StageState.DONE, StageState.DONE, StageState.TRAINING);
        disturbed.run();
        assertThat(disturbed.all(TrialKind.FAILED)).isEqualTo(2);

        disturbed.retry(null);
        assertThat(disturbed.stages()).containsExactly(StageState.TRAINING, StageState.EXPANDING, StageState.EXPANDING);
        assertThat(disturbed.all(TrialKind.SET_ASIDE)).isEqualTo(6);
        disturbed.run();

        Search undisturbed = new Search("'blocks':3,'beam':3");
        undisturbed.run();
        assertThat(disturbed.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(disturbed.all(TrialKind.FAILED)).isZero();
        assertThat(disturbed.measured()).isEqualTo(undisturbed.measured());
    }

    @Test
    void a_search_confirms_its_best_cells_and_finds_what_it_finds_without() {
        Search plain = new Search("'blocks':2,'beam':3");
        plain.run();
        Search confirming = new Search("'blocks':2,'beam':3," + CONFIRM);
        List<StageState> met = new ArrayList<>();
        confirming.runJobs(job -> {
            met.add(confirming.stages().getLast());
            return isRepeat(job) ? repeated(job) : outcome(job.cell());
        });

        assertThat(confirming.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(confirming.measured()).as("repeats are no observations").isEqualTo(plain.measured());
        List<Cell> best = Stream.concat(
                        plain.measured().stream()
                                .filter(cell -> cell.stage() == 2)
                                .sorted(BEST_FIRST)
                                .limit(2),
                        plain.measured().stream().sorted(BEST_FIRST).limit(1))
                .map(Measured::cell)
                .distinct()
                .toList();
        assertThat(confirming.trials())
                .filteredOn(trial -> trial.subject().repeat() > 0)
                .extracting(Trial::id)
                .containsExactlyInAnyOrderElementsOf(best.stream()
                        .flatMap(cell -> Stream.of("-2-1", "-2-2")
                                .map(repeat ->
                                        Trial.idOf(confirming.id, cell.id().hex()) + repeat))
                        .toList());
        assertThat(confirming.trials())
                .allSatisfy(trial -> assertThat(trial.subject().trainingSeed())
                        .isEqualTo(TrainingSeed.of(
                                5, trial.subject().cellId(), trial.subject().repeat())));
        assertThat(met).contains(StageState.CONFIRMING).endsWith(StageState.CONFIRMING);
        assertThat(confirming.now().life().stages().getLast().trials().repeats())
                .isEqualTo(2L * best.size());
    }

    /** The first cell of stage 2 and the first repeat fail for good, until they are tried again. */
    @Test
    void a_winner_is_confirmed_in_the_same_way_whatever_happened_before() {
        Search undisturbed = new Search("'blocks':2,'beam':3," + CONFIRM);
        undisturbed.run();

        Search failed = new Search("'blocks':2,'beam':3," + CONFIRM);
        Set<String> seen = new HashSet<>();
        failed.runJobs(job -> {
            boolean cell = job.cell().blocks().size() == 2 && !isRepeat(job);
            if ((cell && seen.add("cell")) || (isRepeat(job) && seen.add("repeat"))) {
                return new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "no such cell");
            }
            return isRepeat(job) ? repeated(job) : outcome(job.cell());
        });
        assertThat(failed.all(TrialKind.FAILED)).isEqualTo(2);
        failed.retry(null);
        assertThat(failed.stages()).containsExactly(StageState.DONE, StageState.TRAINING);
        failed.run();
        assertThat(failed.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(failed.confirmed()).isEqualTo(undisturbed.confirmed()).isNotEmpty();

        Search stopped = new Search("'blocks':2,'beam':3,'budget':{'trainings':8}," + CONFIRM);
        stopped.run();
        assertThat(stopped.stages()).containsExactly(StageState.DONE, StageState.CLOSED);
        stopped.extend(2, 3, null, new Budget(99, null, null));
        stopped.run();
        assertThat(stopped.confirmed()).isEqualTo(undisturbed.confirmed());
        assertThat(stopped.measured()).isEqualTo(undisturbed.measured());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'reuse':true", "'reuse':false"})
    void an_extended_search_confirms_what_a_larger_one_confirms(String reuse) {
        Search small = new Search("'blocks':2,'beam':2," + CONFIRM + "," + reuse);
        small.run();
        List<Trial> before = small.trials();
        assertThat(small.confirmed()).isNotEmpty();
        small.extend(2, 3, null, Budget.UNLIMITED);
        assertThat(small.confirmed()).isEmpty();
        small.run();
        Search wide = new Search("'blocks':2,'beam':3," + CONFIRM);
        wide.run();
        assertThat(small.confirmed()).isEqualTo(wide.confirmed());

        small.extend(3, 3, null, Budget.UNLIMITED);
        assertThat(small.confirmed())
                .as("the stage that was the last one confirms no more")
                .isEmpty();
        small.run();
        Search large = new Search("'blocks':3,'beam':3," + CONFIRM);
        large.run();
        assertThat(small.confirmed()).isEqualTo(large.confirmed()).isNotEmpty();
        assertThat(small.trials().stream().map(Trial::id).toList())
                .as("what was confirmed before stays recorded")
                .containsAll(before.stream().map(Trial::id).toList());
    }

    @Test
    void a_search_that_is_cancelled_while_it_confirms_is_unconfirmed() {
        Search search = new Search("'blocks':1," + CONFIRM);
        search.send().forEach(job -> search.train(job, outcome(job.cell())));
        assertThat(search.stages()).containsExactly(StageState.CONFIRMING);
        search.order(new ExperimentOrder.Pause());
        assertThat(search.send()).isEmpty();
        search.order(new ExperimentOrder.Resume());
        assertThat(search.send()).hasSize(4);
        search.order(new ExperimentOrder.Cancel());
        assertThat(search.stages()).containsExactly(StageState.CLOSED);
        assertThat(search.all(TrialKind.CANCELLED)).isEqualTo(4);
    }

    @Test
    void samples_are_one_stage_of_the_largest_cells() {
        Search search = new Search("'strategy':'random','samples':5,'blocks':3");
        search.run();
        assertThat(search.stages()).containsExactly(StageState.DONE);
        assertThat(search.measured())
                .hasSize(5)
                .allSatisfy(cell -> assertThat(cell.cell().blocks()).hasSize(3));

        search.extend(3, search.head().specification().search().beam(), 8, Budget.UNLIMITED);
        search.run();
        assertThat(search.all(TrialKind.TRAINED)).isEqualTo(8);
    }

    @Test
    void trainings_are_charged_per_attempt_and_the_last_one_counts() {
        Search search = new Search(ONE_STAGE + ",'maxParallelTrainings':1,'budget':{'trainings':2}");
        search.train(search.next(), new Outcome.Crashed("signal 9"));
        AttemptRef last = search.claim(search.next());
        search.inspect();
        assertThat(search.spent().trainings()).isEqualTo(2);
        assertThat(search.state()).as("the last that is paid for").isEqualTo(ExperimentState.RUNNING);
        assertThat(search.send()).isEmpty();

        Done _ = hear(new Ended(1, last, trained(0.7), 1));
        search.inspect();
        assertThat(search.state()).isEqualTo(ExperimentState.STOPPED);
        assertThat(search.head().cause()).isEqualTo("budget.trainings of 2 is spent");
        assertThat(search.all(TrialKind.TRAINED)).isEqualTo(1);
        assertThat(search.all(TrialKind.CANCELLED)).isEqualTo(2);
        assertThat(search.stages()).containsExactly(StageState.CLOSED);

        search.extend(1, search.head().specification().search().beam(), null, new Budget(9, null, null));
        search.run();
        assertThat(search.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(search.head().cause()).isNull();
        assertThat(search.all(TrialKind.TRAINED)).isEqualTo(3);
        assertThat(search.spent().trainings()).isEqualTo(4);
    }

    @Test
    void a_stage_that_waits_for_its_ranking_is_closed_and_asks_anew_when_the_search_goes_on() {
        Search search = new Search("'blocks':2,'beam':2,'budget':{'trainings':3}");
        search.send().forEach(job -> search.train(job, outcome(job.cell())));
        OpenStage open = Objects.requireNonNull(search.take());
        search.inspect();
        assertThat(search.state()).isEqualTo(ExperimentState.STOPPED);
        assertThat(search.stages()).containsExactly(StageState.DONE, StageState.CLOSED);

        search.extend(2, 2, null, new Budget(9, null, null));
        assertThat(search.stages()).containsExactly(StageState.DONE, StageState.EXPANDING);
        search.rank(open);
        assertThat(search.stages())
                .as("an answer to the former request")
                .containsExactly(StageState.DONE, StageState.EXPANDING);
        search.run();
        assertThat(search.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(search.all(TrialKind.TRAINED)).isEqualTo(5);
    }

    @Test
    void time_of_trainers_that_is_spent_stops_what_runs() {
        Search search = new Search(ONE_STAGE + ",'budget':{'trainerSeconds':10}");
        AttemptRef running = search.claim(search.next());
        now = now.plusSeconds(9);
        search.inspect();
        assertThat(search.state()).isEqualTo(ExperimentState.RUNNING);
        now = now.plusMillis(1500);
        search.inspect();
        assertThat(search.state()).isEqualTo(ExperimentState.STOPPED);
        assertThat(search.head().cause()).isEqualTo("budget.trainerSeconds of 10.0 is spent");

        now = now.plusSeconds(100);
        assertThat(search.spent().trainerSeconds()).as("it has ended").isEqualTo(10.5);
        assertThat(hear(new Heartbeat(1, running, 3, 0)).all(TrialEffects::stops))
                .singleElement()
                .satisfies(stop -> assertThat(stop.reason()).contains("CANCELLED"));
        Done _ = hear(new Ended(1, running, trained(0.9), 1));
        assertThat(search.trials()).allMatch(trial -> trial.state() == TrialState.CANCELLED);
        assertThat(search.measured()).isEmpty();
    }

    @Test
    void a_pause_costs_no_time() {
        Search search = new Search(ONE_STAGE + ",'budget':{'wallClockSeconds':10}");
        now = now.plusSeconds(4);
        search.order(new ExperimentOrder.Pause());
        now = now.plusSeconds(1000);
        assertThat(search.spent().wallClockSeconds()).isEqualTo(4);
        search.order(new ExperimentOrder.Resume());
        now = now.plusSeconds(5);
        search.inspect();
        assertThat(search.state()).isEqualTo(ExperimentState.RUNNING);
        now = now.plusSeconds(1);
        search.inspect();
        assertThat(search.state()).isEqualTo(ExperimentState.STOPPED);
        assertThat(search.spent().wallClockSeconds()).isEqualTo(10);
    }

    @Test
    void a_search_without_any_accuracy_fails_with_the_first_cause() {
        Search search = new Search(ONE_STAGE);
        List<Outcome> outcomes = new ArrayList<>(List.of(
                new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "no such cell"),
                new Outcome.Diverged(3, StoreContract.MACHINE),
                new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "no such cell")));
        search.run(_ -> outcomes.removeFirst());
        assertThat(search.state()).isEqualTo(ExperimentState.FAILED);
        assertThat(search.head().cause())
                .startsWith("nothing could be trained: 2 failed, 1 diverged of the 3 trials of stage 1; the first: ");
        assertThat(search.stages()).containsExactly(StageState.CLOSED);
    }

    @Test
    void a_pause_lets_the_running_training_end_and_takes_back_what_was_only_sent() {
        Search search = new Search(ONE_STAGE);
        List<TrainingJob> jobs = search.send();
        AttemptRef running = search.claim(jobs.get(0));
        search.order(new ExperimentOrder.Pause());
        AttemptRef refused = search.claim(jobs.get(1));
        Done _ = hear(new Ended(1, refused, new Outcome.Cancelled(), 1), new Ended(1, running, trained(0.4), 1));
        assertThat(search.state()).isEqualTo(ExperimentState.PAUSED);
        assertThat(search.all(TrialKind.TRAINED)).isEqualTo(1);
        assertThat(search.all(TrialKind.QUEUED)).isEqualTo(1);
        assertThat(search.send()).isEmpty();

        search.order(new ExperimentOrder.Resume());
        search.train(jobs.get(2), trained(0.3));
        search.run();
        assertThat(search.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(search.trials())
                .filteredOn(trial -> trial.id().equals(refused.trialId()))
                .singleElement()
                .satisfies(trial -> assertThat(trial.tries().attempt()).isEqualTo(2));
    }

    @Test
    void of_two_searches_at_once_one_trains_and_both_have_the_result() {
        Search first = new Search(ONE_STAGE + ",'reuse':true");
        Search second = new Search(ONE_STAGE + ",'reuse':true");
        for (int turn = 0; !first.state().isTerminal() || !second.state().isTerminal(); turn++) {
            assertThat(turn).isLessThan(20);
            first.send().forEach(job -> first.train(job, outcome(job.cell())));
        }
        assertThat(first.spent().trainings() + second.spent().trainings()).isEqualTo(3);
        assertThat(first.all(TrialKind.REUSED) + second.all(TrialKind.REUSED)).isEqualTo(3);
        assertThat(first.measured()).isEqualTo(second.measured());
    }
}
