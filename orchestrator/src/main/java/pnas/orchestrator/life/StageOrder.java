package pnas.orchestrator.life;

import java.util.UUID;

/** What is wanted of a stage that chooses its cells. All but the first come from who took it, and count as long as the request is the same. */
public sealed interface StageOrder {
    /**
     * Somebody wants to work at its request.
     *
     * @param requestId of the request, where it has none yet
     */
    record Take(RankingTerms terms, UUID requestId) implements StageOrder {}

    /** Its candidates are computed; they are to be sent. */
    record Expanded(UUID requestId, long candidates) implements StageOrder {}

    /** Its request was sent. */
    record Asked(UUID requestId) implements StageOrder {}

    /** Its request could not be sent. */
    record GiveBack(UUID requestId) implements StageOrder {}

    /** Chance is to choose its cells. */
    record Draw(UUID requestId) implements StageOrder {}
}
