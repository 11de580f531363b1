package pnas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a predictor says of a {@link RankingRequest}: a record of {@code pnas.rankings}, keyed by experiment id. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RankingAnswer.Ranked.class, name = "ranked"),
    @JsonSubTypes.Type(value = RankingAnswer.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = RankingMessage.SignOfLife.class, name = "sign-of-life"),
})
public sealed interface RankingMessage permits RankingAnswer, RankingMessage.SignOfLife {
    int SCHEMA_VERSION = 1;

    /** Version of this record, now 1. */
    int schemaVersion();

    /** The request that this is about. */
    UUID requestId();

    /** The experiment that asked. */
    String experimentId();

    /**
     * The predictor has the whole request and will answer it. Sent every ten seconds until then, so that nobody asks again meanwhile.
     *
     * @param waits whether other rankings are computed first
     * @param scored how many candidates have a score so far, 0 while the predictor learns
     * @param of how many candidates the request holds
     * @param secondsLeft how long the others will take at the speed so far, absent before the first has a score
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SignOfLife(
            int schemaVersion,
            UUID requestId,
            String experimentId,
            boolean waits,
            int scored,
            int of,
            @Nullable Double secondsLeft)
            implements RankingMessage {
        private static final double MOST_SECONDS = 1e9;

        public SignOfLife {
            Checks.schemaVersion(schemaVersion);
            Checks.atLeast("of", 1, of);
            Checks.between("scored", 0, of, scored);
            if (secondsLeft != null) {
                Checks.between("secondsLeft", 0, MOST_SECONDS, secondsLeft);
            }
        }
    }
}
