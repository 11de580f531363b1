package pnas.orchestrator.life.store;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialLife;

/** What is in the store in maps, for those who look at it from outside. */
public final class Look {
    /** Nothing at all. */
    public static final Look NOTHING = new Look(Stream.of(), Stream.of());

    private final Map<String, MemoryRows.Row> rows = new LinkedHashMap<>();
    private final Map<String, Store.Search> searches = new LinkedHashMap<>();
    private final List<Trial> trials;

    private Look(Stream<MemoryRows.Row> rows, Stream<MemoryRows.Kept> searches) {
        rows.forEach(row -> this.rows.put(row.trial().id(), row));
        searches.forEach(search -> this.searches.put(search.id(), new Store.Search(search.life(), search.usage())));
        trials = this.rows.values().stream().map(MemoryRows.Row::trial).toList();
    }

    /** What is committed. */
    public static Look at(MemoryStore store) {
        try (MemoryStore.Transaction all = store.begin()) {
            return new Look(all.rows(_ -> true), all.searches(_ -> true));
        }
    }

    /** The attempts at a trial as a transaction sees them. */
    public static Stream<Attempt> attempts(MemoryStore.Transaction transaction, String trialId) {
        return transaction.find(MemoryRows.Row.class, trialId).stream().flatMap(row -> row.life().attempts().stream());
    }

    /** All trials, in the order of their ids. */
    public Collection<Trial> trials() {
        return trials;
    }

    /** Whether there is such a trial. */
    public boolean has(String trialId) {
        return rows.containsKey(trialId);
    }

    /** A trial with its attempts. */
    public TrialLife life(String trialId) {
        return row(trialId).life();
    }

    /** How its stage chose it last. */
    public NewTrial chosen(String trialId) {
        return row(trialId).chosen();
    }

    private MemoryRows.Row row(String trialId) {
        return Objects.requireNonNull(rows.get(trialId), trialId);
    }

    /** The experiments by their ids. */
    public Map<String, Store.Search> searches() {
        return searches;
    }
}
