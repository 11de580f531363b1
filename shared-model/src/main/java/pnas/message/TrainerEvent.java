package pnas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a trainer tells of itself: a record of {@code pnas.workers}, keyed by worker id. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TrainerEvent.Announced.class, name = "announced"),
    @JsonSubTypes.Type(value = TrainerEvent.Alive.class, name = "alive"),
    @JsonSubTypes.Type(value = TrainerEvent.Leaving.class, name = "leaving"),
})
public sealed interface TrainerEvent {
    int SCHEMA_VERSION = 1;

    /** Version of this record, now 1. */
    int schemaVersion();

    /** Id of the worker, unique among all that live. */
    String worker();

    /**
     * The worker is there. Sent at its start and again every third of the lease, since an orchestrator may have missed the first.
     *
     * @param machine engine with version and kind of device
     * @param slots trainings that it does at once
     * @param host name of the machine it runs on
     * @param obstacle why it takes no jobs now, for a person; absent where it does
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Announced(
            int schemaVersion,
            String worker,
            TrainingProgress.Machine machine,
            int slots,
            String host,
            @Nullable String obstacle)
            implements TrainerEvent {
        public Announced {
            Checks.schemaVersion(schemaVersion);
            Checks.between("slots", 1, 1024, slots);
        }
    }

    /**
     * The worker lives; sent every third of the lease.
     *
     * @param trials the trials that it trains now, empty when idle
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Alive(int schemaVersion, String worker, List<String> trials) implements TrainerEvent {
        public Alive {
            Checks.schemaVersion(schemaVersion);
            trials = List.copyOf(trials);
        }
    }

    /** The worker takes no more jobs and ends. */
    record Leaving(int schemaVersion, String worker) implements TrainerEvent {
        public Leaving {
            Checks.schemaVersion(schemaVersion);
        }
    }
}
