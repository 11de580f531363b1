package pnas.orchestrator.trial;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.orchestrator.timing.TrainingSize;

/** A row of {@code trial}; changed only under the row lock of its experiment. */
@Entity
@Table(name = "trial")
// Hibernate fills the fields of a row that it reads, and create() those of a new one.
@SuppressWarnings("NullAway.Init")
class TrialEntity extends PanacheEntityBase {
    @Id
    String id;

    String experimentId;
    int stage;
    String cellId;
    String cell;
    String encoding;
    int rank;

    @Nullable Double predicted;

    long parameters;
    long multiplyAdds;
    int layers;
    double expectedSeconds;
    long trainingSeed;

    @Enumerated(EnumType.STRING)
    TrialState state = TrialState.QUEUED;

    @Nullable String cause;

    int attempt = 1;
    int failures;
    boolean halfBatch;
    Instant queuedAt;

    @Nullable Instant dispatchedAt;

    @Nullable String worker;

    @Nullable UUID leaseToken;

    @Nullable Instant leaseUntil;

    @Nullable Double accuracy;

    @Nullable Integer resultAttempt;

    @Nullable @ColumnTransformer(write = "cast(? as jsonb)", read = "cast(identity as text)")
    String identity;

    boolean replayed;
    boolean reusable;

    @Nullable Double trainingSeconds;

    @Nullable String trainingKey;

    @Nullable String reusedFrom;

    boolean setAside;

    @Nullable Instant finishedAt;

    /** Whether the table allows the event now; where it does not, somebody else was quicker. */
    boolean allows(TrialEvent event) {
        return TrialTable.TABLE.find(state, event).isPresent();
    }

    /** Moves to the next state and does the action of the table, as far as it needs nothing but the time. */
    void move(TrialEvent event, Instant now) {
        var transition = TrialTable.TABLE
                .find(state, event)
                .orElseThrow(() -> new IllegalStateException("trial " + id + " is " + state + ": no " + event));
        state = transition.to();
        switch (transition.action()) {
            case NOTE_DISPATCH -> dispatchedAt = now;
            case GRANT_LEASE -> {}
            case QUEUE_SAME_ATTEMPT -> queue(now);
            case QUEUE_NEXT_ATTEMPT -> {
                attempt++;
                queue(now);
            }
            case END -> {
                endLease();
                finishedAt = now;
            }
        }
    }

    /** Whether this token holds the lease. */
    boolean isHeldBy(UUID token) {
        return token.equals(leaseToken);
    }

    TrialSummary summary() {
        return new TrialSummary(
                id,
                cellId,
                Cell.parse(cell),
                stage,
                rank,
                predicted,
                state,
                TrialKind.of(state, replayed, reusedFrom != null, setAside),
                cause,
                attempt,
                accuracy,
                parameters,
                multiplyAdds,
                worker,
                trainingSeconds,
                replayed,
                reusedFrom,
                setAside,
                queuedAt,
                dispatchedAt,
                finishedAt);
    }

    TrainingSize size(long images) {
        return new TrainingSize(multiplyAdds, images, parameters, layers);
    }

    private void queue(Instant now) {
        endLease();
        queuedAt = now;
        dispatchedAt = null;
        finishedAt = null;
    }

    private void endLease() {
        leaseToken = null;
        leaseUntil = null;
    }
}
