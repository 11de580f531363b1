package pnas.orchestrator.life;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;

/**
 * A database in maps. It has no rule: it finds what it is asked for, locks what it is told to, and keeps what it is given. A transaction sees what others have
 * committed and what it has stored itself, as in PostgreSQL where reads are committed ones.
 */
public final class MemoryStore {
    private final Supplier<Instant> clock;
    private final Consumer<BooleanSupplier> patience;
    private final Map<Object, Object> rows = new ConcurrentHashMap<>();
    private final List<NewEvent> events = new CopyOnWriteArrayList<>();
    private final Map<Object, Transaction> locks = new ConcurrentHashMap<>();

    /**
     * @param clock what its transactions read
     * @param patience waits for a lock: asks until the answer is yes, and lets others go on meanwhile
     */
    public MemoryStore(Supplier<Instant> clock, Consumer<BooleanSupplier> patience) {
        this.clock = clock;
        this.patience = patience;
    }

    /** An experiment. */
    public record Search(
            String id,
            ExperimentState state,
            Specification specification,
            double turn,
            @Nullable String traceparent) {}

    /** A trial with its attempts, and with what nobody decides over. */
    public record Row(TrialLife life, Cell cell, double expectedSeconds, long multiplyAdds) {
        private Row with(TrialLife life) {
            return new Row(life, cell, expectedSeconds, multiplyAdds);
        }
    }

    /** What live trainers compute with. */
    private record Alive(Set<Machine> machines) {}

    /** Puts an experiment there, as if a transaction had. */
    public void put(Search search) {
        rows.put(search.id(), search);
    }

    /** Puts a trial there, as if a transaction had. */
    public void put(Row row) {
        rows.put(row.life().trial().id(), row);
    }

    /** Says what the live trainers of an engine compute with. */
    public void put(String engine, Set<Machine> machines) {
        rows.put(engine, new Alive(machines));
    }

    /** All events that were committed, in their order. */
    public List<NewEvent> events() {
        return List.copyOf(events);
    }

    /** Begins a transaction. */
    public Transaction begin() {
        return new Transaction();
    }

    /** A transaction: one that is closed without a commit has stored nothing. */
    public final class Transaction implements Store, AutoCloseable {
        private final Map<Object, Object> own = new HashMap<>();
        private final List<NewEvent> told = new ArrayList<>();

        private Transaction() {}

        /** Has all that it stored be there, and gives its locks back. */
        public void commit() {
            rows.putAll(own);
            events.addAll(told);
            close();
        }

        @Override
        public void close() {
            locks.values().removeIf(holder -> holder == this);
        }

        // ---- find

        @Override
        public Instant now() {
            return clock.get();
        }

        @Override
        public List<String> expired(Instant before, int most) {
            return trials(trial ->
                            trial.lease() != null && trial.lease().until().isBefore(before))
                    .map(Trial::id)
                    .limit(most)
                    .toList();
        }

        @Override
        public Map<String, List<Unclaimed>> unclaimed(Instant sentBefore, int most) {
            return trials(trial -> trial.state() == TrialState.DISPATCHED
                            && sent(trial).at().isBefore(sentBefore))
                    .sorted(Comparator.comparing(trial -> sent(trial).at()))
                    .limit(most)
                    .collect(Collectors.groupingBy(
                            trial -> owner(trial).specification().engine(),
                            Collectors.mapping(
                                    trial -> new Unclaimed(
                                            trial.id(), sent(trial).offset()),
                                    Collectors.toList())));
        }

        @Override
        public List<Trial> trials(Collection<String> ids) {
            return trials(trial -> ids.contains(trial.id())).toList();
        }

        @Override
        public List<String> engines() {
            return trials(trial ->
                            trial.state() == TrialState.QUEUED && owner(trial).state() == ExperimentState.RUNNING)
                    .map(trial -> owner(trial).specification().engine())
                    .distinct()
                    .toList();
        }

        @Override
        public List<DispatchTurn.Head> heads(String engine) {
            return all(Search.class)
                    .filter(search -> search.specification().engine().equals(engine)
                            && !search.state().isTerminal())
                    .map(search -> DispatchTurn.Head.of(
                            search.id(),
                            search.state(),
                            search.specification(),
                            search.turn(),
                            granted(search),
                            out(search)))
                    .toList();
        }

        @Override
        public List<DispatchTurn.Candidate> candidates(Map<String, Long> most) {
            return most.entrySet().stream()
                    .flatMap(wanted -> all(Row.class)
                            .filter(row -> row.life().trial().state() == TrialState.QUEUED
                                    && owner(row.life().trial()).id().equals(wanted.getKey()))
                            .map(row -> new DispatchTurn.Candidate(
                                    row.life().trial().id(),
                                    row.life().trial().subject().trainingKey(),
                                    row.expectedSeconds(),
                                    row.multiplyAdds()))
                            .sorted(DispatchTurn.Candidate.LONGEST_FIRST)
                            .limit(wanted.getValue()))
                    .toList();
        }

        @Override
        public List<DispatchTurn.Answer> answers(String engine) {
            return trials(trial -> trial.state() == TrialState.QUEUED
                            && owner(trial).specification().engine().equals(engine))
                    .flatMap(trial -> trials(trial::isTwinOf)
                            .flatMap(other -> Stream.ofNullable(other.result())
                                    .filter(Trial.Result::isReusable)
                                    .map(result -> new DispatchTurn.Answer(
                                            trial.id(),
                                            other.id(),
                                            result.identity().machine(),
                                            Objects.requireNonNull(other.finishedAt())))))
                    .toList();
        }

        @Override
        public Set<Machine> machines(String engine) {
            return find(Alive.class, engine).map(Alive::machines).orElse(Set.of());
        }

        @Override
        public List<TrainingJob> jobs(List<String> ids) {
            return ids.stream()
                    .flatMap(id -> find(Row.class, id).stream())
                    .map(row -> job(row, owner(row.life().trial())))
                    .toList();
        }

        private static TrainingJob job(Row row, Search owner) {
            return owner.specification().recipe().job(row.life().trial(), row.cell(), owner.traceparent());
        }

        // ---- lock and read

        @Override
        public boolean lockTurn(String engine) {
            return has("turn of " + engine);
        }

        private boolean has(String lock) {
            return Objects.requireNonNullElse(locks.putIfAbsent(lock, this), this) == this;
        }

        @Override
        public Locked lock(Set<String> experimentIds) {
            new TreeSet<>(experimentIds).forEach(id -> patience.accept(() -> has("experiment " + id)));
            return new Locked(
                    now(),
                    experimentIds.stream()
                            .flatMap(id -> find(Search.class, id).stream())
                            .collect(Collectors.toMap(
                                    Search::id,
                                    search -> Owner.of(search.state(), search.specification(), granted(search)))));
        }

        @Override
        public Read read(Collection<String> ids, Collection<String> beginning) {
            Set<String> keys = trials(trial -> beginning.contains(trial.id()))
                    .flatMap(trial -> Stream.ofNullable(trial.subject().trainingKey()))
                    .collect(Collectors.toCollection(TreeSet::new));
            keys.forEach(key -> patience.accept(() -> has("key " + key)));
            return new Read(
                    all(Row.class)
                            .map(Row::life)
                            .filter(life -> ids.contains(life.trial().id()))
                            .sorted(Comparator.comparing(life -> life.trial().id()))
                            .toList(),
                    trials(trial -> trial.isOut() && !ids.contains(trial.id()))
                            .filter(trial -> trial.subject().trainingKey() != null
                                    && keys.contains(trial.subject().trainingKey()))
                            .toList());
        }

        // ---- store

        @Override
        public void store(Changes changes) {
            changes.turns().forEach((id, turn) -> {
                Search search = find(Search.class, id).orElseThrow();
                own.put(id, new Search(id, search.state(), search.specification(), turn, search.traceparent()));
            });
            changes.trials().forEach(trial -> change(trial.id(), life -> new TrialLife(trial, life.attempts())));
            Stream.concat(changes.begun().stream(), changes.attempts().stream())
                    .forEach(attempt -> change(attempt.ref().trialId(), life -> with(life, attempt)));
            for (TrialEffects.Epoch epoch : changes.epochs()) {
                Object key = List.of(epoch.trialId(), epoch.attempt(), epoch.number());
                own.put(key, find(TrialEffects.Epoch.class, key).orElse(epoch));
            }
            told.addAll(changes.events());
        }

        private void change(String trialId, UnaryOperator<TrialLife> change) {
            Row row = find(Row.class, trialId).orElseThrow();
            own.put(trialId, row.with(change.apply(row.life())));
        }

        private static TrialLife with(TrialLife life, Attempt attempt) {
            Map<Attempt.Key, Attempt> attempts = new LinkedHashMap<>();
            life.attempts().forEach(known -> attempts.put(known.key(), known));
            attempts.put(attempt.key(), attempt);
            return new TrialLife(life.trial(), List.copyOf(attempts.values()));
        }

        // ---- what several of them do

        private <T> Optional<T> find(Class<T> type, Object key) {
            return Optional.ofNullable(own.getOrDefault(key, rows.get(key))).map(type::cast);
        }

        private <T> Stream<T> all(Class<T> type) {
            return Stream.concat(
                            own.values().stream(),
                            rows.entrySet().stream()
                                    .filter(row -> !own.containsKey(row.getKey()))
                                    .map(Map.Entry::getValue))
                    .filter(type::isInstance)
                    .map(type::cast);
        }

        private Stream<Trial> trials(Predicate<Trial> which) {
            return all(Row.class).map(row -> row.life().trial()).filter(which).sorted(Comparator.comparing(Trial::id));
        }

        /** An experiment. */
        public Search search(String id) {
            return find(Search.class, id).orElseThrow();
        }

        private Search owner(Trial trial) {
            return search(trial.subject().experimentId());
        }

        private long granted(Search search) {
            return all(Row.class)
                    .filter(row -> owner(row.life().trial()).equals(search))
                    .flatMap(row -> row.life().attempts().stream())
                    .filter(Attempt::granted)
                    .count();
        }

        private DispatchTurn.Out out(Search search) {
            List<Trial> out = trials(trial -> trial.isOut() && owner(trial).equals(search))
                    .toList();
            long running = out.stream().filter(trial -> trial.lease() != null).count();
            return new DispatchTurn.Out(
                    out.size() - running,
                    running,
                    out.stream()
                            .flatMap(trial -> Stream.ofNullable(trial.subject().trainingKey()))
                            .collect(Collectors.toSet()));
        }

        private static Trial.Sent sent(Trial trial) {
            return Objects.requireNonNull(trial.sent());
        }
    }
}
