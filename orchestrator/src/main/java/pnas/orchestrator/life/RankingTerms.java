package pnas.orchestrator.life;

import java.time.Duration;
import java.time.Instant;
import pnas.orchestrator.life.ranking.RankingProgress;

/**
 * What holds for every request for a ranking: when it is sent again, and when nobody is expected to answer any more. As long as a predictor tells that it has the
 * request it is neither: it may have to rank others first, and large ones take minutes.
 *
 * @param patience how long nothing may be heard of a request
 * @param repetitions how often a request is sent again; after that the experiment fails
 * @param working how long who has taken a stage has until somebody else may take it
 */
public record RankingTerms(Duration patience, int repetitions, Duration working) {
    public RankingTerms {
        if (!patience.isPositive() || repetitions < 0 || !working.isPositive()) {
            throw new IllegalArgumentException(
                    "a patience of " + patience + ", " + repetitions + " repetitions and " + working + " to work");
        }
    }

    /** What is to be done with a request. */
    enum Verdict {
        WAIT,
        ASK,
        GIVE_UP
    }

    /** What is to be done now with a request that somebody was asked. */
    Verdict verdict(Stage.Asking asking, Instant now) {
        Instant sentAt = asking.sentAt();
        if (sentAt != null) {
            RankingProgress progress = asking.progress();
            Instant last = progress == null || progress.heardAt().isBefore(sentAt) ? sentAt : progress.heardAt();
            if (!last.plus(patience).isBefore(now)) {
                return Verdict.WAIT;
            }
        }
        return asking.tries() > repetitions ? Verdict.GIVE_UP : Verdict.ASK;
    }
}
