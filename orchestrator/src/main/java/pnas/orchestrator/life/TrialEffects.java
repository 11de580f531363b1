package pnas.orchestrator.life;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainerCommand;

/**
 * What follows from a message or an order, all of it to be stored in the transaction that decided it; what is to be sent is sent after the commit.
 *
 * @param life the trial and its attempts as they are now
 * @param events to append, in this order
 * @param stops to send
 * @param epochs to keep
 * @param ended attempts that ended, for the metrics
 * @param waited how long the trial had waited until it was claimed, absent where it was not
 * @param over whether the trial has ended, so that its stage may have ended too
 * @param roomToDispatch whether more may be dispatched now
 */
public record TrialEffects(
        TrialLife life,
        List<NewEvent> events,
        List<TrainerCommand.Stop> stops,
        List<Epoch> epochs,
        List<Ended> ended,
        @Nullable Duration waited,
        boolean over,
        boolean roomToDispatch) {
    public TrialEffects {
        events = List.copyOf(events);
        stops = List.copyOf(stops);
        epochs = List.copyOf(epochs);
        ended = List.copyOf(ended);
    }

    /** An epoch that was trained; a record of it may come twice. */
    public record Epoch(
            String trialId, int attempt, int number, double trainingLoss, double validationAccuracy, double seconds) {}

    /**
     * An attempt that ended.
     *
     * @param trainingSeconds how long a training took that counts, absent where it does not count or nothing was trained
     */
    public record Ended(
            AttemptOutcome outcome, int stage, @Nullable Double trainingSeconds) {}
}
