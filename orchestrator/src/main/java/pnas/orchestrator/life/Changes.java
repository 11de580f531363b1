package pnas.orchestrator.life;

import java.util.List;
import java.util.Map;

/**
 * What a transaction leaves behind, to be stored in this order.
 *
 * @param turns how far fair queueing has got, by experiment
 * @param trials those that are different now
 * @param begun attempts that are new
 * @param attempts those that were known and are different now
 * @param counts what the counts of trials of stages change by
 * @param usage what experiments have out and have used more than before, by their ids
 * @param epochs to keep; one that is kept already stays as it is
 * @param events to append, in their order
 */
public record Changes(
        Map<String, Double> turns,
        List<Trial> trials,
        List<Attempt> begun,
        List<Attempt> attempts,
        Map<TrialUnit.StageKey, TrialCounts> counts,
        Map<String, Usage> usage,
        List<TrialEffects.Epoch> epochs,
        List<NewEvent> events) {
    public Changes {
        turns = Map.copyOf(turns);
        trials = List.copyOf(trials);
        begun = List.copyOf(begun);
        attempts = List.copyOf(attempts);
        counts = Map.copyOf(counts);
        usage = Map.copyOf(usage);
        epochs = List.copyOf(epochs);
        events = List.copyOf(events);
    }

    /** The same beside which these experiments took their turns. */
    Changes with(Map<String, Double> turns) {
        return new Changes(turns, trials, begun, attempts, counts, usage, epochs, events);
    }
}
