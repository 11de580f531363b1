package pnas.orchestrator.trial;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.AttemptOutcome;

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
    boolean charged;
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

    static AttemptEntity begun(Attempt attempt) {
        AttemptEntity entity = new AttemptEntity();
        entity.id = Key.of(attempt.ref());
        entity.worker = attempt.ref().worker();
        entity.halfBatch = attempt.halfBatch();
        entity.charged = attempt.granted();
        entity.claimedAt = attempt.claimedAt();
        entity.take(attempt);
        return entity;
    }

    /** What the core decides over. */
    Attempt attempt() {
        return new Attempt(
                new AttemptRef(id.trialId(), id.number(), worker, id.token()),
                halfBatch,
                charged,
                claimedAt,
                new Attempt.Heard(heardAt, step, epoch),
                outcome == null
                        ? null
                        : new Attempt.End(AttemptOutcome.of(outcome), message, Objects.requireNonNull(endedAt)),
                seconds == null ? null : new Attempt.Told(seconds, accuracy));
    }

    /** Becomes what the core decided. */
    final void take(Attempt attempt) {
        heardAt = attempt.heard().at();
        step = attempt.heard().step();
        epoch = attempt.heard().epoch();
        Attempt.End end = attempt.end();
        outcome = end == null ? null : end.outcome().text();
        message = end == null ? null : end.message();
        endedAt = end == null ? null : end.at();
        Attempt.Told told = attempt.told();
        seconds = told == null ? null : told.seconds();
        accuracy = told == null ? null : told.accuracy();
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
