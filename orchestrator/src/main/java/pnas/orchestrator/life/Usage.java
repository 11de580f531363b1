package pnas.orchestrator.life;

import java.util.List;

/**
 * What an experiment has out and has used, or what that changes by.
 *
 * @param out trials that are DISPATCHED or RUNNING
 * @param granted attempts that were granted and have not ended
 * @param charged attempts that were granted, whatever became of them: a budget pays for these
 * @param endedMillis how long the charged attempts took that have ended, each from its claim to its end
 * @param claimedMillis when those were claimed that have not ended, in milliseconds since 1970, added up: how long they have taken follows from it at any time
 */
public record Usage(long out, long granted, long charged, long endedMillis, long claimedMillis) {
    /** Nothing at all. */
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

    /** What a trial and its attempts change it by. Attempts that were not read have not changed. */
    public static Usage change(TrialLife before, TrialLife after) {
        return of(after).plus(of(before).negative());
    }

    private static Usage of(TrialLife life) {
        List<Attempt> charged =
                life.attempts().stream().filter(Attempt::granted).toList();
        List<Attempt> open =
                charged.stream().filter(attempt -> attempt.end() == null).toList();
        return new Usage(
                life.trial().isOut() ? 1 : 0,
                open.size(),
                charged.size(),
                charged.stream().mapToLong(Usage::millis).sum(),
                open.stream()
                        .mapToLong(attempt -> attempt.claimedAt().toEpochMilli())
                        .sum());
    }

    private static long millis(Attempt attempt) {
        Attempt.End end = attempt.end();
        return end == null ? 0 : end.at().toEpochMilli() - attempt.claimedAt().toEpochMilli();
    }

    /** These and the others. */
    public Usage plus(Usage other) {
        return new Usage(
                out + other.out,
                granted + other.granted,
                charged + other.charged,
                endedMillis + other.endedMillis,
                claimedMillis + other.claimedMillis);
    }

    private Usage negative() {
        return new Usage(-out, -granted, -charged, -endedMillis, -claimedMillis);
    }
}
