package pnas.orchestrator.life;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.message.RankingAnswer;
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
 * @param counts its trials, counted by what became of them
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
        Tally counts) {
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
    public record Barrier(double idleSeconds, double trainedSeconds) {}

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
        return new Stage(number, state, candidates, Asking.NOTHING, null, null, null, times, Tally.NONE);
    }

    /** Whether the table allows the event now; where it does not, somebody else was quicker. */
    boolean allows(StageEvent event) {
        return StageTable.TABLE.find(state, event).isPresent();
    }

    /** Whether somebody is to answer this request, or will be asked to. */
    boolean awaits(UUID requestId) {
        return requestId.equals(asking.requestId()) && !state.hasChosen();
    }

    /** Whether its cells are trained and one of them is not over. */
    boolean isOpen() {
        return counts.running() + counts.queued() > 0;
    }

    Stage with(Asking asking) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, counts);
    }

    Stage with(Ranking ranking) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, counts);
    }

    Stage with(RankingAnswer.Quality quality) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, counts);
    }

    Stage with(Barrier barrier) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, counts);
    }

    Stage withCandidates(long candidates) {
        return new Stage(number, state, candidates, asking, ranking, quality, barrier, times, counts);
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
            case CREATE_TRIALS -> moved(next, asking.free(), barrier, new Times(times.createdAt(), now, null));
            case ADVANCE, REST ->
                moved(next, asking.free(), barrier, new Times(times.createdAt(), times.trainingSince(), now));
            case GO_ON -> moved(next, asking.free(), null, new Times(times.createdAt(), times.trainingSince(), null));
        };
    }

    private Stage moved(StageState next, Asking asking, @Nullable Barrier barrier, Times times) {
        return new Stage(number, next, candidates, asking, ranking, quality, barrier, times, counts);
    }
}
