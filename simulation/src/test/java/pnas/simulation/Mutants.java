package pnas.simulation;

import java.util.List;

/** Faults of the protocol, each of which the simulation must catch. */
final class Mutants {
    private static final String LIFE = "orchestrator/src/main/java/pnas/orchestrator/life/";
    private static final String INTAKE = "trainer-service/core/src/main/java/pnas/trainer/intake/";
    private static final String TRIAL_LIFE = LIFE + "TrialLife.java";
    private static final String SLOT_LIFE = INTAKE + "SlotLife.java";
    private static final String OPEN_REQUESTS =
            "predictor-service/src/main/java/pnas/predictor/ranking/OpenRequests.java";

    static final List<Mutant> ALL = List.of(
            // ---- claims
            new Mutant(
                    "an old attempt takes the lease",
                    TRIAL_LIFE,
                    "trial.state().isTerminal()\n                    || ref.number() != trial.tries().attempt()) {",
                    "trial.state().isTerminal()) {"),
            new Mutant(
                    "a claim that comes twice is granted twice",
                    TRIAL_LIFE,
                    "if (attempts.containsKey(Attempt.Key.of(ref))) {",
                    "if (Boolean.FALSE) {"),
            new Mutant(
                    "a refusal is not heard",
                    TRIAL_LIFE,
                    "} else if (refusal != null) {",
                    "} else if (Boolean.FALSE) {"),
            new Mutant(
                    "a pause is ignored at the claim",
                    LIFE + "Owner.java",
                    "if (!dispatching) {",
                    "if (Boolean.FALSE) {"),
            new Mutant(
                    "one training more than the budget",
                    LIFE + "Owner.java",
                    "trainingsLeft != null && trainingsLeft <= 0",
                    "trainingsLeft != null && trainingsLeft < 0"),
            new Mutant(
                    "a budget that is counted at the end",
                    LIFE + "Owner.java",
                    "new Owner(dispatching, reuse, trainingsLeft - attempts, recipe)",
                    "this",
                    485),
            new Mutant(
                    "the holder before goes on",
                    TRIAL_LIFE,
                    "endHolder(former, \"worker \" + ref.worker() + \" claimed the same job later\");",
                    ""),
            new Mutant(
                    "a refused job waits again under the same number",
                    LIFE + "TrialTable.java",
                    ".on(DISPATCHED, REFUSE, QUEUED, QUEUE_NEXT_ATTEMPT)",
                    ".on(DISPATCHED, REFUSE, QUEUED, QUEUE_SAME_ATTEMPT)"),
            // ---- winners
            new Mutant(
                    "a repeat is an observation",
                    LIFE + "Trial.java",
                    "return !setAside && subject.repeat() == 0;",
                    "return !setAside;"),
            new Mutant(
                    "a repeat trains under the first seed",
                    LIFE + "Trial.java",
                    "TrainingSeed.of(specification.seed(), cellId, repeat)",
                    "TrainingSeed.of(specification.seed(), cellId, 0)"),
            new Mutant(
                    "a search is done before its winners are confirmed",
                    LIFE + "ExperimentLife.java",
                    "if (confirm == null) {",
                    "if (Boolean.TRUE) {"),
            new Mutant(
                    "what was confirmed before stays beside the winners",
                    LIFE + "ExperimentLife.java",
                    "order(new TrialOrder.SetAsideRepeat(), Set.of(number));",
                    ""),
            new Mutant(
                    "a stage that is the last no more keeps its winners",
                    LIFE + "ExperimentLife.java",
                    "order(new TrialOrder.SetAsideRepeat(), confirmNoMore);",
                    ""),
            // ---- leases
            new Mutant(
                    "a token is ignored",
                    LIFE + "Trial.java",
                    "return lease != null && lease.token().equals(token);",
                    "return lease != null;"),
            new Mutant(
                    "a lease by another clock",
                    TRIAL_LIFE,
                    "new Lease(ref.worker(), ref.token(), now.plus(terms.duration()))",
                    "new Lease(ref.worker(), ref.token(), trial.queuedAt().plus(terms.duration()))"),
            new Mutant(
                    "a heartbeat extends nothing", TRIAL_LIFE, "trial = trial.heard(now.plus(terms.duration()));", ""),
            new Mutant(
                    "a lease ends though its worker was heard meanwhile",
                    TRIAL_LIFE,
                    "if (lease == null || !lease.until().isBefore(before)) {",
                    "if (lease == null) {"),
            new Mutant(
                    "the reaper is off",
                    TRIAL_LIFE,
                    "if (lease == null || !lease.until().isBefore(before)) {",
                    "if (before != null) {"),
            new Mutant(
                    "nobody is told to stop",
                    TRIAL_LIFE,
                    "if (!trial.isHeldBy(ref.token())) {\n                stop(",
                    "if (Boolean.FALSE) {\n                stop(",
                    132),
            // ---- jobs
            new Mutant(
                    "the note of a dispatch is not compared",
                    TRIAL_LIFE,
                    "trial.allows(TrialEvent.DISPATCH) && trial.tries().attempt() == attempt && twin == null",
                    "trial.allows(TrialEvent.DISPATCH) && twin == null"),
            new Mutant(
                    "the note of a dispatch comes too late",
                    TRIAL_LIFE,
                    "trial.allows(TrialEvent.DISPATCH) && trial.tries().attempt() == attempt && twin == null",
                    "trial.tries().attempt() == attempt && twin == null"),
            new Mutant(
                    "a reaper that ignores offsets",
                    LIFE + "JobQueue.java",
                    "offset == null ? first < end : first <= offset && offset < end;",
                    "offset == null && first < end;"),
            new Mutant(
                    "a lost job is lost for ever",
                    TRIAL_LIFE,
                    "&& !queue.mayHold(sent.offset())) {",
                    "&& queue.end() < 0) {",
                    20),
            // ---- results
            new Mutant(
                    "a result without a grant counts",
                    TRIAL_LIFE,
                    "if (attempt.granted() && trial.allows(event)) {",
                    "if (trial.allows(event)) {"),
            new Mutant(
                    "a lost compare-and-set at the result",
                    TRIAL_LIFE,
                    "if (attempt.granted() && trial.allows(event)) {",
                    "if (attempt.granted()) {",
                    53),
            new Mutant(
                    "an end that comes twice is worked on twice",
                    TRIAL_LIFE,
                    "if (attempt.isSettled()) {",
                    "if (Boolean.FALSE) {"),
            new Mutant(
                    "other attempts go on after the result",
                    TRIAL_LIFE,
                    "endOpenAttempts(\"another attempt has the result\");",
                    "",
                    18),
            new Mutant(
                    "half a batch is as good",
                    TRIAL_LIFE,
                    "/* reusable= */ !attempt.halfBatch() && !replayed",
                    "/* reusable= */ !replayed",
                    44),
            new Mutant(
                    "a failure of an attempt that lost the lease counts",
                    TRIAL_LIFE,
                    "if (trial.isHeldBy(attempt.ref().token())) {\n                setBack",
                    "if (trial.lease() != null) {\n                setBack"),
            new Mutant(
                    "an attempt follows without end",
                    LIFE + "Retries.java",
                    "boolean more = failures + 1 < limit;",
                    "boolean more = true;"),
            new Mutant(
                    "the next attempt has the same number",
                    LIFE + "Trial.java",
                    "case QUEUE_NEXT_ATTEMPT -> new Trial(subject, next, tries.next(), now,",
                    "case QUEUE_NEXT_ATTEMPT -> new Trial(subject, next, tries, now,"),
            // ---- the life of an experiment, as far as trials know of it
            new Mutant("attempts go on after the cancellation", TRIAL_LIFE, "endOpenAttempts(reason);", ""),
            new Mutant(
                    "a trial is reopened silently",
                    TRIAL_LIFE,
                    "tell(new Event.TrialReopened(trial.tries().attempt()));",
                    ""),
            new Mutant(
                    "a result is reused by a trial that trains",
                    TRIAL_LIFE,
                    "if (trial.state() != TrialState.QUEUED) {\n                return;\n            }\n            Result.Source",
                    "Result.Source",
                    250),
            // ---- stages and experiments
            new Mutant("a stage ends one trial early", LIFE + "TrialCounts.java", " + of(TrialKind.RUNNING);", ";", 30),
            new Mutant(
                    "an answer to another request is taken",
                    LIFE + "StageLife.java",
                    "return requestId.equals(stage.asking().requestId());",
                    "return requestId != null;"),
            new Mutant(
                    "a wider beam keeps what it does not choose",
                    LIFE + "ExperimentLife.java",
                    "order(new TrialOrder.SetAside(), Set.of(stage.number()));",
                    ""),
            new Mutant(
                    "an extension reopens no trial",
                    LIFE + "ExperimentLife.java",
                    "order(new TrialOrder.Reopen(), stages.keySet());",
                    ""),
            new Mutant(
                    "a search ends and its trials go on",
                    LIFE + "ExperimentLife.java",
                    "order(new TrialOrder.Cancel(\"the experiment is \" + what), stages.keySet());",
                    "",
                    25),
            new Mutant(
                    "a request is asked for once",
                    LIFE + "RankingTerms.java",
                    "if (!last.plus(patience).isBefore(now)) {",
                    "if (last != null) {"),
            new Mutant(
                    "what was chosen again is not reopened",
                    TRIAL_LIFE,
                    "tell(new Event.TrialChosen());\n            }\n            reopen();",
                    "tell(new Event.TrialChosen());\n            }",
                    100),
            // ---- trainers
            new Mutant(
                    "a job is accepted whose claim may be lost",
                    SLOT_LIFE,
                    "answer(in(new Standing.Free(claiming().freeSince())), Acknowledgement.RELEASE);",
                    "answer(in(new Standing.Free(claiming().freeSince())), Acknowledgement.ACCEPT);",
                    19),
            new Mutant(
                    "a trainer beats once",
                    SLOT_LIFE,
                    "? in(training.beating(false))",
                    "? in(training.beating(true))",
                    38),
            new Mutant(
                    "a trainer does not stop",
                    SLOT_LIFE,
                    "isOf(command.attempt().token()) ? stop(this, StopReason.CANCEL) : aside(this);",
                    "aside(this);",
                    164),
            new Mutant(
                    "a result is told once and no more",
                    SLOT_LIFE,
                    "new Turn(this, List.of(), new Step.Rest(BETWEEN_TRIES, /* untilLeaving= */ false));",
                    "free(now);"),
            // ---- twins
            new Mutant(
                    "a twin is in nobody's way",
                    TRIAL_LIFE,
                    "return twin == null ? owner.refusal().orElse(null) : \"trial \" + twin.id() + \" trains the same\";",
                    "return owner.refusal().orElse(null);"),
            new Mutant(
                    "a twin is sent",
                    TRIAL_LIFE,
                    "trial.allows(TrialEvent.DISPATCH) && trial.tries().attempt() == attempt && twin == null",
                    "trial.allows(TrialEvent.DISPATCH) && trial.tries().attempt() == attempt",
                    200),
            // ---- rankings
            new Mutant(
                    "a predictor gives no sign of life",
                    OPEN_REQUESTS,
                    "case Standing.Ranking(long work) -> tell(entry, false, progress.apply(work), now, effects);",
                    "case Standing.Ranking ranking -> {}",
                    53),
            new Mutant(
                    "a request that waits gives no sign of life",
                    OPEN_REQUESTS,
                    "case Standing.Waiting waiting -> tell(entry, true, Progress.NONE, now, effects);",
                    "case Standing.Waiting waiting -> {}",
                    53),
            new Mutant(
                    "patience does not count from a sign of life",
                    LIFE + "RankingTerms.java",
                    "progress == null || progress.heardAt().isBefore(sentAt) ? sentAt : progress.heardAt();",
                    "sentAt;",
                    53),
            new Mutant(
                    "a ranking that is withdrawn goes on",
                    OPEN_REQUESTS,
                    "effects.add(new Effect.Stop<>(work));",
                    "",
                    60),
            new Mutant(
                    "a withdrawal that got lost is not sent again",
                    LIFE + "ExperimentLife.java",
                    "withdraw(sign.requestId(), \"nobody waits for the answer\");",
                    ""),
            new Mutant(
                    "half a request is never given up",
                    OPEN_REQUESTS,
                    "case Standing.Gathering gathering -> gather(entry, reading, now, effects);",
                    "case Standing.Gathering gathering -> {}"),
            new Mutant(
                    "one ranking more than there are threads",
                    OPEN_REQUESTS,
                    "while (working.size() < terms.threads()) {",
                    "while (working.size() <= terms.threads()) {"),
            new Mutant(
                    "a ranking that failed for the moment fails the search",
                    LIFE + "StageLife.java",
                    "if (!failed.code().kind().isTransient()) {",
                    "if (failed.message() != null) {"));

    private Mutants() {}
}
