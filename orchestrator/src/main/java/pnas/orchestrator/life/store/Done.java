package pnas.orchestrator.life.store;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import pnas.message.PredictorCommand;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.TrialEffects;

/**
 * What a transaction did; what there is to tell of it is told once it is committed.
 *
 * @param stored what was stored, in the order in which it was
 * @param trials what followed for trials from each message and order, in their order
 * @param experiments what followed for experiments, in its order
 * @param withdrawn commands to predictors
 */
public record Done(
        List<Changes> stored,
        List<TrialEffects> trials,
        List<ExperimentEffects> experiments,
        List<PredictorCommand.Withdrawn> withdrawn) {
    /** Nothing at all. */
    public static final Done NOTHING = new Done(List.of(), List.of(), List.of(), List.of());

    public Done {
        stored = List.copyOf(stored);
        trials = List.copyOf(trials);
        experiments = List.copyOf(experiments);
        withdrawn = List.copyOf(withdrawn);
    }

    static Done of(ExperimentEffects effects, TrialUnit unit, List<Changes> stored) {
        return new Done(
                stored,
                unit.effects(),
                List.of(effects),
                effects.steps().stream()
                        .flatMap(step -> step instanceof ExperimentEffects.Withdrew(PredictorCommand.Withdrawn command)
                                ? Stream.of(command)
                                : Stream.of())
                        .toList());
    }

    Done then(Done next) {
        return new Done(
                both(stored, next.stored),
                both(trials, next.trials),
                both(experiments, next.experiments),
                both(withdrawn, next.withdrawn));
    }

    private static <T> List<T> both(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** One kind of what followed for trials, in its order. */
    public <T> List<T> all(Function<TrialEffects, List<T>> kind) {
        return trials.stream().flatMap(each -> kind.apply(each).stream()).toList();
    }

    /** Whether there is something to do for those who wait for it. */
    public boolean wakes(ExperimentEffects.Wake wake) {
        return (wake == ExperimentEffects.Wake.DISPATCH && trials.stream().anyMatch(TrialEffects::roomToDispatch))
                || experiments.stream().anyMatch(each -> each.wakes().contains(wake));
    }
}
