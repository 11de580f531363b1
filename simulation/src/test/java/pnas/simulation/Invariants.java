package pnas.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.AttemptOutcome;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.Trial.Standing;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.Usage;
import pnas.orchestrator.life.store.Store;

/** What holds of a search whatever goes wrong: some of it after every commit, the rest when all is over. */
final class Invariants {
    /** What each trial's result is, once it has one. */
    private final Map<String, Standing> results = new HashMap<>();

    private static final Duration LEASE = Orchestrator.TERMS.duration();
    /** How long a trainer may not know that it shall stop, whatever goes wrong. */
    private static final Duration PATIENCE = Duration.ofSeconds(400);

    private static final Set<AttemptOutcome> COUNTED = Set.of(
            AttemptOutcome.EXPIRED,
            AttemptOutcome.CRASHED,
            AttemptOutcome.STALLED,
            AttemptOutcome.FAILED,
            AttemptOutcome.OUT_OF_MEMORY);

    private final Map<AttemptRef, Instant> claims = new HashMap<>();
    /** Attempts that counted when they ended: what their trainers say of them afterwards may be another thing. */
    private final Set<AttemptRef> failed = new HashSet<>();

    /** What each experiment was last told to be. */
    private final Map<String, ExperimentState> states = new HashMap<>();

    private final Broker broker;
    private final World world;
    private int events;

    Invariants(World world, Broker broker) {
        this.world = world;
        this.broker = broker;
    }

    /** The columns of stages and experiments say what counting their rows says. */
    private static void countsAreRight(Database database) {
        for (Store.Search search : database.searches()) {
            Usage counted = Usage.NONE;
            Map<Integer, Map<TrialKind, Long>> kinds = new HashMap<>();
            Map<Integer, Long> repeats = new HashMap<>();
            for (Trial trial : database.trials()) {
                if (!trial.subject()
                        .experimentId()
                        .equals(search.life().experiment().id())) {
                    continue;
                }
                kinds.computeIfAbsent(trial.subject().stage(), _ -> new EnumMap<>(TrialKind.class))
                        .merge(trial.kind(), 1L, Long::sum);
                if (trial.subject().repeat() > 0 && !trial.setAside()) {
                    repeats.merge(trial.subject().stage(), 1L, Long::sum);
                }
                counted = counted.plus(used(trial, database.attempts(trial.id())));
            }
            if (!counted.equals(search.usage())) {
                throw World.broken(
                        "%s has used %s, it says %s", search.life().experiment().id(), counted, search.usage());
            }
            for (Stage stage : search.life().stages()) {
                TrialCounts trials = new TrialCounts(
                        kinds.getOrDefault(stage.number(), Map.of()), repeats.getOrDefault(stage.number(), 0L));
                if (!trials.equals(stage.trials())) {
                    throw World.broken(
                            "stage %d of %s has %s, it says %s",
                            stage.number(), search.life().experiment().id(), trials, stage.trials());
                }
            }
        }
    }

    private static Usage used(Trial trial, Collection<Attempt> attempts) {
        Usage used = new Usage(isOut(trial) ? 1 : 0, 0, 0, 0, 0);
        for (Attempt attempt : attempts) {
            long claimed = attempt.claimedAt().toEpochMilli();
            if (attempt.granted()) {
                used = used.plus(
                        attempt.end() == null
                                ? new Usage(0, 1, 1, 0, claimed)
                                : new Usage(0, 0, 1, attempt.end().at().toEpochMilli() - claimed, 0));
            }
        }
        return used;
    }

    private static boolean isOut(Trial trial) {
        return trial.state() == TrialState.DISPATCHED || trial.state() == TrialState.RUNNING;
    }

    // ---- after each commit

    /**
     * What holds of every transaction.
     *
     * @param before the trials that it has changed
     * @param lockedAt what the database's clock said once it had its locks
     */
    void afterCommit(Database database, Map<String, Trial> before, Instant lockedAt) {
        List<NewEvent> all = database.events();
        List<NewEvent> told = all.subList(events, all.size());
        events = all.size();
        for (Trial former : before.values()) {
            Trial now = database.trial(former.id());
            resultStays(now);
            attemptsBelongToTheLease(database, now);
            leaseIsByTheDatabasesClock(former, now, lockedAt);
            leaseIsNotCutShort(database, former, now);
            jobIsAtTheBroker(former, now);
            changeIsTold(former, now, told);
        }
        if (!before.isEmpty()) {
            nothingIsOutTwice(database);
            countsAreRight(database);
        }
        for (Store.Search search : database.searches()) {
            Experiment experiment = search.life().experiment();
            Integer budget = experiment.specification().budget().trainings();
            if (budget != null && database.granted(experiment.id()) > budget) {
                throw World.broken(
                        "%s was granted %d trainings, its budget is %d",
                        experiment.id(), database.granted(experiment.id()), budget);
            }
        }
        for (NewEvent event : told) {
            isAskedAgainForAReason(event);
            // In the transaction that ends the search, another trial may have begun before that.
            if (event.event() instanceof Event.TrialRunning
                    && states.get(event.experimentId()) != ExperimentState.RUNNING) {
                throw World.broken("%s begins to train while its experiment does not go on", event.trialId());
            }
            ExperimentState next = next(states.get(event.experimentId()), event.event());
            if (next != null) {
                states.put(event.experimentId(), next);
            }
        }
    }

    /** Who works at a request tells so, and need not be asked again however long it takes; and it is answered at last. */
    private void isAskedAgainForAReason(NewEvent event) {
        if (event.event() instanceof Event.StageRanking(int _, long _, int tries) && tries - 1 > world.excuses()) {
            throw World.broken(
                    "%s asks for a ranking for the %d. time, and %d faults have struck that ask for it",
                    event.experimentId(), tries, world.excuses());
        }
        if (event.event() instanceof Event.ExperimentFailed(String cause)
                && cause.contains("could not be ranked")
                && !world.coverage.faults().contains(Fault.RANKING_FAILED_FOR_GOOD)) {
            throw World.broken("%s has failed: %s", event.experimentId(), cause);
        }
    }

    private static void leaseIsByTheDatabasesClock(Trial before, Trial now, Instant lockedAt) {
        Trial.Lease lease = now.lease();
        if (lease != null && !lease.equals(before.lease()) && !lease.until().equals(lockedAt.plus(LEASE))) {
            throw World.broken("%s is leased at %s until %s", now.id(), lockedAt, lease.until());
        }
    }

    private static void leaseIsNotCutShort(Database database, Trial before, Trial now) {
        Trial.Lease lease = before.lease();
        if (lease == null || now.lease() != null) {
            return;
        }
        boolean expired = database.attempts(now.id()).stream()
                .anyMatch(attempt -> attempt.ref().token().equals(lease.token())
                        && attempt.end() != null
                        && attempt.told() == null
                        && attempt.end().outcome() == AttemptOutcome.EXPIRED
                        // In the same transaction a newer delivery may have taken the lease before the trial ended.
                        && database.attempts(now.id()).stream()
                                .noneMatch(other ->
                                        other.granted() && other.claimedAt().isAfter(attempt.claimedAt())));
        if (expired && !lease.until().isBefore(database.now())) {
            throw World.broken(
                    "the lease of %s has ended at %s, it lasts until %s", now.id(), database.now(), lease.until());
        }
    }

    private void jobIsAtTheBroker(Trial before, Trial now) {
        if (now.state() == TrialState.DISPATCHED
                && before.state() != TrialState.DISPATCHED
                && !broker.hadJob(now.id(), now.tries().attempt())) {
            throw World.broken(
                    "%s is DISPATCHED, and its attempt %d was never sent",
                    now.id(), now.tries().attempt());
        }
        boolean lost = before.state() == TrialState.DISPATCHED
                && now.state() == TrialState.QUEUED
                && now.tries().attempt() == before.tries().attempt();
        Long offset = before.sent() == null ? null : before.sent().offset();
        if (lost && offset != null && broker.holds(offset, now.id(), now.tries().attempt())) {
            throw World.broken("the job of %s is said to be lost and waits at the broker", now.id());
        }
        if (before.state() == TrialState.RUNNING
                && now.state() == TrialState.QUEUED
                && now.tries().attempt() <= before.tries().attempt()) {
            throw World.broken(
                    "%s waits again as attempt %d", now.id(), now.tries().attempt());
        }
    }

    private static void changeIsTold(Trial before, Trial now, List<NewEvent> told) {
        boolean silent = now.state() == before.state() || now.state() == TrialState.DISPATCHED;
        if (!silent && told.stream().noneMatch(event -> now.id().equals(event.trialId()))) {
            throw World.broken("nobody is told that %s, which was %s, is %s", now.id(), before.state(), now.state());
        }
    }

    private void resultStays(Trial now) {
        Standing former = results.get(now.id());
        boolean result = now.standing() instanceof Standing.Trained || now.standing() instanceof Standing.Diverged;
        if (former != null && !former.equals(now.standing())) {
            throw World.broken("the result of %s was %s and is %s", now.id(), former, now.standing());
        }
        if (result) {
            results.put(now.id(), now.standing());
        }
    }

    private void attemptsBelongToTheLease(Database database, Trial now) {
        Trial.Lease lease = now.lease();
        boolean granted = false;
        boolean counted = false;
        for (Attempt attempt : database.attempts(now.id())) {
            boolean holds = lease != null
                    && attempt.granted()
                    && attempt.ref().token().equals(lease.token())
                    && attempt.ref().number() == now.tries().attempt();
            granted |= holds;
            Instant claimedAt = claims.putIfAbsent(attempt.ref(), attempt.claimedAt());
            if (claimedAt != null && !claimedAt.equals(attempt.claimedAt())) {
                throw World.broken("%s was claimed at %s and at %s", attempt.ref(), claimedAt, attempt.claimedAt());
            }
            if (attempt.end() == null && !holds) {
                throw World.broken("%s goes on and does not hold the lease of %s", attempt.ref(), now);
            }
            if (attempt.end() != null && holds) {
                throw World.broken("%s has ended and holds the lease of %s", attempt.ref(), now);
            }
            if (attempt.end() != null
                    && attempt.told() == null
                    && attempt.heard().at().isAfter(attempt.end().at().plus(PATIENCE))) {
                throw World.broken(
                        "%s still trains, though it shall not since %s",
                        attempt.ref(), attempt.end().at());
            }
            if (attempt.granted()
                    && attempt.end() != null
                    && COUNTED.contains(attempt.end().outcome())) {
                failed.add(attempt.ref());
            }
            counted |= failed.contains(attempt.ref());
        }
        if (lease != null && !granted) {
            throw World.broken("%s is leased to an attempt that was not granted", now.id());
        }
        if (now.tries().failures() > Orchestrator.TERMS.attempts() || (now.state() == TrialState.FAILED && !counted)) {
            throw World.broken(
                    "%s is %s after %d failures",
                    now.id(), now.state(), now.tries().failures());
        }
    }

    private static void nothingIsOutTwice(Database database) {
        Set<String> out = new HashSet<>();
        for (Trial trial : database.trials()) {
            String key = trial.subject().trainingKey();
            if (isOut(trial)
                    && key != null
                    && database.experiment(trial.subject().experimentId())
                            .specification()
                            .execution()
                            .reuse()
                    && !out.add(key)) {
                throw World.broken("two trials with the training key of %s are out at once", trial.id());
            }
        }
    }

    // ---- at the end

    void atTheEnd(Database database, boolean undisturbed) {
        if (!broker.untold().isEmpty()) {
            throw World.broken("nobody was told %s", broker.untold());
        }
        for (Trial trial : database.trials()) {
            if (!trial.state().isTerminal()) {
                throw World.broken("%s is %s at the end", trial.id(), trial.state());
            }
            oneResult(database, trial);
            attemptsBelongToTheLease(database, trial);
            eventsTellItsLife(database, trial);
            hasTheResultOfItsCell(trial);
            if (undisturbed) {
                neededOneAttempt(database, trial);
            }
        }
        for (Store.Search search : database.searches()) {
            Experiment experiment = search.life().experiment();
            eventsTellItsLife(database, experiment);
            search.life().stages().forEach(stage -> cellsAreThoseChosen(database, experiment, stage));
        }
    }

    private static Stream<NewEvent> about(Database database, Experiment experiment) {
        return database.events().stream()
                .filter(event -> event.experimentId().equals(experiment.id()) && event.trialId() == null);
    }

    private static @Nullable ExperimentState next(@Nullable ExperimentState told, Event event) {
        return switch (event) {
            case Event.ExperimentCreated _, Event.ExperimentResumed _, Event.ExperimentExtended _ ->
                ExperimentState.RUNNING;
            case Event.ExperimentRetried _ ->
                told == ExperimentState.PAUSED ? ExperimentState.PAUSED : ExperimentState.RUNNING;
            case Event.ExperimentPaused _ -> ExperimentState.PAUSED;
            case Event.ExperimentStopped _ -> ExperimentState.STOPPED;
            case Event.ExperimentCancelled _ -> ExperimentState.CANCELLED;
            case Event.ExperimentCompleted _ -> ExperimentState.COMPLETED;
            case Event.ExperimentFailed _ -> ExperimentState.FAILED;
            case Event.OfStage _, Event.OfTrial _, Event.Unknown _ -> told;
        };
    }

    /** Every change of an experiment is told once, in its order. */
    private static void eventsTellItsLife(Database database, Experiment experiment) {
        @Nullable ExperimentState told = null;
        for (NewEvent event : about(database, experiment).toList()) {
            Set<ExperimentState> from = switch (event.event()) {
                case Event.ExperimentCreated _ -> Set.of();
                case Event.ExperimentPaused _, Event.ExperimentStopped _ -> Set.of(ExperimentState.RUNNING);
                case Event.ExperimentResumed _ -> Set.of(ExperimentState.PAUSED, ExperimentState.FAILED);
                case Event.ExperimentExtended _ ->
                    Set.of(ExperimentState.COMPLETED, ExperimentState.STOPPED, ExperimentState.FAILED);
                case Event.ExperimentRetried _ ->
                    Set.of(
                            ExperimentState.RUNNING,
                            ExperimentState.PAUSED,
                            ExperimentState.COMPLETED,
                            ExperimentState.FAILED);
                case Event.ExperimentCompleted _,
                        Event.ExperimentFailed _,
                        Event.ExperimentCancelled _,
                        Event.OfStage _,
                        Event.OfTrial _,
                        Event.Unknown _ -> Set.of(ExperimentState.RUNNING, ExperimentState.PAUSED);
            };
            if (told == null ? !from.isEmpty() : !from.contains(told)) {
                throw World.broken("%s is told %s after it was %s", experiment.id(), event.type(), told);
            }
            told = next(told, event.event());
        }
        if (told != experiment.state()) {
            throw World.broken("%s is %s and was last told to be %s", experiment.id(), experiment.state(), told);
        }
    }

    /** A stage trains what it was last told to train, each cell once, and is told to be done once after that. */
    private static void cellsAreThoseChosen(Database database, Experiment experiment, Stage stage) {
        long chosen = 0;
        long confirmed = 0;
        int done = 0;
        for (NewEvent event : about(database, experiment).toList()) {
            switch (event.event()) {
                case Event.StageTraining(int number, int trials)
                when number == stage.number() -> {
                    chosen = trials;
                    done = 0;
                }
                case Event.StageConfirming(int number, int _, int repeats)
                when number == stage.number() -> confirmed = repeats;
                case Event.StageDone(int number, int _) when number == stage.number() -> done++;
                case Event.ExperimentExtended _, Event.ExperimentRetried _, Event.ExperimentResumed _ -> done = 0;
                default -> {}
            }
            if (done > 1) {
                throw World.broken("stage %d of %s is told to be done twice", stage.number(), experiment.id());
            }
        }
        long trials = database.trials().stream()
                .filter(trial -> trial.subject().experimentId().equals(experiment.id())
                        && trial.subject().stage() == stage.number()
                        && trial.isOfSearch())
                .count();
        if (stage.times().trainingSince() != null && trials != chosen) {
            throw World.broken(
                    "stage %d of %s has %d trials, %d cells were chosen",
                    stage.number(), experiment.id(), trials, chosen);
        }
        if (experiment.state() == ExperimentState.COMPLETED) {
            isTrained(database, experiment, stage);
            boolean confirms = experiment.specification().search().confirmsIn(stage.number()) != null;
            if (stage.trials().repeats() != (confirms ? confirmed : 0) || (confirms && confirmed == 0)) {
                throw World.broken(
                        "stage %d of %s has %d repeats that count, %d were to confirm it",
                        stage.number(), experiment.id(), stage.trials().repeats(), confirmed);
            }
        }
    }

    /** Of a search that came to its end nothing is left out: whatever was cancelled before is wanted again, or set aside. */
    private static void isTrained(Database database, Experiment experiment, Stage stage) {
        if (stage.state() != StageState.DONE) {
            throw World.broken("stage %d of %s is %s at the end", stage.number(), experiment.id(), stage.state());
        }
        database.trials().stream()
                .filter(trial -> trial.subject().experimentId().equals(experiment.id())
                        && trial.subject().stage() == stage.number()
                        && trial.state() == TrialState.CANCELLED
                        && !trial.setAside())
                .findFirst()
                .ifPresent(trial -> {
                    throw World.broken("%s was never trained, though its search is COMPLETED", trial.id());
                });
    }

    private static void oneResult(Database database, Trial trial) {
        List<Attempt> accepted = database.attempts(trial.id()).stream()
                .filter(Invariants::isAccepted)
                .toList();
        if (accepted.size() > 1) {
            throw World.broken("%s has the results of %s", trial.id(), accepted);
        }
        Trial.Result result = trial.result();
        if (result == null) {
            return;
        }
        boolean own = result.source() instanceof Trial.Result.Own;
        if (own != (accepted.size() == 1)) {
            throw World.broken("%s has a result of %s and accepted %s", trial.id(), result.source(), accepted);
        }
        if (result.source() instanceof Trial.Result.Reused(String other)) {
            Standing from = database.trial(other).standing();
            if (database.attempts(other).stream().anyMatch(attempt -> attempt.halfBatch() && isAccepted(attempt))) {
                throw World.broken("%s reuses a result of half a batch", trial.id());
            }
            if (trial.standing() instanceof Standing.Trained mine
                    && !(from instanceof Standing.Trained its && its.accuracy() == mine.accuracy())) {
                throw World.broken("%s reuses what %s never had", trial.id(), other);
            }
        }
    }

    private static boolean isAccepted(Attempt attempt) {
        Attempt.End end = attempt.end();
        return attempt.granted()
                && end != null
                && end.message() == null
                && Set.of(AttemptOutcome.TRAINED, AttemptOutcome.REPLAYED, AttemptOutcome.DIVERGED)
                        .contains(end.outcome());
    }

    private static void neededOneAttempt(Database database, Trial trial) {
        if (database.attempts(trial.id()).size() > 1
                && !Cells.crashes(trial.subject().cellId())) {
            throw World.broken("%s needed %s, though nothing went wrong", trial.id(), database.attempts(trial.id()));
        }
    }

    /** Every change of a trial is told once, in its order; only that a job was sent is told nowhere. */
    private static void eventsTellItsLife(Database database, Trial trial) {
        TrialState told = TrialState.QUEUED;
        for (NewEvent event : database.events()) {
            if (!trial.id().equals(event.trialId())) {
                continue;
            }
            TrialState next = switch (event.event()) {
                case Event.TrialRunning _ -> TrialState.RUNNING;
                case Event.TrialRequeued _, Event.TrialReopened _, Event.TrialRetried _ -> TrialState.QUEUED;
                case Event.TrialTrained _ -> TrialState.TRAINED;
                case Event.TrialDiverged _ -> TrialState.DIVERGED;
                case Event.TrialFailed _ -> TrialState.FAILED;
                case Event.TrialCancelled _ -> TrialState.CANCELLED;
                case Event.TrialReused _ -> trial.state();
                // These say nothing of its state.
                case Event.TrialEpoch _,
                        Event.TrialSetAside _,
                        Event.TrialChosen _,
                        Event.OfExperiment _,
                        Event.OfStage _,
                        Event.Unknown _ -> null;
            };
            if (next == null) {
                continue;
            }
            boolean again = next == told && next.isTerminal();
            boolean revived = told.isTerminal() && next != TrialState.QUEUED && next != told;
            if (again || revived) {
                throw World.broken("%s is told %s after it was %s", trial.id(), event.type(), told);
            }
            told = next;
        }
        if (told != trial.state()) {
            throw World.broken("%s is %s and was last told to be %s", trial.id(), trial.state(), told);
        }
    }

    private static void hasTheResultOfItsCell(Trial trial) {
        boolean right = switch (trial.standing()) {
            case Standing.Trained trained -> trained.accuracy() == Cells.accuracyOf(trial.id());
            case Standing.Diverged _ -> Cells.diverges(trial.subject().cellId());
            case Standing.Failed _ -> true; // After four attempts, or for good.
            case Standing.Cancelled _ -> true;
            case Standing.Queued _, Standing.Dispatched _, Standing.Running _ -> false;
        };
        if (!right) {
            throw World.broken("%s is %s, undisturbed it would have its own result", trial.id(), trial.standing());
        }
    }
}
