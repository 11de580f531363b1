package pnas.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.PredictorCommand;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.Changes;
import pnas.orchestrator.life.DispatchTurn;
import pnas.orchestrator.life.Done;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.Store;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.Trial.Standing;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.TrialUnit;
import pnas.orchestrator.life.Usage;
import pnas.orchestrator.specification.Specification;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;

/**
 * A database with read committed transactions and locks of rows, in which any call of a store may be the last of its process. It holds no rule: what is looked at
 * after each commit are the {@link Invariants}.
 */
final class Database {
    private final World world;
    private final Invariants invariants;
    private final Listener listener;
    private final Rows committed = new Rows();
    private final List<NewEvent> events = new ArrayList<>();
    private final Map<String, Transaction> locks = new HashMap<>();
    private final Map<String, List<Actor>> waiting = new HashMap<>();
    private final Map<Node, Set<Transaction>> open = new HashMap<>();

    /** The connection is lost: nobody knows whether the transaction is. */
    static final class ConnectionLost extends RuntimeException {}

    /** An experiment with its stages, uncounted, and its turn. */
    record Kept(Experiment experiment, List<Stage> stages, double turn) {}

    /** What a trial's row has beside the trial. */
    record Place(
            Cell cell, Cell encoding, int rank, @Nullable Double predicted) {}

    /** Rows that are there, or that a transaction wants to be there. */
    private static final class Rows {
        private final Map<String, Kept> searches = new TreeMap<>();
        private final Map<String, Trial> trials = new TreeMap<>();
        private final Map<String, Place> places = new HashMap<>();
        private final Map<String, Map<Attempt.Key, Attempt>> attempts = new HashMap<>();

        void take(Rows newer) {
            searches.putAll(newer.searches);
            trials.putAll(newer.trials);
            places.putAll(newer.places);
            newer.attempts.forEach((trial, own) ->
                    attempts.computeIfAbsent(trial, _ -> new LinkedHashMap<>()).putAll(own));
        }
    }

    /** Is told what a transaction has told, once it is committed. */
    interface Listener {
        void committed(List<NewEvent> events);

        void withdrew(PredictorCommand.Withdrawn command);
    }

    Database(World world, Invariants invariants, Listener listener) {
        this.world = world;
        this.invariants = invariants;
        this.listener = listener;
    }

    // ---- what there is, for those who look at it from outside

    Collection<Trial> trials() {
        return committed.trials.values();
    }

    Trial trial(String id) {
        return Objects.requireNonNull(committed.trials.get(id), id);
    }

    Place place(String trialId) {
        return Objects.requireNonNull(committed.places.get(trialId), trialId);
    }

    Collection<Kept> searches() {
        return committed.searches.values();
    }

    Experiment experiment(String id) {
        return Objects.requireNonNull(committed.searches.get(id), id).experiment();
    }

    Collection<Attempt> attempts(String trialId) {
        return committed.attempts.getOrDefault(trialId, Map.of()).values();
    }

    Instant now() {
        return world.instant();
    }

    List<NewEvent> events() {
        return events;
    }

    long granted(String experimentId) {
        return committed.attempts.entrySet().stream()
                .filter(own -> own.getKey().startsWith(experimentId))
                .flatMap(own -> own.getValue().values().stream())
                .filter(Attempt::granted)
                .count();
    }

    // ---- transactions

    /** Does all of it, or nothing where the process dies or the connection is lost. */
    <T> T transaction(Actor actor, Function<Transaction, T> work) {
        Transaction transaction = new Transaction(actor);
        openOf(actor.node()).add(transaction);
        T result;
        try {
            result = work.apply(transaction);
        } catch (RuntimeException e) {
            transaction.rollBack();
            throw e;
        }
        Set<Fault> faults = transaction.isEmpty() ? Set.of() : world.strike(Fault.Point.COMMIT);
        if (faults.contains(Fault.CRASH_BEFORE_COMMIT)) {
            if (!actor.node().isMortal()) {
                transaction.rollBack();
            }
            die(actor);
        }
        if (faults.contains(Fault.CONNECTION_LOST_BEFORE_COMMIT)) {
            transaction.rollBack();
            throw new ConnectionLost();
        }
        actor.pause(world.between(1, 8));
        transaction.commit();
        if (faults.contains(Fault.CRASH_AFTER_COMMIT)) {
            die(actor);
        }
        transaction.withdrawn.forEach(listener::withdrew);
        actor.pause(world.between(0, 2));
        if (faults.contains(Fault.CONNECTION_LOST_AFTER_COMMIT)) {
            throw new ConnectionLost();
        }
        return result;
    }

    /** The transactions of a process, which the database rolls back some time after its death. */
    private Set<Transaction> openOf(Node node) {
        return open.computeIfAbsent(node, one -> {
            Set<Transaction> own = new LinkedHashSet<>();
            one.onDeath(() -> world.after(
                    world.between(100, 3_000), () -> List.copyOf(own).forEach(Transaction::rollBack)));
            return own;
        });
    }

    /** Never comes back; but a user comes back to another orchestrator. */
    private static void die(Actor actor) {
        if (!actor.node().isMortal()) {
            throw new ConnectionLost();
        }
        actor.node().die();
        Coroutine.leave();
        throw new IllegalStateException("the dead go on");
    }

    /** A transaction and what it wants to change. */
    final class Transaction implements Store {
        private final Actor actor;
        private final Set<String> held = new TreeSet<>();
        private final Rows own = new Rows();
        private final List<NewEvent> told = new ArrayList<>();
        private final List<Changes> counted = new ArrayList<>();
        private final List<Coverage.Decided> decided = new ArrayList<>();
        private final Map<String, TrialLife> seen = new HashMap<>();
        private final List<PredictorCommand.Withdrawn> withdrawn = new ArrayList<>();
        private Instant lockedAt = world.instant();
        private boolean over;

        private Transaction(Actor actor) {
            this.actor = actor;
        }

        private boolean isEmpty() {
            return own.searches.isEmpty() && own.trials.isEmpty() && own.attempts.isEmpty();
        }

        /** Others may come between any two calls. */
        private void call() {
            Set<Fault> faults = world.strike(Fault.Point.STORE_CALLED);
            if (faults.contains(Fault.CRASH_IN_TRANSACTION)) {
                die(actor);
            }
            if (faults.contains(Fault.ORCHESTRATOR_FROZEN)) {
                actor.node().freeze(world.between(5_000, 100_000));
            }
            actor.pause(world.between(0, 6));
        }

        // ---- rows as this transaction sees them

        private Stream<Trial> trialsNow() {
            if (own.trials.isEmpty()) {
                return committed.trials.values().stream();
            }
            Map<String, Trial> seen = new TreeMap<>(committed.trials);
            seen.putAll(own.trials);
            return seen.values().stream();
        }

        private Stream<Trial> trialsOf(String experimentId) {
            return trialsNow().filter(trial -> trial.subject().experimentId().equals(experimentId));
        }

        private @Nullable Trial trialNow(String id) {
            Trial mine = own.trials.get(id);
            return mine == null ? committed.trials.get(id) : mine;
        }

        private Place placeNow(String id) {
            Place mine = own.places.get(id);
            return mine == null ? place(id) : mine;
        }

        private List<Attempt> attemptsNow(String id) {
            Map<Attempt.Key, Attempt> seen = new LinkedHashMap<>(committed.attempts.getOrDefault(id, Map.of()));
            seen.putAll(own.attempts.getOrDefault(id, Map.of()));
            return List.copyOf(seen.values());
        }

        private @Nullable Kept searchNow(String id) {
            Kept mine = own.searches.get(id);
            return mine == null ? committed.searches.get(id) : mine;
        }

        private Kept presentSearch(String id) {
            return Objects.requireNonNull(searchNow(id), id);
        }

        private long grantedNow(String id) {
            return trialsOf(id)
                    .flatMap(trial -> attemptsNow(trial.id()).stream())
                    .filter(Attempt::granted)
                    .count();
        }

        private TrialLife life(Trial trial) {
            return new TrialLife(trial, attemptsNow(trial.id()));
        }

        // ---- find

        @Override
        public Instant now() {
            call();
            return world.instant();
        }

        @Override
        public List<String> expired(Instant before, int most) {
            call();
            return trialsNow()
                    .filter(trial ->
                            trial.lease() != null && trial.lease().until().isBefore(before))
                    .map(Trial::id)
                    .limit(most)
                    .toList();
        }

        @Override
        public Map<String, List<Unclaimed>> unclaimed(Instant sentBefore, int most) {
            call();
            return trialsNow()
                    .filter(trial -> trial.state() == TrialState.DISPATCHED)
                    .filter(trial -> sent(trial).at().isBefore(sentBefore))
                    .limit(most)
                    .collect(Collectors.groupingBy(
                            _ -> Searches.ENGINE,
                            Collectors.mapping(
                                    trial -> new Unclaimed(
                                            trial.id(), sent(trial).offset()),
                                    Collectors.toList())));
        }

        private static Trial.Sent sent(Trial trial) {
            return Objects.requireNonNull(trial.sent());
        }

        @Override
        public List<Trial> trials(Collection<String> ids) {
            call();
            return ids.stream().map(this::trialNow).filter(Objects::nonNull).toList();
        }

        @Override
        public List<String> engines() {
            call();
            return trialsNow().anyMatch(trial -> trial.state() == TrialState.QUEUED)
                    ? List.of(Searches.ENGINE)
                    : List.of();
        }

        @Override
        public List<DispatchTurn.Head> heads(String engine) {
            call();
            return committed.searches.values().stream()
                    .filter(search -> !search.experiment().state().isTerminal())
                    .map(this::head)
                    .toList();
        }

        private DispatchTurn.Head head(Kept search) {
            String id = search.experiment().id();
            Specification specification = search.experiment().specification();
            List<Trial> out = trialsOf(id).filter(Database::isOut).toList();
            long running = out.stream().filter(trial -> trial.lease() != null).count();
            return new DispatchTurn.Head(
                    id,
                    search.experiment().state() == ExperimentState.RUNNING,
                    specification.execution().reuse(),
                    new DispatchTurn.Share(
                            specification.share().priority(),
                            specification.share().weight(),
                            search.turn()),
                    new DispatchTurn.Limits(
                            specification.share().maxParallelTrainings(),
                            specification.budget().trainings()),
                    grantedNow(id),
                    new DispatchTurn.Out(
                            out.size() - running,
                            running,
                            out.stream().map(Database::key).collect(Collectors.toSet())));
        }

        @Override
        public List<DispatchTurn.Candidate> candidates(Map<String, Long> most) {
            call();
            return most.entrySet().stream()
                    .flatMap(wanted -> trialsOf(wanted.getKey())
                            .filter(trial -> trial.state() == TrialState.QUEUED)
                            .map(trial -> new DispatchTurn.Candidate(trial.id(), key(trial), 1, 1))
                            .sorted(Comparator.comparing(DispatchTurn.Candidate::trialId))
                            .limit(wanted.getValue()))
                    .toList();
        }

        @Override
        public List<DispatchTurn.Answer> answers(String engine) {
            call();
            return trialsNow()
                    .filter(trial -> trial.state() == TrialState.QUEUED)
                    .filter(trial -> presentSearch(trial.subject().experimentId())
                            .experiment()
                            .specification()
                            .execution()
                            .reuse())
                    .flatMap(trial -> trialsNow()
                            .filter(other ->
                                    !other.id().equals(trial.id()) && key(other).equals(key(trial)))
                            .filter(other -> result(other) != null
                                    && Objects.requireNonNull(result(other)).source() instanceof Trial.Result.Own source
                                    && source.reusable())
                            .map(other -> new DispatchTurn.Answer(
                                    trial.id(), other.id(), Trainer.MACHINE, finishedAt(other))))
                    .toList();
        }

        @Override
        public Set<Machine> machines(String engine) {
            call();
            return Set.of(Trainer.MACHINE);
        }

        @Override
        public List<TrainingJob> jobs(List<String> ids) {
            call();
            return ids.stream()
                    .map(this::trialNow)
                    .filter(Objects::nonNull)
                    .map(this::job)
                    .toList();
        }

        private TrainingJob job(Trial trial) {
            TrainingRecipe recipe = TrainingRecipe.of(
                    presentSearch(trial.subject().experimentId()).experiment().specification());
            return new TrainingJob(
                    TrainingJob.SCHEMA_VERSION,
                    trial.subject().experimentId(),
                    trial.id(),
                    trial.tries().attempt(),
                    placeNow(trial.id()).cell(),
                    recipe.dataSet(),
                    recipe.layout(),
                    recipe.settings(),
                    trial.tries().halfBatch(),
                    trial.subject().trainingSeed(),
                    null,
                    null);
        }

        @Override
        public List<ExperimentLife> choosing() {
            call();
            return committed.searches.keySet().stream().map(this::life).toList();
        }

        @Override
        public List<String> limited() {
            call();
            return committed.searches.values().stream()
                    .map(Kept::experiment)
                    .filter(experiment -> experiment.state() == ExperimentState.RUNNING
                            && experiment.specification().budget().isLimited())
                    .map(Experiment::id)
                    .toList();
        }

        // ---- lock and read

        @Override
        public boolean lockTurn(String engine) {
            call();
            String name = "turn of " + engine;
            if (locks.containsKey(name)) {
                return false;
            }
            take(name);
            return true;
        }

        private void lockOne(String name) {
            while (locks.containsKey(name) && locks.get(name) != this) {
                waiting.computeIfAbsent(name, _ -> new ArrayList<>()).add(actor);
                actor.park(3_600_000);
            }
            if (over) {
                throw new ConnectionLost();
            }
            take(name);
        }

        private void take(String name) {
            locks.put(name, this);
            held.add(name);
        }

        @Override
        public Locked lock(Set<String> experimentIds) {
            for (String id : new TreeSet<>(experimentIds)) {
                call();
                lockOne("experiment " + id);
            }
            call();
            Map<String, Owner> owners = new HashMap<>();
            for (String id : experimentIds) {
                Kept search = searchNow(id);
                if (search != null) {
                    Specification specification = search.experiment().specification();
                    Integer most = specification.budget().trainings();
                    owners.put(
                            id,
                            new Owner(
                                    search.experiment().state() == ExperimentState.RUNNING,
                                    specification.execution().reuse(),
                                    most == null ? null : Long.valueOf(most - grantedNow(id)),
                                    TrainingRecipe.of(specification)));
                }
            }
            lockedAt = world.instant();
            return new Locked(lockedAt, owners);
        }

        @Override
        public Read read(Collection<String> ids, Collection<String> beginning) {
            Set<String> keys = beginning.stream()
                    .map(this::trialNow)
                    .filter(Objects::nonNull)
                    .map(Database::key)
                    .collect(Collectors.toCollection(TreeSet::new));
            for (String key : keys) {
                call();
                lockOne("key " + key);
            }
            call();
            List<TrialLife> read = new TreeSet<>(ids)
                    .stream()
                            .map(this::trialNow)
                            .filter(Objects::nonNull)
                            .map(this::life)
                            .toList();
            seen(read);
            Map<TrialUnit.StageKey, Long> open = new HashMap<>();
            for (TrialLife life : read) {
                Trial.Subject subject = life.trial().subject();
                open.put(
                        new TrialUnit.StageKey(subject.experimentId(), subject.stage()),
                        counts(subject.experimentId(), subject.stage()).open());
            }
            return new Read(
                    read,
                    trialsNow()
                            .filter(trial -> keys.contains(key(trial)) && !ids.contains(trial.id()) && isOut(trial))
                            .toList(),
                    open);
        }

        /** How they were, for what is covered. */
        private void seen(List<TrialLife> lives) {
            lives.forEach(life -> seen.putIfAbsent(life.trial().id(), life));
        }

        @Override
        public Optional<Search> search(String id) {
            call();
            return searchNow(id) == null ? Optional.empty() : Optional.of(new Search(life(id), usage(id)));
        }

        private Usage usage(String id) {
            List<Attempt> charged = trialsOf(id)
                    .flatMap(trial -> attemptsNow(trial.id()).stream())
                    .filter(Attempt::granted)
                    .toList();
            long granted =
                    charged.stream().filter(attempt -> attempt.end() == null).count();
            return new Usage(trialsOf(id).filter(Database::isOut).count(), granted, charged.size(), 0, 0);
        }

        @Override
        public List<TrialLife> lives(String id, Set<Integer> stages, Set<TrialState> states) {
            call();
            List<TrialLife> lives = trialsOf(id)
                    .filter(trial -> stages.contains(trial.subject().stage()) && states.contains(trial.state()))
                    .map(trial -> new TrialLife(
                            trial,
                            attemptsNow(trial.id()).stream()
                                    .filter(attempt -> attempt.end() == null)
                                    .toList()))
                    .toList();
            seen(lives);
            return lives;
        }

        // ---- store

        @Override
        public void store(Changes changes) {
            call();
            keep(changes.experiments(), changes.events());
            changes.chosen()
                    .forEach(chosen -> own.places.put(
                            chosen.trialId(),
                            new Place(
                                    chosen.cell().encoding().canonical(),
                                    chosen.cell().encoding(),
                                    chosen.cell().rank(),
                                    chosen.cell().predicted())));
            changes.trials().forEach(trial -> own.trials.put(trial.id(), trial));
            for (Attempt attempt : changes.begun()) {
                if (attemptsNow(attempt.ref().trialId()).stream()
                        .anyMatch(known -> known.key().equals(attempt.key()))) {
                    throw World.broken("attempt %s was begun twice", attempt.ref());
                }
                put(attempt);
            }
            changes.attempts().forEach(this::put);
            told.addAll(changes.events());
            counted.add(changes);
        }

        private void put(Attempt attempt) {
            own.attempts
                    .computeIfAbsent(attempt.ref().trialId(), _ -> new LinkedHashMap<>())
                    .put(attempt.key(), attempt);
        }

        private void keep(Changes.Experiments changes, List<NewEvent> told) {
            Map<String, Kept> before = new HashMap<>();
            for (Experiment head : changes.heads()) {
                Kept known = before.computeIfAbsent(head.id(), this::searchNow);
                own.searches.put(
                        head.id(),
                        known == null ? new Kept(head, List.of(), 0) : new Kept(head, known.stages(), known.turn()));
            }
            changes.stages().forEach((key, stage) -> {
                String id = key.experimentId();
                Kept known = presentSearch(id);
                before.putIfAbsent(id, known);
                Map<Integer, Stage> stages = new TreeMap<>();
                known.stages().forEach(each -> stages.put(each.number(), each));
                stages.put(stage.number(), stage);
                own.searches.put(id, new Kept(known.experiment(), List.copyOf(stages.values()), known.turn()));
            });
            changes.turns()
                    .forEach((id, turn) -> own.searches.put(
                            id,
                            new Kept(
                                    presentSearch(id).experiment(),
                                    presentSearch(id).stages(),
                                    turn)));
            before.forEach((id, known) -> decided.add(new Coverage.Moved(
                    known.experiment(),
                    presentSearch(id).experiment(),
                    known.stages(),
                    presentSearch(id).stages(),
                    Coverage.event(told))));
        }

        // ---- experiments and stages

        private ExperimentLife life(String id) {
            Kept search = presentSearch(id);
            return new ExperimentLife(
                    search.experiment(),
                    search.stages().stream()
                            .map(stage -> counted(stage, counts(id, stage.number())))
                            .toList());
        }

        private TrialCounts counts(String id, int stage) {
            return new TrialCounts(trialsOf(id)
                    .filter(trial -> trial.subject().stage() == stage)
                    .collect(Collectors.groupingBy(Trial::kind, Collectors.counting())));
        }

        private static Stage counted(Stage stage, TrialCounts counts) {
            return new Stage(
                    stage.number(),
                    stage.state(),
                    stage.candidates(),
                    stage.asking(),
                    stage.ranking(),
                    stage.quality(),
                    stage.barrier(),
                    stage.times(),
                    counts);
        }

        /** For what it covers. */
        Done noted(Done done) {
            decided.add(new Coverage.Trials(Map.copyOf(seen), done.trials()));
            done.experiments().forEach(this::noteChosenAnew);
            withdrawn.addAll(done.withdrawn());
            return done;
        }

        private void noteChosenAnew(ExperimentEffects effects) {
            Kept before = committed.searches.get(effects.life().experiment().id());
            if (before != null) {
                Set<Integer> anew = Coverage.anew(effects);
                before.stages().stream()
                        .filter(stage -> anew.contains(stage.number()) && stage.state() == StageState.EXPANDING)
                        .forEach(_ -> decided.add(new Coverage.Expanding()));
            }
        }

        /** Nobody looks at who was idle. */
        @Override
        public List<Stage.Work> work(String id, int stage) {
            call();
            return List.of();
        }

        @Override
        public List<Chosen> chosen(String id, Set<TrialState> states) {
            call();
            return trialsOf(id)
                    .filter(trial -> states.contains(trial.state()))
                    .sorted(Comparator.comparingInt(
                                    (Trial trial) -> trial.subject().stage())
                            .thenComparingInt(trial -> placeNow(trial.id()).rank()))
                    .map(trial -> {
                        Place place = placeNow(trial.id());
                        return new Chosen(trial, new NewTrial(place.encoding(), place.rank(), place.predicted()));
                    })
                    .toList();
        }

        // ---- its end

        private void commit() {
            if (over) {
                // The database has long given its connection up.
                throw new ConnectionLost();
            }
            Map<String, Trial> before = new LinkedHashMap<>();
            own.trials.keySet().stream().filter(committed.trials::containsKey).forEach(id -> before.put(id, trial(id)));
            committed.take(own);
            events.addAll(told);
            release();
            decided.forEach(world.coverage::note);
            counted.forEach(invariants::count);
            listener.committed(told);
            invariants.afterCommit(Database.this, before, lockedAt);
        }

        private void rollBack() {
            if (!over) {
                release();
            }
        }

        private void release() {
            over = true;
            openOf(actor.node()).remove(this);
            for (String name : held) {
                locks.remove(name);
                List<Actor> next = waiting.remove(name);
                if (next != null) {
                    next.forEach(Actor::wake);
                }
            }
        }
    }

    // ---- about trials

    static boolean isOut(Trial trial) {
        return trial.state() == TrialState.DISPATCHED || trial.state() == TrialState.RUNNING;
    }

    private static String key(Trial trial) {
        return Objects.requireNonNull(trial.subject().trainingKey());
    }

    static Trial.@Nullable Result result(Trial trial) {
        return switch (trial.standing()) {
            case Standing.Trained trained -> trained.result();
            case Standing.Diverged diverged -> diverged.result();
            case Standing.Queued _,
                    Standing.Dispatched _,
                    Standing.Running _,
                    Standing.Failed _,
                    Standing.Cancelled _ -> null;
        };
    }

    private static Instant finishedAt(Trial trial) {
        return switch (trial.standing()) {
            case Standing.Trained trained -> trained.at();
            case Standing.Diverged diverged -> diverged.at();
            case Standing.Failed failed -> failed.at();
            case Standing.Cancelled cancelled -> cancelled.at();
            case Standing.Queued _, Standing.Dispatched _, Standing.Running _ ->
                throw new IllegalStateException(trial.id());
        };
    }
}
