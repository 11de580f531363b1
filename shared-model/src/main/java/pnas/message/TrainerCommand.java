package pnas.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the orchestrator tells all trainers: a record of {@code pnas.control}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = TrainerCommand.Stop.class, name = "stop"))
public sealed interface TrainerCommand {
    int SCHEMA_VERSION = 1;

    /** Version of this record, now 1. */
    int schemaVersion();

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
