package pnas.orchestrator.life.ranking;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.PredictorCommand;
import pnas.message.RankingMessage;

/**
 * What a predictor told last of a request for a ranking since that was sent last.
 *
 * @param heardAt when it told so
 * @param waits whether it has other rankings to compute first
 * @param scored how many candidates have a score, 0 while it learns
 * @param secondsLeft how long the others will take, absent before the first has a score
 */
public record RankingProgress(
        Instant heardAt,
        boolean waits,
        long scored,
        @Nullable Double secondsLeft) {
    /**
     * What a sign of life tells.
     *
     * @param candidates how many the request held
     * @throws PnasException with {@link ErrorCode#MALFORMED_MESSAGE} where it tells of another number
     */
    public static RankingProgress of(RankingMessage.SignOfLife sign, long candidates, Instant now) {
        if (sign.of() != candidates) {
            throw new PnasException(
                    ErrorCode.MALFORMED_MESSAGE,
                    "the sign of life is not of its request: it tells of " + sign.of()
                            + " candidates, the request held " + candidates);
        }
        return new RankingProgress(now, sign.waits(), sign.scored(), sign.secondsLeft());
    }

    /** What a predictor is told of a request that nobody waits for. */
    public static PredictorCommand.Withdrawn withdrawn(UUID requestId, String experimentId, String reason) {
        return new PredictorCommand.Withdrawn(PredictorCommand.SCHEMA_VERSION, requestId, experimentId, reason);
    }

    /** Whether this tells more than what was told before. */
    public boolean isNews(@Nullable RankingProgress before) {
        return before == null || waits != before.waits || scored != before.scored;
    }
}
