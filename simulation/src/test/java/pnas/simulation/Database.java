package pnas.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import pnas.message.PredictorCommand;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.dispatch.DispatchTurn;
import pnas.orchestrator.life.store.Changes;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.Look;
import pnas.orchestrator.life.store.MemoryStore;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.life.store.Turns;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;

/**
 * The store in maps, as its contract has it, between processes that die: any call of it may be the last of its process, others may come between any two, and a
 * connection may be lost. What is looked at after each commit are the {@link Invariants}.
 */
final class Database {
    private final World world;
    private final Invariants invariants;
    private final Listener listener;
    private final MemoryStore store;
    private final List<Actor> waiting = new ArrayList<>();
    private final Map<Node, Set<Transaction>> open = new HashMap<>();
    private final Map<String, Node> turns = new HashMap<>();
    private final Set<Node> holders = new HashSet<>();
    private Look committed = Look.NOTHING;

    /** The connection is lost: nobody knows whether the transaction is. */
    static final class ConnectionLost extends RuntimeException {}

    /** Is told what a transaction has told, once it is committed. */
    interface Listener {
        void committed(List<NewEvent> events);

        void withdrew(PredictorCommand.Withdrawn command);
    }

    Database(World world, Invariants invariants, Listener listener) {
        this.world = world;
        this.invariants = invariants;
        this.listener = listener;
        this.store = new MemoryStore(world::instant, this::await, _ -> 1);
        store.put(Searches.ENGINE, Set.of(Trainer.MACHINE));
    }

    // ---- what there is, for those who look at it from outside

    Collection<Trial> trials() {
        return committed.trials();
    }

    Trial trial(String id) {
        return committed.life(id).trial();
    }

    NewTrial place(String trialId) {
        return committed.chosen(trialId);
    }

    Collection<Store.Search> searches() {
        return committed.searches().values();
    }

    Experiment experiment(String id) {
        return Objects.requireNonNull(committed.searches().get(id), id).life().experiment();
    }

    Collection<Attempt> attempts(String trialId) {
        return committed.life(trialId).attempts();
    }

    Instant now() {
        return world.instant();
    }

    List<NewEvent> events() {
        return store.events();
    }

    long granted(String experimentId) {
        return trials().stream()
                .filter(trial -> trial.subject().experimentId().equals(experimentId))
                .flatMap(trial -> attempts(trial.id()).stream())
                .filter(Attempt::granted)
                .count();
    }

    // ---- turns

    /** The turns as an actor takes them. The connection that holds one is the process's: the database notices after a while that it died. */
    Turns turns(Actor actor) {
        Node node = actor.node();
        if (holders.add(node)) {
            node.onDeath(() ->
                    world.after(world.between(100, 3_000), () -> turns.values().removeIf(node::equals)));
        }
        return engine -> {
            call(actor);
            return turns.putIfAbsent(engine, node) == null
                    ? Optional.of(() -> turns.remove(engine, node))
                    : Optional.empty();
        };
    }

    /** Has the database end all connections that hold a turn; those who have it do not notice. */
    void endTurns() {
        turns.clear();
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

    /** Others may come before any call. */
    private void call(Actor actor) {
        Set<Fault> faults = world.strike(Fault.Point.STORE_CALLED);
        if (faults.contains(Fault.CRASH_IN_TRANSACTION)) {
            die(actor);
        }
        if (faults.contains(Fault.ORCHESTRATOR_FROZEN)) {
            actor.node().freeze(world.between(5_000, 100_000));
        }
        actor.pause(world.between(0, 6));
    }

    /** Waits for a lock; others may come before each that it takes. */
    private void await(BooleanSupplier free) {
        Actor actor = world.running();
        call(actor);
        while (!free.getAsBoolean()) {
            waiting.add(actor);
            actor.park(3_600_000);
        }
    }

    /** A transaction of an actor. */
    final class Transaction implements Store {
        private final Actor actor;
        private final MemoryStore.Transaction rows = store.begin();
        private final Set<String> changed = new LinkedHashSet<>();
        private final List<NewEvent> told = new ArrayList<>();
        private final List<Coverage.Decided> decided = new ArrayList<>();
        private final Map<String, TrialLife> seen = new HashMap<>();
        private final List<PredictorCommand.Withdrawn> withdrawn = new ArrayList<>();
        private Instant lockedAt = world.instant();
        private boolean stored;
        private boolean over;

        private Transaction(Actor actor) {
            this.actor = actor;
        }

        private boolean isEmpty() {
            return !stored;
        }

        private <T> T called(Supplier<T> what) {
            call(actor);
            return what.get();
        }

        // ---- find

        @Override
        public Instant now() {
            return called(rows::now);
        }

        @Override
        public List<String> expired(Instant before, int most) {
            return called(() -> rows.expired(before, most));
        }

        @Override
        public Map<String, List<Unclaimed>> unclaimed(Instant sentBefore, int most) {
            return called(() -> rows.unclaimed(sentBefore, most));
        }

        @Override
        public List<Trial> trials(Collection<String> ids) {
            return called(() -> rows.trials(ids));
        }

        @Override
        public List<String> engines() {
            return called(rows::engines);
        }

        @Override
        public List<DispatchTurn.Head> heads(String engine) {
            return called(() -> rows.heads(engine));
        }

        @Override
        public List<DispatchTurn.Candidate> candidates(Map<String, Long> most) {
            return called(() -> rows.candidates(most));
        }

        @Override
        public List<DispatchTurn.Answer> answers(String engine) {
            return called(() -> rows.answers(engine));
        }

        @Override
        public Set<Machine> machines(String engine) {
            return called(() -> rows.machines(engine));
        }

        @Override
        public List<TrainingJob> jobs(List<String> ids) {
            return called(() -> rows.jobs(ids));
        }

        @Override
        public List<ExperimentLife> choosing() {
            return called(rows::choosing);
        }

        @Override
        public List<String> limited() {
            return called(rows::limited);
        }

        // ---- lock and read

        @Override
        public Locked lock(Set<String> experimentIds) {
            Locked locked = called(() -> rows.lock(experimentIds));
            lockedAt = locked.now();
            return locked;
        }

        @Override
        public Read read(Collection<String> ids, Collection<String> beginning) {
            Read read = called(() -> rows.read(ids, beginning));
            seen(read.lives());
            return read;
        }

        /** How they were, for what is covered. */
        private void seen(List<TrialLife> lives) {
            lives.forEach(life -> seen.putIfAbsent(life.trial().id(), life));
        }

        @Override
        public Optional<Search> search(String id) {
            return called(() -> rows.search(id));
        }

        @Override
        public List<TrialLife> lives(String id, Set<Integer> stages, Set<TrialState> states) {
            List<TrialLife> lives = called(() -> rows.lives(id, stages, states));
            seen(lives);
            return lives;
        }

        @Override
        public List<Chosen> chosen(String id, Set<TrialState> states) {
            return called(() -> rows.chosen(id, states));
        }

        @Override
        public List<Stage.Work> work(String id, int stage) {
            return called(() -> rows.work(id, stage));
        }

        // ---- store

        @Override
        public void store(Changes changes) {
            call(actor);
            List<ExperimentLife> before = concerned(changes);
            for (Attempt attempt : changes.begun()) {
                if (Look.attempts(rows, attempt.ref().trialId())
                        .anyMatch(known -> known.key().equals(attempt.key()))) {
                    throw World.broken("attempt %s was begun twice", attempt.ref());
                }
            }
            rows.store(changes);
            before.forEach(known -> decided.add(moved(known, changes.events())));
            changes.trials().forEach(trial -> changed.add(trial.id()));
            told.addAll(changes.events());
            stored = true;
        }

        private List<ExperimentLife> concerned(Changes changes) {
            Set<String> ids = new LinkedHashSet<>();
            changes.experiments().heads().forEach(head -> ids.add(head.id()));
            changes.experiments().stages().keySet().forEach(stage -> ids.add(stage.experimentId()));
            return ids.stream()
                    .flatMap(id -> rows.search(id).stream())
                    .map(Search::life)
                    .toList();
        }

        private Coverage.Moved moved(ExperimentLife before, List<NewEvent> events) {
            ExperimentLife after =
                    rows.search(before.experiment().id()).orElseThrow().life();
            return new Coverage.Moved(
                    before.experiment(), after.experiment(), before.stages(), after.stages(), Coverage.event(events));
        }

        /** For what it covers. */
        Done noted(Done done) {
            decided.add(new Coverage.Trials(Map.copyOf(seen), done.trials()));
            done.experiments().forEach(this::noteChosenAnew);
            withdrawn.addAll(done.withdrawn());
            return done;
        }

        private void noteChosenAnew(ExperimentEffects effects) {
            Search before = committed.searches().get(effects.life().experiment().id());
            if (before != null) {
                Set<Integer> anew = Coverage.anew(effects);
                before.life().stages().stream()
                        .filter(stage -> anew.contains(stage.number()) && stage.state() == StageState.EXPANDING)
                        .forEach(_ -> decided.add(new Coverage.Expanding()));
            }
        }

        // ---- its end

        private void commit() {
            if (over) {
                // The database has long given its connection up.
                throw new ConnectionLost();
            }
            Map<String, Trial> before = new LinkedHashMap<>();
            changed.stream().filter(committed::has).forEach(id -> before.put(id, trial(id)));
            rows.commit();
            if (stored) {
                committed = Look.at(store);
            }
            end();
            decided.forEach(world.coverage::note);
            listener.committed(told);
            invariants.afterCommit(Database.this, before, lockedAt);
        }

        private void rollBack() {
            if (!over) {
                rows.close();
                end();
            }
        }

        /** Its locks are free. */
        private void end() {
            over = true;
            openOf(actor.node()).remove(this);
            List<Actor> next = List.copyOf(waiting);
            waiting.clear();
            next.forEach(Actor::wake);
        }
    }
}
