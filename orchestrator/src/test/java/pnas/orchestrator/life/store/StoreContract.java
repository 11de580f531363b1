package pnas.orchestrator.life.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.EpochFinished;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Lives;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.dispatch.DispatchTurn;
import pnas.orchestrator.specification.Drafts;
import pnas.orchestrator.specification.Specification;

/** What the core relies on, whatever keeps its rows. */
abstract class StoreContract {
    static final String ENGINE = "vector";
    static final Machine MACHINE = new Machine(ENGINE, "1", "a processor");
    private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

    /** Begins an experiment. */
    abstract String begin(Specification specification);

    /** Begins an experiment of the engine with three trials of one block. */
    final String begin(String settings) {
        return begin(specification("'blocks':1," + settings));
    }

    static Specification specification(String settings) {
        return Drafts.specification("{'engine':'vector','operations':['identity']," + settings + "}");
    }

    /** Does something in a transaction of its own, whatever other one goes on. */
    abstract <T> T inTransaction(Function<Store, T> work);

    /** Does something in a transaction of its own and gives it up. */
    abstract void inVain(Function<Store, ?> work);

    /** Its turns of dispatch. */
    abstract Turns turns();

    /** The events of an experiment, in their order. */
    abstract List<NewEvent> events(String experimentId);

    /** The events of its trials. */
    private List<NewEvent> told(String experimentId) {
        return events(experimentId).stream()
                .filter(event -> event.trialId() != null)
                .toList();
    }

    final List<String> trials(String experimentId) {
        return inTransaction(store -> store.candidates(Map.of(experimentId, 1000L))).stream()
                .map(DispatchTurn.Candidate::trialId)
                .sorted()
                .toList();
    }

    final Done hear(TrainingProgress... messages) {
        return inTransaction(store -> new TrialTransactions(store, Lives.TERMS).hear(List.of(messages)));
    }

    private Done sent(String trialId, long offset) {
        TrialTransactions.Turn turn = turn(trialId);
        return inTransaction(store -> new TrialTransactions(store, Lives.TERMS).sent(turn, Map.of(trialId, offset)));
    }

    /** A turn that sends a trial. */
    private TrialTransactions.Turn turn(String trialId) {
        return inTransaction(store -> new TrialTransactions.Turn(
                List.of(), List.of(new DispatchTurn.Sent(trialId, 0.5)), store.jobs(List.of(trialId))));
    }

    static AttemptRef delivery(String trialId, int number) {
        return new AttemptRef(trialId, number, "trainer", UUID.randomUUID());
    }

    private static List<TrialLife> lives(Done done) {
        Map<String, TrialLife> last = new LinkedHashMap<>();
        done.trials().forEach(each -> last.put(each.life().trial().id(), each.life()));
        return List.copyOf(last.values());
    }

    private Trial trial(String trialId) {
        return inTransaction(store -> store.trials(List.of(trialId))).getFirst();
    }

    private List<TrialLife> read(String experimentId, List<String> ids) {
        return inTransaction(store -> {
            store.lock(Set.of(experimentId));
            return store.read(ids, List.of()).lives();
        });
    }

    @Test
    void what_is_read_under_a_lock_is_what_was_committed_last() {
        String experiment = begin("'seed':1");
        String id = trials(experiment).getFirst();
        TrialState read = inTransaction(store -> {
            assertThat(store.trials(List.of(id)).getFirst().state()).isEqualTo(TrialState.QUEUED);
            hear(new Claimed(1, delivery(id, 1)));
            Store.Locked locked = store.lock(Set.of(experiment));
            TrialLife life = store.read(List.of(id), List.of()).lives().getFirst();
            assertThat(life.attempts()).hasSize(1);
            assertThat(locked.now()).isAfterOrEqualTo(life.attempts().getFirst().claimedAt());
            return life.trial().state();
        });
        assertThat(read).isEqualTo(TrialState.RUNNING);
    }

    @Test
    void a_lock_is_waited_for() {
        String experiment = begin("'seed':2");
        String id = trials(experiment).getFirst();
        CompletableFuture<TrialState> second = inTransaction(store -> {
            store.lock(Set.of(experiment));
            CompletableFuture<TrialState> waits = new CompletableFuture<>();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> waits.complete(
                            read(experiment, List.of(id)).getFirst().trial().state()));
            Store.Locked again = store.lock(Set.of(experiment));
            Store.Read read = store.read(List.of(id), List.of());
            TrialUnit unit = new TrialUnit(Lives.TERMS, again.now(), again.owners(), read.lives(), List.of());
            unit.hear(new Claimed(1, delivery(id, 1)));
            assertThat(waits).isNotDone();
            store.store(unit.changes());
            return waits;
        });
        assertThat(second.join()).isEqualTo(TrialState.RUNNING);
    }

    @Test
    void of_a_transaction_that_is_given_up_nothing_is_there() {
        String experiment = begin("'seed':3");
        String id = trials(experiment).getFirst();
        inVain(store -> new TrialTransactions(store, Lives.TERMS).hear(List.of(new Claimed(1, delivery(id, 1)))));
        assertThat(read(experiment, List.of(id))).isEqualTo(List.of(new TrialLife(trial(id), List.of())));
        assertThat(trial(id).state()).isEqualTo(TrialState.QUEUED);
        assertThat(told(experiment)).isEmpty();
    }

    @Test
    void a_transaction_reads_what_it_stored() {
        String experiment = begin("'seed':4");
        String id = trials(experiment).getFirst();
        TrialState state = inTransaction(store -> {
            Done done = new TrialTransactions(store, Lives.TERMS).hear(List.of(new Claimed(1, delivery(id, 1))));
            assertThat(store.read(List.of(id), List.of()).lives()).isEqualTo(lives(done));
            return store.trials(List.of(id)).getFirst().state();
        });
        assertThat(state).isEqualTo(TrialState.RUNNING);
    }

    @Test
    void what_is_unknown_is_left_out() {
        inTransaction(store -> {
            assertThat(store.lock(Set.of("zzzzzzzz")).owners()).isEmpty();
            assertThat(store.read(List.of("zzzzzzzz-0000000000000000"), List.of("zzzzzzzz-0000000000000000"))
                            .lives())
                    .isEmpty();
            assertThat(store.jobs(List.of("zzzzzzzz-0000000000000000"))).isEmpty();
            return store.heads("nothing");
        });
    }

    @Test
    void trials_and_attempts_are_read_as_they_were_stored() {
        String experiment = begin("'seed':5");
        List<String> ids = trials(experiment);
        AttemptRef crashed = delivery(ids.get(0), 1);
        AttemptRef running = delivery(ids.get(0), 2);
        AttemptRef trained = delivery(ids.get(1), 1);
        AttemptRef diverged = delivery(ids.get(2), 1);
        List<TrialLife> stored = new ArrayList<>();
        stored.addAll(lives(hear(
                new Claimed(1, trained),
                new EpochFinished(1, trained, 1, 0.5, 0.6, 2),
                new Ended(1, trained, new Outcome.Trained(0.75, MACHINE, /* replayed= */ false), 7.5))));
        stored.addAll(
                lives(hear(new Claimed(1, diverged), new Ended(1, diverged, new Outcome.Diverged(1, MACHINE), 1))));
        hear(new Claimed(1, crashed), new Ended(1, crashed, new Outcome.Crashed("signal 9"), 3));
        stored.addAll(lives(hear(new Claimed(1, running))));

        assertThat(read(experiment, ids)).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(told(experiment))
                .extracting(NewEvent::type)
                .containsExactly(
                        "trial.running",
                        "trial.epoch",
                        "trial.trained",
                        "trial.running",
                        "trial.diverged",
                        "trial.running",
                        "trial.requeued",
                        "trial.running");
    }

    @Test
    void twins_that_are_out_are_read_beside_what_begins() {
        String first = begin("'seed':6,'reuse':true");
        String second = begin("'seed':6,'reuse':true");
        String out = trials(first).getFirst();
        String twin = second + out.substring(out.indexOf('-'));
        hear(new Claimed(1, delivery(out, 1)));
        inTransaction(store -> {
            store.lock(Set.of(second));
            assertThat(store.read(List.of(twin), List.of(twin)).twins())
                    .extracting(Trial::id)
                    .containsExactly(out);
            assertThat(store.read(List.of(twin), List.of()).twins()).isEmpty();
            return store;
        });
    }

    @Test
    void owners_say_what_their_budgets_have_left() {
        String limited = begin("'seed':7,'reuse':true,'budget':{'trainings':3}");
        String free = begin("'seed':8,'reuse':false");
        hear(new Claimed(1, delivery(trials(limited).getFirst(), 1)));
        Map<String, Owner> owners =
                inTransaction(store -> store.lock(Set.of(limited, free)).owners());
        Owner owner = Objects.requireNonNull(owners.get(limited));
        assertThat(owner.dispatching()).isTrue();
        assertThat(owner.reuse()).isTrue();
        assertThat(owner.trainingsLeft()).isEqualTo(2);
        assertThat(owners.get(free))
                .extracting(Owner::reuse, Owner::trainingsLeft)
                .containsExactly(false, null);
    }

    @Test
    void a_turn_is_told_of_all_that_it_decides_over() {
        String experiment = begin(
                "'seed':9,'reuse':true,'weight':3,'priority':2,'maxParallelTrainings':5,'budget':{'trainings':9}");
        List<String> ids = trials(experiment);
        sent(ids.get(0), 41);
        hear(new Claimed(1, delivery(ids.get(1), 1)));

        List<DispatchTurn.Head> heads = inTransaction(store -> store.heads(ENGINE));
        assertThat(heads)
                .filteredOn(head -> head.experimentId().equals(experiment))
                .containsExactly(new DispatchTurn.Head(
                        experiment,
                        /* dispatching= */ true,
                        /* reuse= */ true,
                        new DispatchTurn.Sharing(2, 3, 0.5),
                        new DispatchTurn.Limits(5, 9),
                        /* granted= */ 1,
                        new DispatchTurn.Out(
                                1,
                                1,
                                Set.of(
                                        Objects.requireNonNull(
                                                trial(ids.get(0)).subject().trainingKey()),
                                        Objects.requireNonNull(
                                                trial(ids.get(1)).subject().trainingKey())))));
        assertThat(trials(experiment)).containsExactly(ids.get(2));
        List<String> engines = inTransaction(Store::engines);
        assertThat(engines).contains(ENGINE);
    }

    @Test
    void of_the_queued_trials_the_longest_are_found_first() {
        String experiment = begin("'seed':10");
        List<DispatchTurn.Candidate> all = inTransaction(store -> store.candidates(Map.of(experiment, 1000L)));
        assertThat(all).hasSize(3).isSortedAccordingTo(DispatchTurn.Candidate.LONGEST_FIRST);
        List<DispatchTurn.Candidate> two = inTransaction(store -> store.candidates(Map.of(experiment, 2L)));
        assertThat(two).isEqualTo(all.subList(0, 2));
    }

    @Test
    void jobs_are_those_of_the_present_attempts_in_the_order_that_is_asked_for() {
        String experiment = begin("'seed':11");
        List<String> ids = trials(experiment).reversed();
        AttemptRef first = delivery(ids.getFirst(), 1);
        hear(new Claimed(1, first), new Ended(1, first, new Outcome.OutOfMemory("8 GiB"), 1));
        List<TrainingJob> jobs = inTransaction(store -> store.jobs(ids));
        assertThat(jobs).extracting(TrainingJob::trialId).isEqualTo(ids);
        assertThat(jobs).extracting(TrainingJob::attempt).containsExactly(2, 1, 1);
        assertThat(jobs).extracting(TrainingJob::halfBatch).containsExactly(true, false, false);
        assertThat(jobs)
                .allSatisfy(job ->
                        assertThat(job.trialId()).endsWith(job.cell().id().hex()));
    }

    @Test
    void results_are_found_that_queued_trials_could_have() {
        String first = begin("'seed':12,'reuse':true");
        String second = begin("'seed':12,'reuse':true");
        List<String> ids = trials(first);
        AttemptRef whole = delivery(ids.get(0), 1);
        AttemptRef half = delivery(ids.get(1), 1);
        AttemptRef halved = delivery(ids.get(1), 2);
        hear(new Claimed(1, whole), new Ended(1, whole, new Outcome.Trained(0.5, MACHINE, /* replayed= */ false), 1));
        hear(new Claimed(1, half), new Ended(1, half, new Outcome.OutOfMemory("8 GiB"), 1));
        hear(new Claimed(1, halved), new Ended(1, halved, new Outcome.Trained(0.5, MACHINE, /* replayed= */ false), 1));

        List<DispatchTurn.Answer> answers = inTransaction(store -> store.answers(ENGINE));
        assertThat(answers)
                .filteredOn(answer -> answer.trialId().startsWith(second))
                .containsExactly(new DispatchTurn.Answer(
                        second + ids.get(0).substring(8),
                        ids.get(0),
                        MACHINE,
                        Objects.requireNonNull(trial(ids.get(0)).finishedAt())));
    }

    @Test
    void leases_that_are_over_and_jobs_that_nobody_took_are_found() {
        String experiment = begin("'seed':13");
        List<String> ids = trials(experiment);
        sent(ids.get(0), 77);
        hear(new Claimed(1, delivery(ids.get(1), 1)));
        Instant now = inTransaction(Store::now);

        List<String> over = inTransaction(store -> store.expired(now, 1000));
        List<String> overLater = inTransaction(store -> store.expired(LATER, 1000));
        assertThat(over).doesNotContainAnyElementsOf(ids);
        assertThat(overLater).contains(ids.get(1)).isSorted();
        Map<String, List<Store.Unclaimed>> before =
                inTransaction(store -> store.unclaimed(now.minusSeconds(3600), 1000));
        Map<String, List<Store.Unclaimed>> after = inTransaction(store -> store.unclaimed(LATER, 1000));
        assertThat(before.getOrDefault(ENGINE, List.of())).doesNotContain(new Store.Unclaimed(ids.get(0), 77L));
        assertThat(after.getOrDefault(ENGINE, List.of())).contains(new Store.Unclaimed(ids.get(0), 77L));
    }

    @Test
    void one_turn_of_an_engine_goes_on_at_a_time_and_belongs_to_no_transaction() {
        Turns.Held turn = inTransaction(_ -> turns().take("nothing").orElseThrow());
        assertThat(turns().take("nothing")).isEmpty();
        turns().take("something else").orElseThrow().close();
        turn.close();
        turns().take("nothing").orElseThrow().close();
    }

    /** The steps of a turn are transactions of their own, and others may act between them. */
    @ParameterizedTest
    @CsvSource({
        // what happens after the turn was read, and the states of experiment and trial and the offset that the note
        // leaves
        "nothing, RUNNING, DISPATCHED, 5",
        "pause, PAUSED, DISPATCHED, 5",
        "cancel, CANCELLED, CANCELLED, ",
        "claim, RUNNING, RUNNING, ",
        "a note of another turn, RUNNING, DISPATCHED, 4",
    })
    void a_note_changes_what_still_waits_and_nothing_else(
            String event, ExperimentState search, TrialState state, @Nullable Long offset) {
        String experiment = begin("'seed':14");
        String id = trials(experiment).getFirst();
        TrialTransactions.Turn turn = turn(id);
        Done _ = switch (event) {
            case "pause" -> order(experiment, new ExperimentOrder.Pause());
            case "cancel" -> order(experiment, new ExperimentOrder.Cancel());
            case "claim" -> hear(new Claimed(1, delivery(id, 1)));
            case "a note of another turn" -> sent(id, 4);
            default -> Done.NOTHING;
        };

        Done _ = inTransaction(store -> new TrialTransactions(store, Lives.TERMS).sent(turn, Map.of(id, 5L)));

        ExperimentState kept = inTransaction(store ->
                store.search(experiment).orElseThrow().life().experiment().state());
        assertThat(kept).isEqualTo(search);
        assertThat(trial(id).state()).isEqualTo(state);
        Trial.Sent noted = trial(id).sent();
        assertThat(noted == null ? null : noted.offset()).isEqualTo(offset);
    }

    private Done order(String experiment, ExperimentOrder order) {
        return inTransaction(store -> new ExperimentTransactions(store, Lives.TERMS)
                .order(experiment, order)
                .orElseThrow());
    }
}
