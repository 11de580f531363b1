package pnas.orchestrator.life;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import pnas.statistics.Tally;

/** What a trial counts as: its state, more exactly. This is where every number of trials comes from that anybody is shown. */
public enum TrialKind {
    /** A training of this experiment measured its accuracy. */
    TRAINED,
    /** Its accuracy was looked up: nothing was trained. */
    REPLAYED,
    /** A training of another experiment measured its accuracy. */
    REUSED,
    /** Its loss became NaN or infinite. */
    DIVERGED,
    /** It has no result and gets no further attempt. */
    FAILED,
    /** It was open when its experiment was stopped or cancelled. */
    CANCELLED,
    /** The search leaves it out since it went on with a larger beam, whatever became of it before. */
    SET_ASIDE,
    /** Somebody trains it. */
    RUNNING,
    /** It was sent to the trainers and nobody has it. */
    DISPATCHED,
    /** It waits. */
    QUEUED;

    /**
     * The kind of a trial.
     *
     * @param replayed whether its accuracy was looked up
     * @param reused whether its result is that of another experiment
     * @param setAside whether the search leaves it out by now
     */
    public static TrialKind of(TrialState state, boolean replayed, boolean reused, boolean setAside) {
        if (setAside) {
            return SET_ASIDE;
        }
        return switch (state) {
            case TRAINED -> replayed ? REPLAYED : reused ? REUSED : TRAINED;
            case DIVERGED -> DIVERGED;
            case FAILED -> FAILED;
            case CANCELLED -> CANCELLED;
            case RUNNING -> RUNNING;
            case DISPATCHED -> DISPATCHED;
            case QUEUED -> QUEUED;
        };
    }

    /** How many there are of each kind; one that is absent has none. */
    public static Tally tally(Map<TrialKind, Long> trials) {
        return new Tally(
                trials.getOrDefault(TRAINED, 0L),
                trials.getOrDefault(REPLAYED, 0L),
                trials.getOrDefault(REUSED, 0L),
                trials.getOrDefault(DIVERGED, 0L),
                trials.getOrDefault(FAILED, 0L),
                trials.getOrDefault(CANCELLED, 0L),
                trials.getOrDefault(SET_ASIDE, 0L),
                trials.getOrDefault(RUNNING, 0L),
                trials.getOrDefault(QUEUED, 0L) + trials.getOrDefault(DISPATCHED, 0L));
    }

    /** How many there are of each kind. */
    public static Tally tally(Collection<TrialKind> trials) {
        return tally(trials.stream()
                .collect(Collectors.groupingBy(
                        kind -> kind, () -> new EnumMap<>(TrialKind.class), Collectors.counting())));
    }
}
