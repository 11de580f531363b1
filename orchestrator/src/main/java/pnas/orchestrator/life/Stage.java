package pnas.orchestrator.life;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.message.RankingAnswer;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.state.StateTable.Transition;
import pnas.statistics.Tally;

/**
 * A stage at an instant; what has changed is another value.
 *
 * @param number blocks of its cells, from 1
 * @param candidates distinct cells that it chooses from, absent until they are counted
 * @param asking how far the request for a ranking is
 * @param ranking what is kept of a predictor's answer, absent where there was none
 * @param quality predicted against measured, absent before it is done and where nothing was predicted
 * @param barrier how its end went, absent before that and where nothing was trained
 * @param trials counted by what became of them
 */
public record Stage(
        int number,
        StageState state,
        @Nullable Long candidates,
        Asking asking,
        @Nullable Ranking ranking,
        RankingAnswer.@Nullable Quality quality,
        @Nullable Barrier barrier,
        Times times,
        TrialCounts trials) {
    /**
     * How far the request for a ranking is.
     *
     * @param requestId of the request, the same however often it is sent; absent until somebody works at it
     * @param tries how often it was sent
     * @param sentAt when it was sent last; absent before that, and where it is to be sent again at once
     * @param workingUntil nobody else works at it until then; absent where nobody does
     * @param progress what a predictor told of it since it was sent last, absent where none did
     */
    public record Asking(
            @Nullable UUID requestId,
            int tries,
            @Nullable Instant sentAt,
            @Nullable Instant workingUntil,
            @Nullable RankingProgress progress) {
        /** Nothing was asked. */
        public static final Asking NOTHING = new Asking(null, 0, null, null, null);

        Asking taken(UUID id, Instant until) {
            return new Asking(id, tries, sentAt, until, progress);
        }

        Asking free() {
            return new Asking(requestId, tries, sentAt, null, progress);
        }

        Asking sent(Instant now) {
            return new Asking(requestId, tries + 1, now, null, null);
        }

        Asking dueAtOnce() {
            return new Asking(requestId, tries, null, workingUntil, null);
        }

        Asking heard(RankingProgress told) {
            return new Asking(requestId, tries, sentAt, workingUntil, told);
        }
    }

    /** What is kept of a predictor's answer. */
    public record Ranking(RankingAnswer.Histogram histogram, RankingAnswer.@Nullable Quality quality, double seconds) {}

    /**
     * How the end of a stage went.
     *
     * @param idleSeconds how long slots stood idle before it, summed
     * @param trainedSeconds how long its attempts took, summed
     */
    public record Barrier(double idleSeconds, double trainedSeconds) {
        /**
         * How a stage ends whose trials were worked at like this. Slots stand idle from its last claim on, after which nothing of it waited any more. Only
         * those of trainers count that trained for it and are alive, and what they do for other experiments is no idleness.
         *
         * @param work at trials of the stage, and what else its trainers did since its last claim or longer
         */
        public static Barrier of(Collection<Work> work, Instant ended) {
            List<Work> own = work.stream().filter(Work::own).toList();
            Instant began = own.stream()
                    .map(Work::claimedAt)
                    .max(Comparator.naturalOrder())
                    .orElse(ended);
            Map<String, Integer> crew = own.stream()
                    .filter(each -> each.slots() != null)
                    .collect(Collectors.toMap(
                            Work::worker, each -> Objects.requireNonNull(each.slots()), (slots, _) -> slots));
            // Whole microseconds, as stores keep them: a sum of fractions would depend on the order of the rows.
            long busy = work.stream()
                    .filter(each -> crew.containsKey(each.worker()))
                    .mapToLong(each -> Math.max(0, each.micros(began, ended)))
                    .sum();
            long slots = crew.values().stream().mapToLong(each -> each).sum();
            long trained = own.stream()
                    .mapToLong(each -> each.micros(each.claimedAt(), ended))
                    .sum();
            return new Barrier(Math.max(0, slots * micros(began, ended) - busy) / 1e6, trained / 1e6);
        }

        private static long micros(Instant from, Instant to) {
            return ChronoUnit.MICROS.between(from, to);
        }
    }

    /**
     * An attempt, as far as it matters for who was idle.
     *
     * @param own whether it was at a trial of the stage that ends
     * @param slots of its worker, absent where that is not alive
     * @param endedAt absent while it goes on
     */
    public record Work(
            boolean own,
            String worker,
            @Nullable Integer slots,
            Instant claimedAt,
            @Nullable Instant endedAt) {
        /**
         * An attempt at a trial of the stage that ends.
         *
         * @param slots of its worker, absent where that is not alive
         */
        public static Work of(Attempt attempt, @Nullable Integer slots) {
            Attempt.End end = attempt.end();
            return new Work(
                    /* own= */ true, attempt.ref().worker(), slots, attempt.claimedAt(), end == null ? null : end.at());
        }

        /** How long it went on after one instant and before another; less than none where it did not. */
        private long micros(Instant after, Instant before) {
            return Barrier.micros(
                    claimedAt.isAfter(after) ? claimedAt : after,
                    endedAt != null && endedAt.isBefore(before) ? endedAt : before);
        }
    }

    /** When it was created, had its cells, and ended; absent what has not come. */
    public record Times(
            Instant createdAt,
            @Nullable Instant trainingSince,
            @Nullable Instant finishedAt) {}

    /** One that is to choose its cells. */
    static Stage expanding(int number, Instant now) {
        return begun(number, StageState.EXPANDING, null, new Times(now, null, null));
    }

    /** One that has all there are. */
    static Stage training(int number, long cells, Instant now) {
        return begun(number, StageState.TRAINING, cells, new Times(now, now, null));
    }

    private static Stage begun(int number, StageState state, @Nullable Long candidates, Times times) {
        return new Stage(number, state, candidates, Asking.NOTHING, null, null, null, times, TrialCounts.NONE);
    }

    /** Whether the table allows the event now; where it does not, somebody else was quicker. */
    boolean allows(StageEvent event) {
        return StageTable.TABLE.find(state, event).isPresent();
    }

    /** Whether somebody is to answer this request, or will be asked to. */
    boolean awaits(UUID requestId) {
        return requestId.equals(asking.requestId()) && !state.hasChosen();
    }

    /** Its trials, as people are shown them. */
    public Tally counts() {
        return trials.tally();
    }

    /** Whether its cells are trained and one of them is not over. */
    boolean isOpen() {
        return trials.open() > 0;
    }

    /** The same after these changes of its trials. */
    Stage counting(TrialCounts changes) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, trials.plus(changes));
    }

    Stage with(Asking asking) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, trials);
    }

    Stage with(Ranking ranking) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, trials);
    }

    Stage with(RankingAnswer.Quality quality) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, trials);
    }

    Stage with(Barrier barrier) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, trials);
    }

    Stage withCandidates(long candidates) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, trials);
    }

    /** What an event makes of it; the rest of what the table wants done is the caller's. */
    Stage after(StageEvent event, Instant now) {
        Transition<StageState, StageEvent, StageAction> transition = StageTable.TABLE
                .find(state, event)
                .orElseThrow(() -> new IllegalStateException("stage " + number + " is " + state + ": no " + event));
        StageState next = transition.to();
        return switch (transition.action()) {
            case NOTE_REQUEST -> moved(next, asking.sent(now), barrier, times);
            case CHOOSE_ANEW -> moved(next, Asking.NOTHING, null, new Times(times.createdAt(), null, null));
            case CREATE_REPEATS -> moved(next, asking, barrier, times);
            case CREATE_TRIALS -> moved(next, asking.free(), barrier, new Times(times.createdAt(), now, null));
            case ADVANCE, REST ->
                moved(next, asking.free(), barrier, new Times(times.createdAt(), times.trainingSince(), now));
            case GO_ON -> moved(next, asking.free(), null, new Times(times.createdAt(), times.trainingSince(), null));
        };
    }

    private Stage moved(StageState next, Asking asking, @Nullable Barrier barrier, Times times) {
        return new Stage(number, next, candidates, asking, ranking, quality, barrier, times, trials);
    }
}
