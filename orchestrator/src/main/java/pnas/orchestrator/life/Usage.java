package pnas.orchestrator.life;

/**
 * What an experiment has out and has used, or what that changes by.
 *
 * @param out trials that are DISPATCHED or RUNNING
 * @param granted attempts that were granted and have not ended
 * @param charged attempts that were granted, whatever became of them: a budget pays for these
 */
public record Usage(long out, long granted, long charged) {
    static final Usage NONE = new Usage(0, 0, 0);

    /** What a trial and its attempts change it by. Attempts that were not read have not changed. */
    static Usage change(TrialLife before, TrialLife after) {
        return of(after).minus(of(before));
    }

    private static Usage of(TrialLife life) {
        return new Usage(
                life.trial().isOut() ? 1 : 0,
                life.attempts().stream()
                        .filter(attempt -> attempt.granted() && attempt.end() == null)
                        .count(),
                life.attempts().stream().filter(Attempt::granted).count());
    }

    Usage plus(Usage other) {
        return new Usage(out + other.out, granted + other.granted, charged + other.charged);
    }

    private Usage minus(Usage other) {
        return new Usage(out - other.out, granted - other.granted, charged - other.charged);
    }
}
