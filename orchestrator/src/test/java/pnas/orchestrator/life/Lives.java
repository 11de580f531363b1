package pnas.orchestrator.life;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.message.DataSet;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingSettings;
import pnas.network.Layout;
import pnas.orchestrator.life.Trial.Lease;
import pnas.orchestrator.life.Trial.Result;
import pnas.orchestrator.life.Trial.Standing;

/**
 * Trials for tests, at their second attempt. Deliveries have letters: O is the first attempt, whose lease ended while its trainer froze; A is the second; B is the same
 * job delivered again, of which nothing is known yet.
 */
public final class Lives {
    public static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    public static final LeaseTerms TERMS = new LeaseTerms(Duration.ofSeconds(60), 4);
    public static final Machine MACHINE = new Machine("torch", "1", "a processor");
    public static final TrainingRecipe RECIPE = new TrainingRecipe(
            DataSet.digits(0), new Layout(Layout.Kind.CIFAR, 1, 8), TrainingSettings.DEFAULT, "torch", null);
    static final Owner OWNER = new Owner(true, /* reuse= */ true, null, RECIPE);

    public static final String EXPERIMENT = "aaaaaaaa";
    static final String TRIAL = trialId(1);
    private static final Instant EARLIER = NOW.minusSeconds(30);

    private Lives() {}

    public static String trialId(int cell) {
        return trialId(EXPERIMENT, cell);
    }

    private static String trialId(String experiment, int cell) {
        return experiment + "-%016x".formatted(cell);
    }

    /** What the experiment of these trials may be, which goes on and may train so much more. */
    public static Owner owner(@Nullable Long trainingsLeft) {
        return new Owner(true, /* reuse= */ true, trainingsLeft, RECIPE);
    }

    /** The trial of the same cell in another experiment, which would train the same. */
    public static TrialLife twin(int cell, TrialState state) {
        return of("bbbbbbbb", cell, state, /* halfBatch= */ false, /* failures= */ 1);
    }

    /** The delivery of a letter: O names the first attempt, every other letter the second. */
    public static AttemptRef delivery(char letter) {
        return delivery(TRIAL, letter, letter == 'O' ? 1 : 2);
    }

    public static AttemptRef delivery(String trialId, char letter, int number) {
        return new AttemptRef(trialId, number, "worker " + letter, new UUID(0, letter));
    }

    static char letter(UUID token) {
        return (char) token.getLeastSignificantBits();
    }

    /** A trial in a state, with the attempts that led there. */
    public static TrialLife in(TrialState state) {
        return of(1, state);
    }

    public static TrialLife in(TrialState state, boolean halfBatch, int failures) {
        return of(EXPERIMENT, 1, state, halfBatch, failures);
    }

    /** The same of one of several cells. */
    public static TrialLife of(int cell, TrialState state) {
        return of(EXPERIMENT, cell, state, /* halfBatch= */ false, /* failures= */ 1);
    }

    private static TrialLife of(String experiment, int cell, TrialState state, boolean halfBatch, int failures) {
        String id = trialId(experiment, cell);
        return new TrialLife(
                new Trial(
                        new Trial.Subject(id, experiment, 3, id.substring(9), 0, 7, RECIPE.key(id.substring(9), 7)),
                        standing(state),
                        new Trial.Tries(2, failures, halfBatch),
                        EARLIER,
                        state == TrialState.QUEUED ? null : new Trial.Sent(EARLIER, 100L),
                        state == TrialState.QUEUED || state == TrialState.DISPATCHED ? "worker O" : "worker A",
                        null,
                        false),
                attempts(id, state, halfBatch));
    }

    private static Standing standing(TrialState state) {
        return switch (state) {
            case QUEUED -> new Standing.Queued();
            case DISPATCHED -> new Standing.Dispatched();
            case RUNNING ->
                new Standing.Running(new Lease("worker A", delivery('A').token(), EARLIER.plus(TERMS.duration())));
            case TRAINED -> new Standing.Trained(EARLIER, 0.5, result());
            case DIVERGED -> new Standing.Diverged(EARLIER, result());
            case FAILED -> new Standing.Failed(EARLIER);
            case CANCELLED -> new Standing.Cancelled(EARLIER);
        };
    }

    private static Result result() {
        return new Result(RECIPE.identity(TRIAL.substring(9), false, MACHINE, 7), new Result.Own(2, 20, false, true));
    }

    private static List<Attempt> attempts(String id, TrialState state, boolean halfBatch) {
        Attempt frozen =
                begun(id, 'O', halfBatch).ended(AttemptOutcome.EXPIRED, "worker O was not heard for 60 s", EARLIER);
        Attempt second = begun(id, 'A', halfBatch);
        return switch (state) {
            case QUEUED, DISPATCHED -> List.of(frozen);
            case RUNNING -> List.of(frozen, second);
            case TRAINED -> List.of(frozen, told(second, AttemptOutcome.TRAINED, 0.5));
            case DIVERGED -> List.of(frozen, told(second, AttemptOutcome.DIVERGED, null));
            case FAILED -> List.of(frozen, told(second, AttemptOutcome.CRASHED, null));
            case CANCELLED ->
                List.of(frozen, second.ended(AttemptOutcome.CANCELLED, "the experiment was cancelled", EARLIER));
        };
    }

    private static Attempt begun(String id, char letter, boolean halfBatch) {
        return Attempt.begun(delivery(id, letter, letter == 'O' ? 1 : 2), halfBatch, /* granted= */ true, EARLIER);
    }

    private static Attempt told(Attempt attempt, AttemptOutcome outcome, @Nullable Double accuracy) {
        return attempt.told(20, accuracy, EARLIER).ended(outcome, null, EARLIER);
    }
}
