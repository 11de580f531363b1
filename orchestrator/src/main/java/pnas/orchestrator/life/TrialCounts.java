package pnas.orchestrator.life;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pnas.statistics.Tally;

/**
 * Trials of a stage, counted by what they count as, or what such counts change by.
 *
 * @param byKind a kind that is absent has none
 * @param repeats how many of them train a cell again under another seed, those that are set aside excepted
 */
public record TrialCounts(Map<TrialKind, Long> byKind, long repeats) {
    /** No trials at all. */
    public static final TrialCounts NONE = new TrialCounts(Map.of());

    /** Trials none of which is a repeat. */
    public TrialCounts(Map<TrialKind, Long> byKind) {
        this(byKind, 0);
    }

    public TrialCounts {
        Map<TrialKind, Long> some = new EnumMap<>(TrialKind.class);
        byKind.forEach((kind, count) -> {
            if (count != 0) {
                some.put(kind, count);
            }
        });
        byKind = Map.copyOf(some);
    }

    /**
     * What a trial changes them by. It counts as one thing before and after, so that no transition can be forgotten.
     *
     * @param before absent where there was no such trial
     */
    public static TrialCounts change(@Nullable Trial before, Trial after) {
        TrialCounts added = of(after, 1);
        return before == null ? added : added.plus(of(before, -1));
    }

    private static TrialCounts of(Trial trial, long times) {
        boolean repeat = trial.subject().repeat() > 0 && !trial.setAside();
        return new TrialCounts(Map.of(trial.kind(), times), repeat ? times : 0);
    }

    public TrialCounts plus(TrialCounts other) {
        Map<TrialKind, Long> sum = new EnumMap<>(TrialKind.class);
        sum.putAll(byKind);
        other.byKind.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
        return new TrialCounts(sum, repeats + other.repeats);
    }

    /** Those that are not over. */
    public long open() {
        return of(TrialKind.QUEUED) + of(TrialKind.DISPATCHED) + of(TrialKind.RUNNING);
    }

    /** How many there are of a kind. */
    public long of(TrialKind kind) {
        return byKind.getOrDefault(kind, 0L);
    }

    /** As people are shown them. */
    public Tally tally() {
        return TrialKind.tally(byKind);
    }
}
