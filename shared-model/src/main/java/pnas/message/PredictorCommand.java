package pnas.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.UUID;

/** What the orchestrator tells all predictors. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = PredictorCommand.Withdrawn.class, name = "withdrawn"))
public sealed interface PredictorCommand extends ControlCommand {
    /**
     * Nobody wants this ranking any more: its request was answered, or its experiment is over or chooses its cells anew. A predictor that has no such
     * request ignores the command; it is sent again at each of the request's signs of life.
     *
     * @param reason for a person
     */
    record Withdrawn(int schemaVersion, UUID requestId, String experimentId, String reason)
            implements PredictorCommand {
        public Withdrawn {
            Checks.schemaVersion(schemaVersion);
        }
    }
}
