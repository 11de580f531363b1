package pnas.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the orchestrator tells all trainers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = TrainerCommand.Stop.class, name = "stop"))
public sealed interface TrainerCommand extends ControlCommand {
    /**
     * Stop this attempt: it does not hold the lease, or its trial is over.
     *
     * @param attempt the attempt as its trainer named it; a trainer that holds another token ignores the command
     * @param reason for a person
     */
    record Stop(int schemaVersion, TrainingProgress.AttemptRef attempt, String reason) implements TrainerCommand {
        public Stop {
            Checks.schemaVersion(schemaVersion);
        }
    }
}
