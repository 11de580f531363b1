package pnas.orchestrator.timing;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import pnas.engine.Engine;

/**
 * Predicts how long trainings of one engine take, from those that were measured:
 *
 * <pre>{@code
 * ln t = ln W + a[place] + b1 (ln W - mean) + b2 (ln P - mean) + b3 (ln L - mean) + e
 * }</pre>
 *
 * with t the seconds, W the multiply-adds of all images of all epochs, P the parameters, L the layers, and means over what was measured. It is
 * a ridge regression: the slopes b tend to 0, where time is proportional to multiply-adds, and a place's offset a to that of the engine's usual
 * speed, so that with nothing measured the prediction follows from multiply-adds alone. The penalties are those of a prior under which slopes
 * vary as much as the noise e does and offsets five times as much. The variance of e is estimated from the residuals, as if four with a deviation of
 * 0.3 had been seen before. Expected seconds are those of the log-normal distribution, {@code exp(ln t + var(e) / 2)}.
 *
 * <p>The same measurements in the same order give the same bits. A place that was never measured is as uncertain as the engine's usual speed is: a
 * deviation of 1.5, a factor of 12 up or down nine times of ten.
 */
public final class TimeModel {
    /** Multiply-adds a second, those forward alone counted, on a core of a server's CPU: what steps of small networks took. */
    private static final double USUAL_SPEED = 2.5e9;

    private static final int SLOPES = 3;
    private static final double SLOPE_PENALTY = 1;
    private static final double OFFSET_PENALTY = 0.04;
    private static final double NOISE = 0.3;
    private static final double NOISE_COUNTS = 4;
    private static final double UNKNOWN_PLACE = 1.5;
    /** A training that took no time was done within the resolution of what measures it. */
    private static final double LEAST_SECONDS = 1e-3;

    private final double usual;
    private final Map<TrainingPlace, Integer> offsets = new LinkedHashMap<>();
    private final double[] means;
    private final double[] weights;
    private final double[][] covariance;
    private final double variance;

    private TimeModel(double usual, Collection<MeasuredTime> measured) {
        this.usual = usual;
        measured.forEach(time -> offsets.putIfAbsent(time.place(), offsets.size()));
        means = new double[] {
            mean(measured, size -> Math.log(size.work())),
            mean(measured, size -> Math.log((double) size.parameters())),
            mean(measured, size -> size.layers() == 0 ? Double.NaN : Math.log(size.layers()))
        };
        int width = SLOPES + offsets.size();
        double[][] squares = new double[width][width];
        double[] products = new double[width];
        for (int i = 0; i < width; i++) {
            squares[i][i] = i < SLOPES ? SLOPE_PENALTY : OFFSET_PENALTY;
        }
        for (MeasuredTime time : measured) {
            double[] row = row(time.place(), time.size());
            for (int i = 0; i < width; i++) {
                products[i] += row[i] * target(time);
                for (int j = 0; j < width; j++) {
                    squares[i][j] += row[i] * row[j];
                }
            }
        }
        covariance = inverse(squares);
        weights = new double[width];
        double error = NOISE_COUNTS * NOISE * NOISE;
        for (int i = 0; i < width; i++) {
            weights[i] = dot(covariance[i], products);
        }
        for (MeasuredTime time : measured) {
            double residual = target(time) - dot(row(time.place(), time.size()), weights);
            error += residual * residual;
        }
        variance = error / (NOISE_COUNTS + measured.size());
    }

    private static double usualSpeed(Engine engine) {
        return switch (engine) {
            case DL4J -> 3e8;
            case VECTOR -> 5e9;
            case TORCH, REPLAY -> USUAL_SPEED;
        };
    }

    /** Learns from trainings of one engine, which may be none. */
    public static TimeModel fit(String engine, List<MeasuredTime> measured) {
        return new TimeModel(
                -Math.log(Engine.find(engine).map(TimeModel::usualSpeed).orElse(USUAL_SPEED)), measured);
    }

    public TimePrediction predict(TrainingPlace place, TrainingSize size) {
        double[] row = row(place, size);
        double log = Math.log(size.work()) + usual + dot(row, weights);
        boolean guess = !offsets.containsKey(place);
        double model = 0;
        for (int i = 0; i < row.length; i++) {
            model += row[i] * dot(covariance[i], row);
        }
        return new TimePrediction(
                Math.exp(log + variance / 2),
                guess ? UNKNOWN_PLACE : Math.sqrt(variance * model),
                Math.sqrt(variance),
                guess);
    }

    /** The logarithm of how many times the usual time it took. */
    private double target(MeasuredTime time) {
        return Math.log(Math.max(LEAST_SECONDS, time.seconds()))
                - Math.log(time.size().work())
                - usual;
    }

    private double[] row(TrainingPlace place, TrainingSize size) {
        double[] row = new double[SLOPES + offsets.size()];
        row[0] = centred(size.work(), means[0]);
        row[1] = centred((double) size.parameters(), means[1]);
        row[2] = size.layers() == 0 ? 0 : centred(size.layers(), means[2]);
        Integer offset = offsets.get(place);
        if (offset != null) {
            row[SLOPES + offset] = 1;
        }
        return row;
    }

    private static double centred(double value, double mean) {
        return Double.isNaN(mean) ? 0 : Math.log(value) - mean;
    }

    /** NaN where there is nothing. */
    private static double mean(Collection<MeasuredTime> measured, ToDoubleFunction<TrainingSize> column) {
        return measured.stream()
                .mapToDouble(time -> column.applyAsDouble(time.size()))
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    private static double[][] inverse(double[][] matrix) {
        DMatrixRMaj inverse = new DMatrixRMaj(matrix);
        if (!CommonOps_DDRM.invert(inverse)) {
            throw new IllegalStateException("a matrix with penalties on its diagonal has no inverse");
        }
        return inverse.get2DData();
    }
}
