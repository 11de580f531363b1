package pnas.orchestrator.trial;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.message.TrainerCommand;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.broker.Texts;
import pnas.orchestrator.live.LogIds;
import pnas.orchestrator.live.NewEvent;
import pnas.orchestrator.trial.OwningExperiments.Owner;

/**
 * What one transaction does to trials whose experiments it has locked. It works on rows that were read under those locks, so that asking the table for a
 * transition is the compare-and-set; what is to be told afterwards it collects.
 */
final class TrialUnit {
    private static final Logger LOG = Logger.getLogger(TrialUnit.class);

    private final Instant now;
    private final Duration lease;
    private final int limit;
    private final Map<String, Owner> owners;
    private final Map<String, Long> trainingsLeft = new HashMap<>();
    private final Map<String, TrialEntity> trials = new LinkedHashMap<>();
    private final Map<AttemptEntity.Key, AttemptEntity> attempts = new LinkedHashMap<>();

    private final List<NewEvent> events = new ArrayList<>();
    private final List<EpochRow> epochs = new ArrayList<>();
    private final List<TrainerCommand.Stop> stops = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final Set<StageKey> touchedStages = new LinkedHashSet<>();
    private boolean roomToDispatch;

    /** A stage in which a trial became terminal. */
    record StageKey(String experimentId, int stage) {}

    /** An epoch to keep; the names are those of its columns. */
    record EpochRow(
            String trialId, int attempt, int number, double trainingLoss, double validationAccuracy, double seconds) {}

    /**
     * An attempt that ended, for the metrics.
     *
     * @param trainingSeconds how long a training took that counts, absent where it does not count or nothing was trained
     */
    record Ended(
            AttemptOutcome outcome, int stage, @Nullable Double trainingSeconds) {}

    TrialUnit(
            OwningExperiments.Locked locked,
            Duration lease,
            int limit,
            List<TrialEntity> trials,
            List<AttemptEntity> attempts) {
        this.now = locked.now();
        this.owners = locked.owners();
        owners.forEach((id, owner) -> {
            if (owner.trainingsLeft() != null) {
                trainingsLeft.put(id, owner.trainingsLeft());
            }
        });
        this.lease = lease;
        this.limit = limit;
        trials.forEach(trial -> this.trials.put(trial.id, trial));
        attempts.forEach(attempt -> this.attempts.put(attempt.id, attempt));
    }

    Collection<TrialEntity> trials() {
        return trials.values();
    }

    List<NewEvent> events() {
        return events;
    }

    List<EpochRow> epochs() {
        return epochs;
    }

    /** Commands to send after the commit. */
    List<TrainerCommand.Stop> stops() {
        return stops;
    }

    List<Ended> ended() {
        return ended;
    }

    /** How long each claimed trial had waited. */
    List<Duration> waits() {
        return waits;
    }

    Set<StageKey> touchedStages() {
        return touchedStages;
    }

    /** Whether something happened after which more may be dispatched. */
    boolean roomToDispatch() {
        return roomToDispatch;
    }

    /** Does what a trainer's message asks for; nothing where the trial is unknown or the message was worked on before. */
    void handle(TrainingProgress message) {
        TrialEntity trial = trials.get(message.attempt().trialId());
        if (trial == null) {
            LOG.debugf("no trial %s", message.attempt().trialId());
            return;
        }
        switch (message) {
            case TrainingProgress.Claimed claimed -> claim(trial, claimed.attempt());
            case TrainingProgress.Heartbeat heartbeat -> hear(trial, heartbeat);
            case TrainingProgress.EpochFinished epoch -> keepEpoch(trial, epoch);
            case TrainingProgress.Ended end -> end(trial, end);
        }
    }

    /** Ends the lease of a trial whose trainer was not heard; nothing where the lease was extended meanwhile. */
    void expire(TrialEntity trial, Instant before) {
        if (trial.state != TrialState.RUNNING
                || !Objects.requireNonNull(trial.leaseUntil).isBefore(before)) {
            return;
        }
        String cause = "worker " + trial.worker + " was not heard for " + lease.toSeconds() + " s";
        AttemptEntity attempt =
                attempts.get(new AttemptEntity.Key(trial.id, trial.attempt, Objects.requireNonNull(trial.leaseToken)));
        if (attempt != null) {
            attempt.end(AttemptOutcome.EXPIRED, cause, now);
        }
        ended.add(new Ended(AttemptOutcome.EXPIRED, trial.stage, null));
        setBack(trial, new Retries.Setback.Passing(cause));
    }

    /** Takes the result of another experiment's trial; nothing where this one is no longer queued, or its experiment does not go on. */
    void reuse(TrialEntity trial, TrialEntity stored) {
        if (trial.state != TrialState.QUEUED || !owner(trial).dispatching()) {
            return;
        }
        trial.move(stored.state == TrialState.TRAINED ? TrialEvent.TRAIN : TrialEvent.DIVERGE, now);
        trial.cause = stored.cause;
        trial.accuracy = stored.accuracy;
        trial.identity = stored.identity;
        trial.reusedFrom = stored.id;
        over(trial);
        tell(trial, "trial.reused", body("from", stored.id));
    }

    /** Queues a trial whose job is nowhere; nothing where it was claimed meanwhile. */
    void lose(TrialEntity trial, Instant dispatchedBefore) {
        if (trial.allows(TrialEvent.LOSE)
                && Objects.requireNonNull(trial.dispatchedAt).isBefore(dispatchedBefore)) {
            requeue(trial, TrialEvent.LOSE, "its job was lost on the way to the trainers");
        }
    }

    private void claim(TrialEntity trial, AttemptRef ref) {
        AttemptEntity.Key key = AttemptEntity.Key.of(ref);
        if (attempts.containsKey(key)) {
            // This claim was worked on before. Whatever became of it since then stays.
            stopUnlessHeld(trial, ref);
        } else if (trial.state.isTerminal() || ref.number() != trial.attempt) {
            stopUnlessHeld(trial, ref);
        } else if (!owner(trial).dispatching() && trial.allows(TrialEvent.REFUSE)) {
            refuse(trial, ref, "the experiment is paused");
        } else if (trainingsLeft.getOrDefault(trial.experimentId, 1L) <= 0 && trial.allows(TrialEvent.REFUSE)) {
            refuse(trial, ref, "the experiment has no training left in its budget");
        } else {
            grant(trial, ref);
        }
    }

    private void refuse(TrialEntity trial, AttemptRef ref, String reason) {
        AttemptEntity refused = begin(ref, trial.halfBatch);
        refused.charged = false;
        refused.end(AttemptOutcome.CANCELLED, reason, now);
        requeue(trial, TrialEvent.REFUSE, reason);
        stops.add(stop(ref, reason));
    }

    private void grant(TrialEntity trial, AttemptRef ref) {
        if (trial.leaseToken != null) {
            AttemptEntity former = attempts.get(new AttemptEntity.Key(trial.id, trial.attempt, trial.leaseToken));
            if (former != null) {
                former.end(AttemptOutcome.EXPIRED, "worker " + ref.worker() + " claimed the same job later", now);
            }
        } else {
            waits.add(Duration.between(trial.queuedAt, now));
        }
        trial.move(TrialEvent.CLAIM, now);
        trial.worker = ref.worker();
        trial.leaseToken = ref.token();
        trial.leaseUntil = now.plus(lease);
        begin(ref, trial.halfBatch);
        trainingsLeft.computeIfPresent(trial.experimentId, (id, left) -> left - 1);
        tell(trial, "trial.running", Map.of("worker", ref.worker(), "attempt", ref.number()));
        roomToDispatch = true;
    }

    private AttemptEntity begin(AttemptRef ref, boolean halfBatch) {
        AttemptEntity attempt = AttemptEntity.begun(ref, halfBatch, now);
        attempts.put(attempt.id, attempt);
        attempt.persist();
        return attempt;
    }

    private void hear(TrialEntity trial, TrainingProgress.Heartbeat heartbeat) {
        AttemptEntity attempt = attempts.get(AttemptEntity.Key.of(heartbeat.attempt()));
        if (attempt != null) {
            attempt.heardAt = now;
            attempt.step = Math.max(attempt.step, heartbeat.step());
            attempt.epoch = Math.max(attempt.epoch, heartbeat.epoch());
        }
        if (trial.isHeldBy(heartbeat.attempt().token())) {
            trial.leaseUntil = now.plus(lease);
        }
        stopUnlessHeld(trial, heartbeat.attempt());
    }

    private void stopUnlessHeld(TrialEntity trial, AttemptRef ref) {
        if (!trial.isHeldBy(ref.token())) {
            String reason = trial.state.isTerminal()
                    ? "the trial is " + trial.state
                    : "another claim or a later attempt has the lease";
            stops.add(stop(ref, reason));
        }
    }

    private void keepEpoch(TrialEntity trial, TrainingProgress.EpochFinished epoch) {
        AttemptEntity attempt = attempts.get(AttemptEntity.Key.of(epoch.attempt()));
        if (attempt == null || epoch.epoch() > owner(trial).recipe().settings().epochs()) {
            LOG.debugf("no such epoch: %s", epoch);
            return;
        }
        attempt.heardAt = now;
        attempt.epoch = Math.max(attempt.epoch, epoch.epoch());
        epochs.add(new EpochRow(
                trial.id,
                epoch.attempt().number(),
                epoch.epoch(),
                epoch.trainingLoss(),
                epoch.validationAccuracy(),
                epoch.seconds()));
        if (trial.isHeldBy(epoch.attempt().token())) {
            trial.leaseUntil = now.plus(lease);
            tell(
                    trial,
                    "trial.epoch",
                    Map.of(
                            "attempt", epoch.attempt().number(),
                            "epoch", epoch.epoch(),
                            "trainingLoss", epoch.trainingLoss(),
                            "validationAccuracy", epoch.validationAccuracy()));
        }
    }

    private void end(TrialEntity trial, TrainingProgress.Ended end) {
        AttemptRef ref = end.attempt();
        if (ref.number() > trial.attempt) {
            LOG.debugf("trial %s has no attempt %d yet", trial.id, ref.number());
            return;
        }
        AttemptEntity attempt = attempts.get(AttemptEntity.Key.of(ref));
        if (attempt == null) {
            // Its claim was lost. Whether the batch was halved is known of the present attempt only; a result of half
            // the batch must not
            // pass for one of the whole.
            attempt = begin(ref, trial.halfBatch);
        }
        if (attempt.isSettled()) {
            return;
        }
        attempt.seconds = end.seconds();
        attempt.heardAt = now;
        switch (end.outcome()) {
            case Outcome.Trained trained -> {
                attempt.accuracy = trained.accuracy();
                if (accept(trial, attempt, TrialEvent.TRAIN, trained, trained.trainedBy())) {
                    trial.accuracy = trained.accuracy();
                    trial.replayed = trained.replayed();
                    trial.reusable = !attempt.halfBatch && !trained.replayed();
                    tell(trial, "trial.trained", Map.of("accuracy", trained.accuracy(), "attempt", ref.number()));
                }
            }
            case Outcome.Diverged diverged -> {
                if (accept(trial, attempt, TrialEvent.DIVERGE, diverged, diverged.trainedBy())) {
                    trial.cause = "the loss became NaN or infinite in epoch " + diverged.epoch();
                    trial.reusable = !attempt.halfBatch;
                    tell(trial, "trial.diverged", Map.of("cause", trial.cause, "attempt", ref.number()));
                }
            }
            case Outcome.OutOfMemory outOfMemory -> settle(trial, attempt, outOfMemory);
            case Outcome.Crashed crashed -> settle(trial, attempt, crashed);
            case Outcome.Stalled stalled -> settle(trial, attempt, stalled);
            case Outcome.Cancelled cancelled -> settle(trial, attempt, cancelled);
            case Outcome.Released released -> settle(trial, attempt, released);
            case Outcome.Failed failed -> settle(trial, attempt, failed);
        }
    }

    /** Makes the result that of the trial where it has none; false where the result came too late. */
    private boolean accept(
            TrialEntity trial, AttemptEntity attempt, TrialEvent event, Outcome result, Machine machine) {
        AttemptOutcome outcome = AttemptOutcome.of(result);
        if (!trial.allows(event)) {
            boolean second = trial.state == TrialState.TRAINED || trial.state == TrialState.DIVERGED;
            AttemptOutcome late = second ? AttemptOutcome.DUPLICATE : outcome;
            attempt.end(late, "too late: the trial is " + trial.state, now);
            ended.add(new Ended(late, trial.stage, null));
            return false;
        }
        trial.move(event, now);
        trial.cause = null;
        trial.worker = attempt.worker;
        trial.resultAttempt = attempt.id.number();
        trial.trainingSeconds = attempt.seconds;
        trial.identity = new String(
                Messages.encode(
                        owner(trial).recipe().identity(trial.cellId, attempt.halfBatch, machine, trial.trainingSeed)),
                StandardCharsets.UTF_8);
        attempt.end(outcome, null, now);
        ended.add(new Ended(outcome, trial.stage, outcome == AttemptOutcome.REPLAYED ? null : attempt.seconds));
        closeOthers(trial, attempt.id.token());
        over(trial);
        return true;
    }

    private void closeOthers(TrialEntity trial, UUID token) {
        attempts.values().stream()
                .filter(other ->
                        other.id.trialId().equals(trial.id) && !other.id.token().equals(token))
                .filter(other -> other.outcome == null)
                .forEach(other -> other.end(AttemptOutcome.CANCELLED, "another attempt has the result", now));
    }

    private void settle(TrialEntity trial, AttemptEntity attempt, Outcome outcome) {
        AttemptOutcome name = AttemptOutcome.of(outcome);
        Retries.Setback setback = Objects.requireNonNull(Retries.Setback.of(outcome));
        attempt.end(name, message(outcome), now);
        ended.add(new Ended(name, trial.stage, null));
        if (trial.isHeldBy(attempt.id.token())) {
            setBack(trial, setback);
        }
    }

    private static @Nullable String message(Outcome outcome) {
        return switch (outcome) {
            case Outcome.OutOfMemory(String message) -> Texts.excerpt(message);
            case Outcome.Crashed(String message) -> Texts.excerpt(message);
            case Outcome.Stalled(String message) -> Texts.excerpt(message);
            case Outcome.Failed(var code, String message) -> code + ": " + Texts.excerpt(message);
            case Outcome.Trained trained -> null;
            case Outcome.Diverged diverged -> null;
            case Outcome.Cancelled cancelled -> null;
            case Outcome.Released(int epoch) -> epoch == 0 ? null : "a checkpoint of epoch " + epoch + " was written";
        };
    }

    private void setBack(TrialEntity trial, Retries.Setback setback) {
        Retries.Next next = Retries.after(setback, trial.failures, limit, trial.halfBatch);
        trial.halfBatch = next.halfBatch();
        trial.failures += next.counts() ? 1 : 0;
        String cause = next.cause() == null ? null : Texts.excerpt(next.cause());
        if (next.retry()) {
            requeue(trial, TrialEvent.RETRY, cause);
        } else {
            trial.move(TrialEvent.FAIL, now);
            trial.cause = cause;
            over(trial);
            tell(trial, "trial.failed", body("cause", cause));
        }
    }

    private void requeue(TrialEntity trial, TrialEvent event, @Nullable String cause) {
        trial.move(event, now);
        trial.cause = cause;
        roomToDispatch = true;
        Map<String, Object> body = new HashMap<>(body("cause", cause));
        body.put("attempt", trial.attempt);
        tell(trial, "trial.requeued", body);
    }

    private void over(TrialEntity trial) {
        touchedStages.add(new StageKey(trial.experimentId, trial.stage));
        roomToDispatch = true;
    }

    private static Map<String, Object> body(String name, @Nullable Object value) {
        return value == null ? Map.of() : Map.of(name, value);
    }

    private void tell(TrialEntity trial, String type, Map<String, ?> body) {
        events.add(new NewEvent(trial.experimentId, type, trial.id, body));
        Map<String, Object> ids =
                new HashMap<>(Map.of("experiment", trial.experimentId, "trial", trial.id, "attempt", trial.attempt));
        if (trial.worker != null) {
            ids.put("worker", trial.worker);
        }
        try (LogIds _ = LogIds.of(ids)) {
            LOG.infof("%s %s %s", type, trial.id, body);
        }
    }

    private static TrainerCommand.Stop stop(AttemptRef ref, String reason) {
        return new TrainerCommand.Stop(TrainerCommand.SCHEMA_VERSION, ref, reason);
    }

    private Owner owner(TrialEntity trial) {
        return Objects.requireNonNull(owners.get(trial.experimentId), "an experiment that owns trials");
    }
}
