package pnas.statistics;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Trials, counted by what became of them. Each trial is in one of these numbers: this is where every number of trials comes from that anybody is shown.
 *
 * @param trained trials with an accuracy that a training of this experiment measured
 * @param replayed trials with an accuracy that was looked up: nothing was trained
 * @param reused trials with an accuracy that a training of another experiment measured
 * @param diverged trials whose loss became NaN or infinite, so that they have no accuracy
 * @param failed trials without a result that get no further attempt
 * @param cancelled trials that were open when their experiment was stopped or cancelled
 * @param setAside trials that the search leaves out since it went on with a larger beam, whatever became of them before
 * @param running trials that somebody trains
 * @param queued trials that wait, those included that were sent to the trainers
 */
public record Tally(
        long trained,
        long replayed,
        long reused,
        long diverged,
        long failed,
        long cancelled,
        long setAside,
        long running,
        long queued) {
    /** No trials at all. */
    public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** These and the others. */
    public Tally plus(Tally other) {
        return new Tally(
                trained + other.trained,
                replayed + other.replayed,
                reused + other.reused,
                diverged + other.diverged,
                failed + other.failed,
                cancelled + other.cancelled,
                setAside + other.setAside,
                running + other.running,
                queued + other.queued);
    }

    /** Those with an accuracy, wherever it comes from. */
    public long measured() {
        return trained + replayed + reused;
    }

    /** Those that are over without an accuracy. */
    public long withoutResult() {
        return diverged + failed + cancelled;
    }

    /** Those that are over. */
    public long ended() {
        return measured() + withoutResult();
    }

    /** How those that are measured were: trained, replayed, reused, or in several ways. */
    public String how() {
        if (trained == measured()) {
            return "trained";
        }
        return replayed == measured() ? "replayed" : reused == measured() ? "reused" : "measured";
    }

    /** How many of a number are measured, and how, for instance {@code 20 of 152 trained}. */
    public String measuredOf(long planned) {
        return String.format(Locale.ROOT, "%,d of %,d %s", measured(), planned, how());
    }

    /** Those that were measured in several ways, for instance {@code 100 trained, 30 reused}; empty where {@link #how} says it. */
    public String mixture() {
        Map<String, Long> parts = new LinkedHashMap<>();
        if (how().equals("measured")) {
            parts.put("trained", trained);
            parts.put("replayed", replayed);
            parts.put("reused", reused);
        }
        return words(parts);
    }

    /** What {@link #measuredOf} does not say of those that are over, for instance {@code 1 failed, 116 cancelled}; empty where that is nothing. */
    public String others() {
        return Stream.of(mixture(), lost(), setAside == 0 ? "" : setAside + " set aside")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    /** Those that are over without an accuracy, for instance {@code 2 failed, 1 diverged}; empty where there are none. */
    public String lost() {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("failed", failed);
        parts.put("diverged", diverged);
        parts.put("cancelled", cancelled);
        return words(parts);
    }

    /** All that are over and were not trained here, for instance {@code 24 reused, 1 failed}; empty where there are none. */
    public String allButTrained() {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("replayed", replayed);
        parts.put("reused", reused);
        return Stream.of(words(parts), lost(), setAside == 0 ? "" : setAside + " set aside")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String words(Map<String, Long> parts) {
        return parts.entrySet().stream()
                .filter(part -> part.getValue() > 0)
                .map(part -> String.format(Locale.ROOT, "%,d %s", part.getValue(), part.getKey()))
                .collect(Collectors.joining(", "));
    }

    /** All that the search has, what it set aside excepted. */
    public long trials() {
        return ended() + running + queued;
    }
}
