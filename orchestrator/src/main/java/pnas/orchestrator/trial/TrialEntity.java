package pnas.orchestrator.trial;

import static java.util.Objects.requireNonNull;

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
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.orchestrator.life.ResultIdentity;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.Trial.Lease;
import pnas.orchestrator.life.Trial.Result;
import pnas.orchestrator.life.Trial.Standing;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.timing.TrainingSize;

/** A row of {@code trial}; changed only under the row lock of its experiment. */
@Entity
@Table(name = "trial")
// Hibernate fills the fields of a row that it reads, and of() those of a new one.
@SuppressWarnings("NullAway.Init")
class TrialEntity extends PanacheEntityBase {
    @Id
    String id;

    String experimentId;
    int stage;
    String cellId;
    int repeat;
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

    @Nullable Long jobOffset;

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

    /**
     * The one that trains a cell for the first time.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    static TrialEntity existing(String experimentId, String cellId) {
        return TrialEntity.<TrialEntity>find("experimentId = ?1 and cellId = ?2 and repeat = 0", experimentId, cellId)
                .firstResultOptional()
                .orElseThrow(() -> new PnasException(
                        ErrorCode.NOT_FOUND, "experiment " + experimentId + " has no trial of a cell " + cellId));
    }

    /** One that was not there. */
    static TrialEntity of(Trial trial, Cell cell, TrainingRecipe recipe) {
        Trial.Subject subject = trial.subject();
        TrainingSize size = recipe.size(cell);
        TrialEntity entity = new TrialEntity();
        entity.id = subject.id();
        entity.experimentId = subject.experimentId();
        entity.stage = subject.stage();
        entity.cellId = subject.cellId();
        entity.repeat = subject.repeat();
        entity.cell = cell.text();
        entity.parameters = size.parameters();
        entity.multiplyAdds = size.multiplyAdds();
        entity.layers = size.layers();
        entity.trainingSeed = subject.trainingSeed();
        entity.trainingKey = subject.trainingKey();
        entity.take(trial);
        return entity;
    }

    /** What the core decides over. */
    Trial trial() {
        return new Trial(
                new Trial.Subject(id, experimentId, stage, cellId, repeat, trainingSeed, trainingKey),
                standing(),
                new Trial.Tries(attempt, failures, halfBatch),
                queuedAt,
                dispatchedAt == null ? null : new Trial.Sent(dispatchedAt, jobOffset),
                worker,
                cause,
                setAside);
    }

    private Standing standing() {
        return switch (state) {
            case QUEUED -> new Standing.Queued();
            case DISPATCHED -> new Standing.Dispatched();
            case RUNNING ->
                new Standing.Running(
                        new Lease(requireNonNull(worker), requireNonNull(leaseToken), requireNonNull(leaseUntil)));
            case TRAINED -> new Standing.Trained(requireNonNull(finishedAt), requireNonNull(accuracy), result());
            case DIVERGED -> new Standing.Diverged(requireNonNull(finishedAt), result());
            case FAILED -> new Standing.Failed(requireNonNull(finishedAt));
            case CANCELLED -> new Standing.Cancelled(requireNonNull(finishedAt));
        };
    }

    private Result result() {
        return new Result(
                requireNonNull(resultIdentity()),
                reusedFrom == null
                        ? new Result.Own(
                                requireNonNull(resultAttempt), requireNonNull(trainingSeconds), replayed, reusable)
                        : new Result.Reused(reusedFrom));
    }

    @Nullable ResultIdentity resultIdentity() {
        return identity == null ? null : Messages.decodeText(identity, ResultIdentity.class);
    }

    /** Becomes what the core decided. */
    final void take(Trial trial) {
        state = trial.state();
        attempt = trial.tries().attempt();
        failures = trial.tries().failures();
        halfBatch = trial.tries().halfBatch();
        queuedAt = trial.queuedAt();
        Trial.Sent sent = trial.sent();
        dispatchedAt = sent == null ? null : sent.at();
        jobOffset = sent == null ? null : sent.offset();
        worker = trial.worker();
        cause = trial.cause();
        setAside = trial.setAside();
        Lease lease = trial.lease();
        leaseToken = lease == null ? null : lease.token();
        leaseUntil = lease == null ? null : lease.until();
        switch (trial.standing()) {
            case Standing.Queued _, Standing.Dispatched _, Standing.Running _ -> finishedAt = null;
            case Standing.Trained(Instant at, double measured, Result result) -> {
                finishedAt = at;
                accuracy = measured;
                take(result);
            }
            case Standing.Diverged(Instant at, Result result) -> {
                finishedAt = at;
                take(result);
            }
            case Standing.Failed(Instant at) -> finishedAt = at;
            case Standing.Cancelled(Instant at) -> finishedAt = at;
        }
    }

    private void take(Result result) {
        if (identity != null) {
            // A result that was accepted never changes.
            return;
        }
        identity = Messages.encodeText(result.identity());
        switch (result.source()) {
            case Result.Own own -> {
                resultAttempt = own.attempt();
                trainingSeconds = own.seconds();
                replayed = own.replayed();
                reusable = own.reusable();
            }
            case Result.Reused(String from) -> reusedFrom = from;
        }
    }

    TrialSummary summary() {
        return new TrialSummary(
                id,
                cellId,
                Cell.parse(cell),
                stage,
                repeat,
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
}
