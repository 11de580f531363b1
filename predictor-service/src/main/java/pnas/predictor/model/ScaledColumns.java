package pnas.predictor.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import pnas.predictor.encoding.CellFeatures;
import pnas.predictor.encoding.CellFeatures.Group;

/**
 * The features that one term of the kernel sees: the columns of its groups that vary among the learnt cells, standardised, and scaled such that
 * each group has a mean square length of one shared equally among the groups. So a term does not grow with its number of columns.
 */
final class ScaledColumns {
    /** Columns that vary less than this are constant up to rounding. */
    private static final double LEAST_DEVIATION = 1e-9;

    private final int[] columns;
    private final double[] means;
    private final double[] factors;

    private ScaledColumns(int[] columns, double[] means, double[] factors) {
        this.columns = columns;
        this.means = means;
        this.factors = factors;
    }

    /**
     * @param features the features of the learnt cells, one row a cell
     * @param groups the groups of the term
     */
    static ScaledColumns of(double[][] features, Set<Group> groups) {
        List<Integer> kept = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        Map<Group, Integer> columnsOfGroup = new EnumMap<>(Group.class);
        for (int column = 0; column < CellFeatures.COLUMNS; column++) {
            Group group = CellFeatures.groupOf(column);
            double mean = mean(features, column);
            double deviation = deviation(features, column, mean);
            if (groups.contains(group) && deviation > LEAST_DEVIATION) {
                kept.add(column);
                means.add(mean);
                deviations.add(deviation);
                columnsOfGroup.merge(group, 1, Integer::sum);
            }
        }
        double[] factors = new double[kept.size()];
        for (int i = 0; i < factors.length; i++) {
            Group group = CellFeatures.groupOf(kept.get(i));
            double share = columnsOfGroup.getOrDefault(group, 0) * (double) columnsOfGroup.size();
            factors[i] = 1 / (deviations.get(i) * Math.sqrt(share));
        }
        return new ScaledColumns(toInts(kept), toDoubles(means), factors);
    }

    /** The same columns, in which cells lie further apart. */
    ScaledColumns times(double factor) {
        return new ScaledColumns(
                columns,
                means,
                Arrays.stream(factors).map(each -> factor * each).toArray());
    }

    /** How many columns are left. */
    int count() {
        return columns.length;
    }

    /** The scaled columns of a cell with these features. */
    double[] scale(double[] features) {
        double[] scaled = new double[columns.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (features[columns[i]] - means[i]) * factors[i];
        }
        return scaled;
    }

    /** What a difference of features is in scaled columns. */
    double[] scaleDifference(double[] difference) {
        double[] scaled = new double[columns.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = difference[columns[i]] * factors[i];
        }
        return scaled;
    }

    private static double mean(double[][] features, int column) {
        double sum = 0;
        for (double[] row : features) {
            sum += row[column];
        }
        return sum / features.length;
    }

    private static double deviation(double[][] features, int column, double mean) {
        double sum = 0;
        for (double[] row : features) {
            sum += (row[column] - mean) * (row[column] - mean);
        }
        return Math.sqrt(sum / features.length);
    }

    private static int[] toInts(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private static double[] toDoubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
