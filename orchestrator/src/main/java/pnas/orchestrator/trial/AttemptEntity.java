package pnas.orchestrator.trial;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress.AttemptRef;

/** A row of {@code attempt}: one delivery of a job that a trainer claimed. */
@Entity
@Table(name = "attempt")
// Hibernate fills the fields of a row that it reads.
@SuppressWarnings("NullAway.Init")
class AttemptEntity extends PanacheEntityBase {
    @EmbeddedId
    Key id;

    String worker;
    boolean halfBatch;
    boolean charged = true;
    Instant claimedAt;
    long step;
    int epoch;
    Instant heardAt;

    @Nullable Instant endedAt;

    @Nullable String outcome;

    @Nullable String message;

    @Nullable Double accuracy;

    @Nullable Double seconds;

    /** What tells deliveries apart. */
    @Embeddable
    record Key(String trialId, int number, UUID token) implements Serializable {
        static Key of(AttemptRef attempt) {
            return new Key(attempt.trialId(), attempt.number(), attempt.token());
        }
    }

    static AttemptEntity begun(AttemptRef attempt, boolean halfBatch, Instant now) {
        AttemptEntity entity = new AttemptEntity();
        entity.id = Key.of(attempt);
        entity.worker = attempt.worker();
        entity.halfBatch = halfBatch;
        entity.claimedAt = now;
        entity.heardAt = now;
        return entity;
    }

    /** Whether the trainer itself said how it ended. */
    boolean isSettled() {
        return seconds != null;
    }

    /** Ends it; a trainer may still tell how it really ended. */
    void end(AttemptOutcome outcome, @Nullable String message, Instant now) {
        this.outcome = outcome.text();
        this.message = message;
        this.endedAt = now;
    }

    TrialDetail.Attempt view() {
        return new TrialDetail.Attempt(
                id.number(),
                worker,
                outcome,
                message,
                halfBatch,
                claimedAt,
                heardAt,
                endedAt,
                step,
                epoch,
                accuracy,
                seconds);
    }
}
