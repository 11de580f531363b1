package pnas.orchestrator.life;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pnas.statistics.Tally;

/**
 * Trials of a stage, counted by what they count as, or what such counts change by.
 *
 * @param byKind a kind that is absent has none
 */
public record TrialCounts(Map<TrialKind, Long> byKind) {
    /** No trials at all. */
    public static final TrialCounts NONE = new TrialCounts(Map.of());

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
        TrialCounts added = new TrialCounts(Map.of(after.kind(), 1L));
        return before == null ? added : added.plus(new TrialCounts(Map.of(before.kind(), -1L)));
    }

    public TrialCounts plus(TrialCounts other) {
        Map<TrialKind, Long> sum = new EnumMap<>(TrialKind.class);
        sum.putAll(byKind);
        other.byKind.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
        return new TrialCounts(sum);
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
