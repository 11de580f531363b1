package pnas.orchestrator.trial;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A row of {@code epoch}; written by a native statement, since a record of it may come twice. */
@Entity
@Table(name = "epoch")
// Hibernate fills the fields of a row that it reads.
@SuppressWarnings("NullAway.Init")
class EpochEntity extends PanacheEntityBase {
    @EmbeddedId
    Key id;

    double trainingLoss;
    double validationAccuracy;
    double seconds;

    @Embeddable
    record Key(String trialId, int attempt, int number) implements Serializable {}

    TrialDetail.Epoch view() {
        return new TrialDetail.Epoch(id.attempt(), id.number(), trainingLoss, validationAccuracy, seconds);
    }
}
