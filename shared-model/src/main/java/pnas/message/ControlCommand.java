package pnas.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the orchestrator tells all trainers or all predictors: a record of {@code pnas.control}. Each ignores what is for the others. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TrainerCommand.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = PredictorCommand.Withdrawn.class, name = "withdrawn"),
})
public sealed interface ControlCommand permits TrainerCommand, PredictorCommand {
    int SCHEMA_VERSION = 1;

    /** Version of this record, now 1. */
    int schemaVersion();
}
