package pnas.orchestrator.life;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainerCommand;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.life.Trial.Lease;
import pnas.orchestrator.life.Trial.Result;
import pnas.orchestrator.life.Trial.Standing;

/**
 * A trial with its attempts, and everything that can happen to it: a trainer's message is heard, an order is obeyed. Both are functions of nothing but what they
 * are given, and change nothing: what follows they return. A message that comes twice, too late or out of its time changes what it still may and no more.
 *
 * @param attempts in the order in which they are known; of a trial that is not about to hear a message, those that matter for its order
 * @param twin a trial of another experiment that trains the same now; absent where there is none, and where its own experiment reuses no results
 */
public record TrialLife(
        Trial trial, List<Attempt> attempts, @Nullable Trial twin) {
    public TrialLife {
        attempts = List.copyOf(attempts);
    }

    /** One that no other trial's training is in the way of. */
    public TrialLife(Trial trial, List<Attempt> attempts) {
        this(trial, attempts, null);
    }

    /** What follows from a trainer's message about an attempt at this trial. */
    public TrialEffects hear(TrainingProgress message, Owner owner, LeaseTerms terms, Instant now) {
        if (!message.attempt().trialId().equals(trial.id())) {
            throw new IllegalArgumentException("trial " + trial.id() + " hears of " + message.attempt());
        }
        Turn turn = new Turn(this, terms, now);
        switch (message) {
            case TrainingProgress.Claimed claimed -> turn.claim(claimed.attempt(), owner);
            case TrainingProgress.Heartbeat heartbeat -> turn.beat(heartbeat);
            case TrainingProgress.EpochFinished epoch -> turn.keep(epoch, owner);
            case TrainingProgress.Ended end -> turn.end(end, owner);
        }
        return turn.effects();
    }

    /** What follows from an order. */
    public TrialEffects obey(TrialOrder order, LeaseTerms terms, Instant now) {
        Turn turn = new Turn(this, terms, now);
        switch (order) {
            case TrialOrder.Dispatch(int attempt, long offset) -> turn.dispatch(attempt, offset);
            case TrialOrder.Lose(Instant sentBefore, JobQueue queue) -> turn.lose(sentBefore, queue);
            case TrialOrder.Expire(Instant before) -> turn.expire(before);
            case TrialOrder.Reuse(Trial other) -> turn.reuse(other);
            case TrialOrder.Cancel(String reason) -> turn.cancel(reason);
            case TrialOrder.Reopen() -> turn.reopen();
            case TrialOrder.TryAgain() -> turn.tryAgain();
            case TrialOrder.SetAside() -> turn.setAside();
            case TrialOrder.SetAsideRepeat() -> turn.setAsideRepeat();
            case TrialOrder.Choose() -> turn.choose();
        }
        return turn.effects();
    }

    /** One message or order at work: the life as it becomes, and what is to be told of it. */
    private static final class Turn {
        private final LeaseTerms terms;
        private final Instant now;
        private final @Nullable Trial twin;
        private final Map<Attempt.Key, Attempt> attempts = new LinkedHashMap<>();
        private Trial trial;

        private final List<NewEvent> events = new ArrayList<>();
        private final List<TrainerCommand.Stop> stops = new ArrayList<>();
        private final List<TrialEffects.Epoch> epochs = new ArrayList<>();
        private final List<TrialEffects.Ended> ended = new ArrayList<>();
        private @Nullable Duration waited;
        private boolean over;
        private boolean roomToDispatch;

        Turn(TrialLife life, LeaseTerms terms, Instant now) {
            this.terms = terms;
            this.now = now;
            this.twin = life.twin();
            this.trial = life.trial();
            life.attempts().forEach(this::note);
        }

        TrialEffects effects() {
            TrialLife life = new TrialLife(trial, List.copyOf(attempts.values()), twin);
            return new TrialEffects(life, events, stops, epochs, ended, waited, over, roomToDispatch);
        }

        // ---- what trainers say

        void claim(AttemptRef ref, Owner owner) {
            String refusal = refusal(owner);
            if (attempts.containsKey(Attempt.Key.of(ref))) {
                // This claim was worked on before. Whatever became of it since then stays.
                stopUnlessHeld(ref);
            } else if (trial.state().isTerminal()
                    || ref.number() != trial.tries().attempt()) {
                stopUnlessHeld(ref);
            } else if (refusal != null) {
                refuse(ref, refusal);
            } else {
                grant(ref);
            }
        }

        private @Nullable String refusal(Owner owner) {
            return twin == null ? owner.refusal().orElse(null) : "trial " + twin.id() + " trains the same";
        }

        private void refuse(AttemptRef ref, String reason) {
            note(Attempt.begun(ref, trial.tries().halfBatch(), /* granted= */ false, now)
                    .ended(AttemptOutcome.CANCELLED, reason, now));
            if (trial.lease() == null) {
                queueAgain(TrialEvent.REFUSE, reason);
            } else {
                // A job that was delivered twice: its first holder goes on with what it was granted.
                trial = trial.after(TrialEvent.REFUSE, trial.standing(), trial.worker(), trial.cause(), now);
            }
            stop(ref, reason);
        }

        private void grant(AttemptRef ref) {
            Lease former = trial.lease();
            if (former == null) {
                waited = Duration.between(trial.queuedAt(), now);
            } else {
                endHolder(former, "worker " + ref.worker() + " claimed the same job later");
            }
            Lease lease = new Lease(ref.worker(), ref.token(), now.plus(terms.duration()));
            trial = trial.after(TrialEvent.CLAIM, new Standing.Running(lease), ref.worker(), trial.cause(), now);
            note(Attempt.begun(ref, trial.tries().halfBatch(), /* granted= */ true, now));
            tell(new Event.TrialRunning(ref.worker(), ref.number()));
            roomToDispatch = true;
        }

        void beat(TrainingProgress.Heartbeat heartbeat) {
            AttemptRef ref = heartbeat.attempt();
            Attempt attempt = attempts.get(Attempt.Key.of(ref));
            if (attempt != null) {
                note(attempt.heard(now, heartbeat.step(), heartbeat.epoch()));
            }
            extendIfHeld(ref);
            stopUnlessHeld(ref);
        }

        void keep(TrainingProgress.EpochFinished epoch, Owner owner) {
            AttemptRef ref = epoch.attempt();
            Attempt attempt = attempts.get(Attempt.Key.of(ref));
            if (attempt == null || epoch.epoch() > owner.recipe().settings().epochs()) {
                return;
            }
            boolean known = epoch.epoch() <= attempt.heard().epoch();
            note(attempt.heard(now, attempt.heard().step(), epoch.epoch()));
            epochs.add(new TrialEffects.Epoch(
                    trial.id(),
                    ref.number(),
                    epoch.epoch(),
                    epoch.trainingLoss(),
                    epoch.validationAccuracy(),
                    epoch.seconds()));
            if (extendIfHeld(ref) && !known) {
                tell(new Event.TrialEpoch(
                        ref.number(), epoch.epoch(), epoch.trainingLoss(), epoch.validationAccuracy()));
            }
        }

        void end(TrainingProgress.Ended end, Owner owner) {
            AttemptRef ref = end.attempt();
            if (ref.number() > trial.tries().attempt()) {
                return;
            }
            Attempt attempt = attempts.get(Attempt.Key.of(ref));
            if (attempt == null) {
                // Nothing is known of a claim: whatever this trainer did, nobody let it.
                attempt = Attempt.begun(ref, trial.tries().halfBatch(), /* granted= */ false, now);
            }
            if (attempt.isSettled()) {
                return;
            }
            switch (end.outcome()) {
                case Outcome.Trained trained ->
                    trained(attempt.told(end.seconds(), trained.accuracy(), now), trained, end.seconds(), owner);
                case Outcome.Diverged diverged ->
                    diverged(attempt.told(end.seconds(), null, now), diverged, end.seconds(), owner);
                case Outcome.OutOfMemory outcome -> settle(attempt.told(end.seconds(), null, now), outcome);
                case Outcome.Crashed outcome -> settle(attempt.told(end.seconds(), null, now), outcome);
                case Outcome.Stalled outcome -> settle(attempt.told(end.seconds(), null, now), outcome);
                case Outcome.Cancelled outcome -> settle(attempt.told(end.seconds(), null, now), outcome);
                case Outcome.Released outcome -> settle(attempt.told(end.seconds(), null, now), outcome);
                case Outcome.Failed outcome -> settle(attempt.told(end.seconds(), null, now), outcome);
            }
        }

        private void trained(Attempt attempt, Outcome.Trained outcome, double seconds, Owner owner) {
            AttemptOutcome name = AttemptOutcome.of(outcome);
            if (isKeptAside(attempt, TrialEvent.TRAIN, name)) {
                return;
            }
            Result result = result(attempt, outcome.trainedBy(), seconds, outcome.replayed(), owner);
            accept(
                    attempt.ended(name, null, now),
                    TrialEvent.TRAIN,
                    new Standing.Trained(now, outcome.accuracy(), result),
                    null);
            ended.add(new TrialEffects.Ended(name, trial.subject().stage(), outcome.replayed() ? null : seconds));
            tell(new Event.TrialTrained(outcome.accuracy(), attempt.ref().number()));
        }

        private void diverged(Attempt attempt, Outcome.Diverged outcome, double seconds, Owner owner) {
            if (isKeptAside(attempt, TrialEvent.DIVERGE, AttemptOutcome.DIVERGED)) {
                return;
            }
            String cause = "the loss became NaN or infinite in epoch " + outcome.epoch();
            Result result = result(attempt, outcome.trainedBy(), seconds, /* replayed= */ false, owner);
            accept(
                    attempt.ended(AttemptOutcome.DIVERGED, null, now),
                    TrialEvent.DIVERGE,
                    new Standing.Diverged(now, result),
                    cause);
            ended.add(new TrialEffects.Ended(
                    AttemptOutcome.DIVERGED, trial.subject().stage(), seconds));
            tell(new Event.TrialDiverged(cause, attempt.ref().number()));
        }

        /** Keeps a result that does not count beside its attempt, and nowhere else. */
        private boolean isKeptAside(Attempt attempt, TrialEvent event, AttemptOutcome outcome) {
            if (attempt.granted() && trial.allows(event)) {
                return false;
            }
            boolean second = trial.state() == TrialState.TRAINED || trial.state() == TrialState.DIVERGED;
            AttemptOutcome kept = second ? AttemptOutcome.DUPLICATE : outcome;
            note(attempt.ended(
                    kept,
                    trial.allows(event)
                            ? "does not count: no such attempt was granted"
                            : "too late: the trial is " + trial.state(),
                    now));
            ended.add(new TrialEffects.Ended(kept, trial.subject().stage(), null));
            return true;
        }

        private Result result(Attempt attempt, Machine machine, double seconds, boolean replayed, Owner owner) {
            Trial.Subject subject = trial.subject();
            return new Result(
                    owner.recipe().identity(subject.cellId(), attempt.halfBatch(), machine, subject.trainingSeed()),
                    new Result.Own(
                            attempt.ref().number(),
                            seconds,
                            replayed,
                            /* reusable= */ !attempt.halfBatch() && !replayed));
        }

        private void accept(Attempt attempt, TrialEvent event, Standing result, @Nullable String cause) {
            trial = trial.after(event, result, attempt.ref().worker(), cause, now);
            note(attempt);
            endOpenAttempts("another attempt has the result");
            over();
        }

        private void settle(Attempt attempt, Outcome outcome) {
            AttemptOutcome name = AttemptOutcome.of(outcome);
            note(attempt.ended(name, message(outcome), now));
            ended.add(new TrialEffects.Ended(name, trial.subject().stage(), null));
            if (trial.isHeldBy(attempt.ref().token())) {
                setBack(Objects.requireNonNull(Retries.Setback.of(outcome)));
            }
        }

        private static @Nullable String message(Outcome outcome) {
            return switch (outcome) {
                case Outcome.OutOfMemory(String message) -> KeptText.of(message);
                case Outcome.Crashed(String message) -> KeptText.of(message);
                case Outcome.Stalled(String message) -> KeptText.of(message);
                case Outcome.Failed(var code, String message) -> code + ": " + KeptText.of(message);
                case Outcome.Trained trained -> null;
                case Outcome.Diverged diverged -> null;
                case Outcome.Cancelled cancelled -> null;
                case Outcome.Released(int epoch) ->
                    epoch == 0 ? null : "a checkpoint of epoch " + epoch + " was written";
            };
        }

        // ---- what is ordered

        void dispatch(int attempt, long offset) {
            if (trial.allows(TrialEvent.DISPATCH) && trial.tries().attempt() == attempt && twin == null) {
                trial = trial.with(new Trial.Sent(now, offset))
                        .after(TrialEvent.DISPATCH, new Standing.Dispatched(), trial.worker(), trial.cause(), now);
            }
        }

        void lose(Instant sentBefore, JobQueue queue) {
            Trial.Sent sent = trial.sent();
            if (trial.allows(TrialEvent.LOSE)
                    && sent != null
                    && sent.at().isBefore(sentBefore)
                    && !queue.mayHold(sent.offset())) {
                queueAgain(TrialEvent.LOSE, "its job was lost on the way to the trainers");
            }
        }

        void expire(Instant before) {
            Lease lease = trial.lease();
            if (lease == null || !lease.until().isBefore(before)) {
                return;
            }
            String cause = "worker " + lease.worker() + " was not heard for "
                    + terms.duration().toSeconds() + " s";
            endHolder(lease, cause);
            ended.add(new TrialEffects.Ended(
                    AttemptOutcome.EXPIRED, trial.subject().stage(), null));
            setBack(new Retries.Setback.Passing(cause));
        }

        void reuse(Trial other) {
            if (trial.state() != TrialState.QUEUED) {
                return;
            }
            Result.Source source = new Result.Reused(other.id());
            trial = switch (other.standing()) {
                case Standing.Trained(Instant _, double accuracy, Result result) ->
                    trial.after(
                            TrialEvent.TRAIN,
                            new Standing.Trained(now, accuracy, new Result(result.identity(), source)),
                            trial.worker(),
                            other.cause(),
                            now);
                case Standing.Diverged(Instant _, Result result) ->
                    trial.after(
                            TrialEvent.DIVERGE,
                            new Standing.Diverged(now, new Result(result.identity(), source)),
                            trial.worker(),
                            other.cause(),
                            now);
                case Standing.Queued _,
                        Standing.Dispatched _,
                        Standing.Running _,
                        Standing.Failed _,
                        Standing.Cancelled _ ->
                    throw new IllegalArgumentException(
                            "trial " + other.id() + " is " + other.state() + " and has no result to reuse");
            };
            over();
            tell(new Event.TrialReused(other.id()));
        }

        void cancel(String reason) {
            if (trial.allows(TrialEvent.CANCEL)) {
                trial = trial.after(TrialEvent.CANCEL, new Standing.Cancelled(now), trial.worker(), trial.cause(), now);
                endOpenAttempts(reason);
                tell(new Event.TrialCancelled());
            }
        }

        void reopen() {
            if (trial.allows(TrialEvent.REOPEN) && !trial.setAside()) {
                trial = trial.after(TrialEvent.REOPEN, new Standing.Queued(), trial.worker(), trial.cause(), now);
                roomToDispatch = true;
                tell(new Event.TrialReopened(trial.tries().attempt()));
            }
        }

        void tryAgain() {
            if (trial.allows(TrialEvent.TRY_AGAIN) && !trial.setAside()) {
                trial = trial.with(new Trial.Tries(trial.tries().attempt(), 0, /* halfBatch= */ false))
                        .after(TrialEvent.TRY_AGAIN, new Standing.Queued(), trial.worker(), null, now);
                roomToDispatch = true;
                tell(new Event.TrialRetried(trial.tries().attempt()));
            }
        }

        void setAside() {
            if (!trial.setAside()) {
                trial = trial.setAside(true);
                tell(new Event.TrialSetAside());
            }
        }

        void setAsideRepeat() {
            if (trial.subject().repeat() > 0) {
                setAside();
            }
        }

        void choose() {
            if (trial.setAside()) {
                trial = trial.setAside(false);
                tell(new Event.TrialChosen());
            }
            reopen();
        }

        // ---- what several of them do

        private void setBack(Retries.Setback setback) {
            Trial.Tries tries = trial.tries();
            Retries.Next next = Retries.after(setback, tries.failures(), terms.attempts(), tries.halfBatch());
            trial = trial.with(
                    new Trial.Tries(tries.attempt(), tries.failures() + (next.counts() ? 1 : 0), next.halfBatch()));
            String cause = next.cause() == null ? null : KeptText.of(next.cause());
            if (next.retry()) {
                queueAgain(TrialEvent.RETRY, cause);
            } else {
                trial = trial.after(TrialEvent.FAIL, new Standing.Failed(now), trial.worker(), cause, now);
                over();
                tell(new Event.TrialFailed(cause));
            }
        }

        private void queueAgain(TrialEvent event, @Nullable String cause) {
            trial = trial.after(event, new Standing.Queued(), trial.worker(), cause, now);
            roomToDispatch = true;
            tell(new Event.TrialRequeued(trial.tries().attempt(), cause));
        }

        private boolean extendIfHeld(AttemptRef ref) {
            boolean held = trial.isHeldBy(ref.token());
            if (held) {
                trial = trial.heard(now.plus(terms.duration()));
            }
            return held;
        }

        private void stopUnlessHeld(AttemptRef ref) {
            if (!trial.isHeldBy(ref.token())) {
                stop(
                        ref,
                        trial.state().isTerminal()
                                ? "the trial is " + trial.state()
                                : "another claim or a later attempt has the lease");
            }
        }

        private void stop(AttemptRef ref, String reason) {
            stops.add(new TrainerCommand.Stop(TrainerCommand.SCHEMA_VERSION, ref, reason));
        }

        private void endHolder(Lease lease, String message) {
            Attempt holder = attempts.get(new Attempt.Key(trial.tries().attempt(), lease.token()));
            if (holder != null) {
                note(holder.ended(AttemptOutcome.EXPIRED, message, now));
            }
        }

        private void endOpenAttempts(String message) {
            List.copyOf(attempts.values()).stream()
                    .filter(attempt -> attempt.end() == null)
                    .forEach(attempt -> note(attempt.ended(AttemptOutcome.CANCELLED, message, now)));
        }

        private void over() {
            over = true;
            roomToDispatch = true;
        }

        private void note(Attempt attempt) {
            attempts.put(attempt.key(), attempt);
        }

        private void tell(Event.OfTrial event) {
            events.add(new NewEvent(trial.subject().experimentId(), trial.id(), event));
        }
    }
}
