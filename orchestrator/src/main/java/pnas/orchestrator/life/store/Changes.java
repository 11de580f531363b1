package pnas.orchestrator.life.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.Usage;

/**
 * What a transaction leaves behind, to be stored in this order.
 *
 * @param chosen cells that stages train from now on
 * @param trials those that are different now or new
 * @param begun attempts that are new
 * @param attempts those that were known and are different now
 * @param counts what the counts of trials of stages change by
 * @param usage what experiments have out and have used more than before, by their ids
 * @param epochs to keep; one that is kept already stays as it is
 * @param events to append, in their order
 */
public record Changes(
        Experiments experiments,
        List<Chosen> chosen,
        List<Trial> trials,
        List<Attempt> begun,
        List<Attempt> attempts,
        Map<StageKey, TrialCounts> counts,
        Map<String, Usage> usage,
        List<TrialEffects.Epoch> epochs,
        List<NewEvent> events) {
    /** Nothing at all. */
    public static final Changes NONE = new Changes(
            Experiments.NONE, List.of(), List.of(), List.of(), List.of(), Map.of(), Map.of(), List.of(), List.of());

    public Changes {
        chosen = List.copyOf(chosen);
        trials = List.copyOf(trials);
        begun = List.copyOf(begun);
        attempts = List.copyOf(attempts);
        counts = Map.copyOf(counts);
        usage = Map.copyOf(usage);
        epochs = List.copyOf(epochs);
        events = List.copyOf(events);
    }

    /**
     * What of it concerns experiments and their stages.
     *
     * @param born how those began that are new, by their ids
     * @param heads experiments that are different now or new
     * @param stages those that are different now or new; their counts are not among it
     * @param turns how far fair queueing has got, by experiment
     */
    public record Experiments(
            Map<String, Birth> born, List<Experiment> heads, Map<StageKey, Stage> stages, Map<String, Double> turns) {
        /** Nothing at all. */
        public static final Experiments NONE = new Experiments(Map.of(), List.of(), Map.of(), Map.of());

        public Experiments {
            born = Map.copyOf(born);
            heads = List.copyOf(heads);
            stages = Map.copyOf(stages);
            turns = Map.copyOf(turns);
        }
    }

    /**
     * How an experiment began.
     *
     * @param by the name of the account that began it, absent where nobody was asked
     * @param traceparent the trace context under which it began, absent where it is not traced
     */
    public record Birth(
            Instant at, @Nullable String by, @Nullable String traceparent) {}

    /**
     * A cell that a stage trains.
     *
     * @param born whether there was no trial of it
     */
    public record Chosen(String trialId, NewTrial cell, boolean born) {}

    /** The same with what concerns experiments. */
    Changes with(Experiments experiments) {
        return new Changes(experiments, chosen, trials, begun, attempts, counts, usage, epochs, events);
    }

    /** The same with these events. */
    Changes with(List<NewEvent> events) {
        return new Changes(experiments, chosen, trials, begun, attempts, counts, usage, epochs, events);
    }
}
