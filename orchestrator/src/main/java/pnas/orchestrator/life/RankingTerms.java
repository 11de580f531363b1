package pnas.orchestrator.life;

import java.time.Duration;

/**
 * What holds for every request for a ranking.
 *
 * @param patience how long an answer is waited for
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
}
