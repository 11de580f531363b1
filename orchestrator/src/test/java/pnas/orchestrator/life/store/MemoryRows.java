package pnas.orchestrator.life.store;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pnas.cell.Cell;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.Usage;
import pnas.orchestrator.specification.Specification;

/** Tables in maps, with locks. A transaction sees what others have committed and what it has put there itself, as in PostgreSQL where reads are committed ones. */
final class MemoryRows {
    private final Map<Object, Object> committed = new ConcurrentHashMap<>();
    private final List<NewEvent> events = new CopyOnWriteArrayList<>();
    private final Map<String, Transaction> locks = new ConcurrentHashMap<>();

    /** An experiment with its stages and their counts. */
    record Kept(ExperimentLife life, Usage usage, double turn, Changes.Birth birth) {
        String id() {
            return life.experiment().id();
        }

        ExperimentState state() {
            return life.experiment().state();
        }

        Specification specification() {
            return life.experiment().specification();
        }

        Kept with(ExperimentLife life) {
            return new Kept(life, usage, turn, birth);
        }

        Kept with(Stage stage) {
            Map<Integer, Stage> stages = new TreeMap<>();
            life.stages().forEach(known -> stages.put(known.number(), known));
            stages.put(stage.number(), stage);
            return with(new ExperimentLife(life.experiment(), List.copyOf(stages.values())));
        }
    }

    /** A trial with its attempts, and with what nobody decides over. */
    record Row(TrialLife life, NewTrial chosen, long multiplyAdds) {
        Trial trial() {
            return life.trial();
        }

        Row with(Trial trial) {
            return new Row(new TrialLife(trial, life.attempts()), chosen, multiplyAdds);
        }

        Row with(Attempt attempt) {
            Map<Attempt.Key, Attempt> attempts = new LinkedHashMap<>();
            life.attempts().forEach(known -> attempts.put(known.key(), known));
            attempts.put(attempt.key(), attempt);
            return new Row(new TrialLife(trial(), List.copyOf(attempts.values())), chosen, multiplyAdds);
        }
    }

    /** All events that were committed, in their order. */
    List<NewEvent> events() {
        return List.copyOf(events);
    }

    /** A transaction: one that is closed without a commit has left nothing. */
    class Transaction implements AutoCloseable {
        private final Map<Object, Object> own = new HashMap<>();
        private final List<NewEvent> told = new ArrayList<>();

        /** Has all that it put there be there, and gives its locks back. */
        public void commit() {
            committed.putAll(own);
            events.addAll(told);
            close();
        }

        @Override
        public void close() {
            locks.values().removeIf(this::equals);
        }

        /** Whether it has a lock; it takes one that nobody has. */
        final boolean has(String lock) {
            return Objects.requireNonNullElse(locks.putIfAbsent(lock, this), this)
                    .equals(this);
        }

        final void put(Object key, Object row) {
            own.put(key, row);
        }

        final void tell(List<NewEvent> more) {
            told.addAll(more);
        }

        final <T> Optional<T> find(Class<T> type, Object key) {
            return Optional.ofNullable(own.getOrDefault(key, committed.get(key)))
                    .map(type::cast);
        }

        final <T> Stream<T> all(Class<T> type) {
            Stream<Object> others = committed.entrySet().stream()
                    .filter(row -> !own.containsKey(row.getKey()))
                    .map(Map.Entry::getValue);
            return Stream.concat(own.values().stream(), others)
                    .filter(type::isInstance)
                    .map(type::cast);
        }

        // ---- tables

        final Stream<Row> rows(Predicate<Trial> which) {
            return all(Row.class)
                    .filter(row -> which.test(row.trial()))
                    .sorted(Comparator.comparing(row -> row.trial().id()));
        }

        final Stream<Trial> trials(Predicate<Trial> which) {
            return rows(which).map(Row::trial);
        }

        final Stream<Kept> searches(Predicate<Kept> which) {
            return all(Kept.class).filter(which).sorted(Comparator.comparing(Kept::id));
        }

        final Kept owner(Trial trial) {
            return find(Kept.class, trial.subject().experimentId()).orElseThrow();
        }

        /** Keeps what it is given. */
        public final void store(Changes changes) {
            keep(changes.experiments());
            changes.counts().keySet().stream()
                    .map(StageKey::experimentId)
                    .distinct()
                    .forEach(id -> put(id, kept(id).with(kept(id).life().counting(changes.counts()))));
            changes.usage().forEach((id, more) -> {
                Kept search = kept(id);
                put(id, new Kept(search.life(), search.usage().plus(more), search.turn(), search.birth()));
            });
            Map<String, Trial> trials = changes.trials().stream().collect(Collectors.toMap(Trial::id, trial -> trial));
            for (Changes.Chosen chosen : changes.chosen()) {
                TrialLife life = find(Row.class, chosen.trialId())
                        .map(Row::life)
                        .orElseGet(() -> new TrialLife(requireNonNull(trials.get(chosen.trialId())), List.of()));
                Cell cell = chosen.cell().encoding().canonical();
                long size = TrainingRecipe.of(owner(life.trial()).specification())
                        .size(cell)
                        .multiplyAdds();
                put(chosen.trialId(), new Row(life, chosen.cell(), size));
            }
            trials.forEach(
                    (id, trial) -> put(id, find(Row.class, id).orElseThrow().with(trial)));
            Stream.concat(changes.begun().stream(), changes.attempts().stream())
                    .forEach(attempt -> put(
                            attempt.ref().trialId(),
                            find(Row.class, attempt.ref().trialId())
                                    .orElseThrow()
                                    .with(attempt)));
            changes.epochs().forEach(epoch -> put(List.of(epoch.trialId(), epoch.attempt(), epoch.number()), epoch));
            tell(changes.events());
        }

        private void keep(Changes.Experiments changes) {
            for (Experiment head : changes.heads()) {
                Changes.Birth birth = changes.born().get(head.id());
                put(
                        head.id(),
                        birth == null
                                ? kept(head.id())
                                        .with(new ExperimentLife(
                                                head, kept(head.id()).life().stages()))
                                : new Kept(new ExperimentLife(head, List.of()), Usage.NONE, 0, birth));
            }
            changes.stages()
                    .forEach((key, stage) ->
                            put(key.experimentId(), kept(key.experimentId()).with(stage)));
            changes.turns()
                    .forEach(
                            (id, turn) -> put(id, new Kept(kept(id).life(), kept(id).usage(), turn, kept(id).birth())));
        }

        final Kept kept(String id) {
            return find(Kept.class, id).orElseThrow();
        }
    }
}
