package pnas.orchestrator.life.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pnas.cell.Cell;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.dispatch.DispatchTurn;
import pnas.orchestrator.life.store.MemoryRows.Kept;
import pnas.orchestrator.life.store.MemoryRows.Row;

/** The store in maps. It has no rule: it finds what it is asked for, locks what it is told to, and keeps what it is given. */
public final class MemoryStore {
    private final Supplier<Instant> clock;
    private final Consumer<BooleanSupplier> patience;
    private final ToDoubleFunction<String> expected;
    private final MemoryRows rows = new MemoryRows();
    private final Set<String> turns = new HashSet<>();
    private final Map<String, Set<Machine>> machines = new HashMap<>();

    /**
     * @param clock what its transactions read
     * @param patience waits for a lock: asks until the answer is yes, and lets others go on meanwhile
     * @param expected how long the trial of an id is expected to take
     */
    public MemoryStore(Supplier<Instant> clock, Consumer<BooleanSupplier> patience, ToDoubleFunction<String> expected) {
        this.clock = clock;
        this.patience = patience;
        this.expected = expected;
    }

    /** Says what the live trainers of an engine compute with. */
    public void put(String engine, Set<Machine> live) {
        machines.put(engine, live);
    }

    /** All events that were committed, in their order. */
    public List<NewEvent> events() {
        return rows.events();
    }

    /** The turns of dispatch. */
    Turns turns() {
        return engine -> turns.add(engine) ? Optional.of(() -> turns.remove(engine)) : Optional.empty();
    }

    /** Begins a transaction. */
    public Transaction begin() {
        return new Transaction();
    }

    /** A transaction: one that is closed without a commit has stored nothing. */
    public final class Transaction extends MemoryRows.Transaction implements Store {
        private Transaction() {
            rows.super();
        }

        private String engine(Trial trial) {
            return owner(trial).specification().execution().engine().text();
        }

        private static boolean isOf(Trial trial, String experimentId) {
            return trial.subject().experimentId().equals(experimentId);
        }

        private static Stream<String> keys(Stream<Trial> trials) {
            return trials.flatMap(trial -> Stream.ofNullable(trial.subject().trainingKey()));
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
            Map<String, List<Unclaimed>> found = new HashMap<>();
            trials(trial -> trial.state() == TrialState.DISPATCHED
                            && sent(trial).at().isBefore(sentBefore))
                    .sorted(Comparator.comparing(trial -> sent(trial).at()))
                    .limit(most)
                    .forEach(trial -> found.computeIfAbsent(engine(trial), _ -> new ArrayList<>())
                            .add(new Unclaimed(trial.id(), sent(trial).offset())));
            return found;
        }

        private static Trial.Sent sent(Trial trial) {
            return requireNonNull(trial.sent());
        }

        @Override
        public List<Trial> trials(Collection<String> ids) {
            return trials(trial -> ids.contains(trial.id())).toList();
        }

        @Override
        public List<String> engines() {
            return trials(trial -> trial.state() == TrialState.QUEUED)
                    .map(this::engine)
                    .distinct()
                    .toList();
        }

        @Override
        public List<DispatchTurn.Head> heads(String engine) {
            return searches(search ->
                            search.specification().execution().engine().text().equals(engine)
                                    && !search.state().isTerminal())
                    .map(search -> DispatchTurn.Head.of(
                            search.id(),
                            search.state(),
                            search.specification(),
                            search.turn(),
                            search.usage().charged(),
                            out(search)))
                    .toList();
        }

        private DispatchTurn.Out out(Kept search) {
            TrialCounts counts =
                    search.life().stages().stream().map(Stage::trials).reduce(TrialCounts.NONE, TrialCounts::plus);
            return new DispatchTurn.Out(
                    counts.of(TrialKind.DISPATCHED),
                    counts.of(TrialKind.RUNNING),
                    keys(trials(trial -> trial.isOut() && owner(trial).equals(search)))
                            .collect(Collectors.toSet()));
        }

        @Override
        public List<DispatchTurn.Candidate> candidates(Map<String, Long> most) {
            List<DispatchTurn.Candidate> found = new ArrayList<>();
            most.forEach((id, many) -> rows(trial -> trial.state() == TrialState.QUEUED && isOf(trial, id))
                    .map(row -> new DispatchTurn.Candidate(
                            row.trial().id(),
                            row.trial().subject().trainingKey(),
                            expected.applyAsDouble(row.trial().id()),
                            row.multiplyAdds()))
                    .sorted(DispatchTurn.Candidate.LONGEST_FIRST)
                    .limit(many)
                    .forEach(found::add));
            return found;
        }

        @Override
        public List<DispatchTurn.Answer> answers(String engine) {
            List<DispatchTurn.Answer> found = new ArrayList<>();
            trials(trial -> trial.state() == TrialState.QUEUED && engine(trial).equals(engine))
                    .forEach(trial -> trials(other -> other.isTwinOf(trial)
                                    && other.result() != null
                                    && other.result().isReusable())
                            .map(other -> new DispatchTurn.Answer(
                                    trial.id(),
                                    other.id(),
                                    requireNonNull(other.result()).identity().machine(),
                                    requireNonNull(other.finishedAt())))
                            .forEach(found::add));
            return found;
        }

        @Override
        public Set<Machine> machines(String engine) {
            return machines.getOrDefault(engine, Set.of());
        }

        @Override
        public List<TrainingJob> jobs(List<String> ids) {
            return ids.stream()
                    .flatMap(id -> find(Row.class, id).stream())
                    .map(this::job)
                    .toList();
        }

        private TrainingJob job(Row row) {
            Kept owner = owner(row.trial());
            Cell cell = row.chosen().encoding().canonical();
            return TrainingRecipe.of(owner.specification())
                    .job(row.trial(), cell, owner.birth().traceparent());
        }

        @Override
        public List<ExperimentLife> choosing() {
            return searches(search -> search.state() == ExperimentState.RUNNING)
                    .map(Kept::life)
                    .toList();
        }

        @Override
        public List<String> limited() {
            return searches(search -> search.state() == ExperimentState.RUNNING)
                    .map(Kept::id)
                    .toList();
        }

        // ---- lock and read

        @Override
        public Locked lock(Set<String> experimentIds) {
            new TreeSet<>(experimentIds).forEach(id -> patience.accept(() -> has("experiment " + id)));
            Map<String, Owner> owners = new HashMap<>();
            searches(search -> experimentIds.contains(search.id()))
                    .forEach(search -> owners.put(
                            search.id(),
                            Owner.of(
                                    search.state(),
                                    search.specification(),
                                    search.usage().charged())));
            return new Locked(now(), owners);
        }

        @Override
        public Read read(Collection<String> ids, Collection<String> beginning) {
            Set<String> keys = keys(trials(trial -> beginning.contains(trial.id())))
                    .collect(Collectors.toCollection(TreeSet::new));
            keys.forEach(key -> patience.accept(() -> has("key " + key)));
            List<TrialLife> lives =
                    rows(trial -> ids.contains(trial.id())).map(Row::life).toList();
            Map<StageKey, Long> open = new HashMap<>();
            for (TrialLife life : lives) {
                Trial.Subject subject = life.trial().subject();
                owner(life.trial()).life().stages().stream()
                        .filter(stage -> stage.number() == subject.stage())
                        .forEach(stage -> open.put(
                                new StageKey(subject.experimentId(), subject.stage()),
                                stage.trials().open()));
            }
            Stream<Trial> out = trials(trial -> trial.isOut() && !ids.contains(trial.id()));
            return new Read(
                    lives,
                    out.filter(trial -> keys(Stream.of(trial)).anyMatch(keys::contains))
                            .toList(),
                    open);
        }

        @Override
        public Optional<Search> search(String experimentId) {
            return find(Kept.class, experimentId).map(search -> new Search(search.life(), search.usage()));
        }

        @Override
        public List<TrialLife> lives(String experimentId, Set<Integer> stages, Set<TrialState> states) {
            return trials(trial -> isOf(trial, experimentId)
                            && stages.contains(trial.subject().stage())
                            && states.contains(trial.state()))
                    .map(trial -> new TrialLife(
                            trial,
                            attempts(trial)
                                    .filter(attempt -> attempt.end() == null)
                                    .toList()))
                    .toList();
        }

        private Stream<Attempt> attempts(Trial trial) {
            return find(Row.class, trial.id()).stream().flatMap(row -> row.life().attempts().stream());
        }

        @Override
        public List<Chosen> chosen(String experimentId, Set<TrialState> states) {
            return rows(trial -> isOf(trial, experimentId) && states.contains(trial.state()))
                    .map(row -> new Chosen(row.trial(), row.chosen()))
                    .sorted(Comparator.comparingInt(
                                    (Chosen one) -> one.trial().subject().stage())
                            .thenComparingInt(one -> one.cell().rank()))
                    .toList();
        }

        /** No worker is known of, so there is nothing else that one did. */
        @Override
        public List<Stage.Work> work(String experimentId, int stage) {
            return trials(trial -> isOf(trial, experimentId) && trial.subject().stage() == stage)
                    .flatMap(this::attempts)
                    .map(attempt -> Stage.Work.of(attempt, null))
                    .toList();
        }
    }
}
