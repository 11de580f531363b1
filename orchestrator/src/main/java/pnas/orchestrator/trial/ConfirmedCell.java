package pnas.orchestrator.trial;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cell that was trained again under other seeds. Its first measurement is not in the mean: the cell was chosen for it.
 *
 * @param first its first training
 * @param mean of the accuracies under the other seeds
 * @param deviation between them, that of a sample; absent where there is only one
 * @param seeds how many there are
 */
public record ConfirmedCell(
        TrialSummary first, double mean, @Nullable Double deviation, int seeds) {
    private static final Comparator<ConfirmedCell> BEST_FIRST = Comparator.comparingDouble(ConfirmedCell::mean)
            .reversed()
            .thenComparing(confirmed -> confirmed.first().cell().text());

    /**
     * Those of which each repeat has an accuracy, the greatest mean first, ties by the least canonical text.
     *
     * @param trials cells as they were trained for the first time, and their repeats
     */
    static List<ConfirmedCell> of(Collection<TrialSummary> trials) {
        Map<String, List<TrialSummary>> byCell = trials.stream().collect(Collectors.groupingBy(TrialSummary::cellId));
        return byCell.values().stream()
                .flatMap(own -> confirmed(own).stream())
                .sorted(BEST_FIRST)
                .toList();
    }

    private static Optional<ConfirmedCell> confirmed(List<TrialSummary> own) {
        List<Double> accuracies = own.stream()
                .filter(trial -> trial.repeat() > 0)
                .map(trial -> trial.accuracy() == null ? Double.NaN : trial.accuracy())
                .toList();
        double mean = accuracies.stream().mapToDouble(each -> each).average().orElse(Double.NaN);
        return Double.isNaN(mean)
                ? Optional.empty()
                : own.stream()
                        .filter(trial -> trial.repeat() == 0)
                        .findFirst()
                        .map(first -> new ConfirmedCell(first, mean, deviation(accuracies, mean), accuracies.size()));
    }

    private static @Nullable Double deviation(List<Double> accuracies, double mean) {
        return accuracies.size() < 2
                ? null
                : Math.sqrt(accuracies.stream()
                                .mapToDouble(each -> (each - mean) * (each - mean))
                                .sum()
                        / (accuracies.size() - 1));
    }
}
