package pnas.orchestrator.web;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.trial.TrialDetail.Epoch;

/**
 * The validation accuracy of a trial after each epoch, as uPlot takes it.
 *
 * @param epoch numbers from 1 to the last that any attempt reached
 * @param attempts the attempts that finished an epoch
 */
record EpochCurve(List<Integer> epoch, List<Attempt> attempts) {
    /**
     * An attempt.
     *
     * @param accuracy after each epoch, null where it did not do that one; it may have gone on from a checkpoint
     */
    record Attempt(int attempt, List<@Nullable Double> accuracy) {}

    static EpochCurve of(List<Epoch> epochs) {
        int last = epochs.stream().mapToInt(Epoch::epoch).max().orElse(0);
        Map<Integer, Map<Integer, Double>> byAttempt = epochs.stream()
                .collect(Collectors.groupingBy(
                        Epoch::attempt,
                        TreeMap::new,
                        Collectors.toMap(Epoch::epoch, Epoch::validationAccuracy, (first, again) -> first)));
        return new EpochCurve(
                IntStream.rangeClosed(1, last).boxed().toList(),
                byAttempt.entrySet().stream()
                        .map(attempt -> new Attempt(
                                attempt.getKey(),
                                // Not toList(): an epoch may be missing.
                                IntStream.rangeClosed(1, last)
                                        .<@Nullable Double>mapToObj(attempt.getValue()::get)
                                        .collect(Collectors.toList())))
                        .toList());
    }
}
