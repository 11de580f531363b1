package pnas.predictor.evaluation;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import pnas.statistics.Correlation;

/**
 * How well an order by prediction agrees with that by measurement. A correlation is 0 where all predictions are equal, which order nothing.
 *
 * @param top the fraction of the {@value #TOP} best by prediction that are among the {@value #TOP} best by measurement; of fewer cells, the
 *     better half
 */
record Measures(double spearman, double pearson, double kendall, double top) {
    static final int TOP = 16;

    static Measures of(double[] predicted, double[] measured) {
        int count = predicted.length >= 2 * TOP ? TOP : Math.max(1, predicted.length / 2);
        Set<Integer> common = new HashSet<>(best(predicted, count));
        common.retainAll(best(measured, count));
        return new Measures(
                Correlation.spearman(predicted, measured).orElse(0),
                Correlation.pearson(predicted, measured).orElse(0),
                Correlation.kendall(predicted, measured).orElse(0),
                common.size() / (double) count);
    }

    private static Set<Integer> best(double[] values, int count) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer place) -> values[place])
                        .reversed())
                .limit(count)
                .collect(Collectors.toSet());
    }

    static Measures mean(List<Measures> several) {
        return new Measures(
                mean(several, Measures::spearman),
                mean(several, Measures::pearson),
                mean(several, Measures::kendall),
                mean(several, Measures::top));
    }

    private static double mean(List<Measures> several, ToDoubleFunction<Measures> of) {
        return several.stream().mapToDouble(of).average().orElseThrow();
    }
}
