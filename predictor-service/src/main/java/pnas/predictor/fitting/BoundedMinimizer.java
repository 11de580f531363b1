package pnas.predictor.fitting;

/**
 * Finds a local minimum of a smooth function of a few variables within bounds: BFGS on the variables that are free, with each trial point
 * projected into the box and a backtracking line search (Bertsekas, 1982; Nocedal and Wright, chapter 6).
 */
public final class BoundedMinimizer {
    private static final int MOST_EVALUATIONS = 200;
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final int MOST_HALVINGS = 30;

    private final double least;
    private final double greatest;
    private final double tolerance;

    /**
     * @param least lower bound of every coordinate
     * @param greatest upper bound of every coordinate
     * @param tolerance the search ends where no free coordinate has a larger derivative
     */
    public BoundedMinimizer(double least, double greatest, double tolerance) {
        if (!(least < greatest) || !(tolerance > 0)) {
            throw new IllegalArgumentException("bounds must be ordered and the tolerance positive, got " + least + ", "
                    + greatest + " and " + tolerance);
        }
        this.least = least;
        this.greatest = greatest;
        this.tolerance = tolerance;
    }

    /**
     * The best point that was found, after at most 200 evaluations. Ends after the next one where its thread is {@linkplain Interruption interrupted}.
     *
     * @param start a point within the bounds at which the function is finite
     */
    public double[] minimize(Objective objective, double[] start) {
        int size = start.length;
        double[] point = start.clone();
        double[] gradient = new double[size];
        double value = objective.evaluate(point, gradient);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("the function must be finite at the start, got " + value);
        }
        double[][] inverseHessian = identity(size, 1 / Math.max(1, norm(gradient)));
        for (int evaluations = 1; evaluations < MOST_EVALUATIONS; ) {
            Interruption.check();
            boolean[] free = freeCoordinates(point, gradient);
            if (steepest(gradient, free) <= tolerance) {
                break;
            }
            double[] direction = descent(inverseHessian, gradient, free);
            double[] next = new double[size];
            double[] nextGradient = new double[size];
            double nextValue = Double.NaN;
            double step = 1;
            boolean accepted = false;
            for (int halving = 0; halving < MOST_HALVINGS && !accepted; halving++, step /= 2) {
                double promised = 0;
                for (int i = 0; i < size; i++) {
                    next[i] = Math.clamp(point[i] + step * direction[i], least, greatest);
                    promised += gradient[i] * (next[i] - point[i]);
                }
                nextValue = objective.evaluate(next, nextGradient);
                evaluations++;
                accepted = nextValue <= value + SUFFICIENT_DECREASE * promised;
            }
            if (!accepted) {
                break; // Rounding hides any further decrease.
            }
            update(inverseHessian, point, next, gradient, nextGradient);
            point = next;
            gradient = nextGradient;
            value = nextValue;
        }
        return point;
    }

    /** A coordinate at a bound stays there as long as the function falls towards the outside. */
    private boolean[] freeCoordinates(double[] point, double[] gradient) {
        boolean[] free = new boolean[point.length];
        for (int i = 0; i < free.length; i++) {
            free[i] = !(point[i] <= least && gradient[i] > 0) && !(point[i] >= greatest && gradient[i] < 0);
        }
        return free;
    }

    private static double[] descent(double[][] inverseHessian, double[] gradient, boolean[] free) {
        int size = gradient.length;
        double[] direction = new double[size];
        double slope = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size && free[i]; j++) {
                direction[i] -= free[j] ? inverseHessian[i][j] * gradient[j] : 0;
            }
            slope += direction[i] * gradient[i];
        }
        if (slope < 0) {
            return direction;
        }
        for (int i = 0; i < size; i++) {
            direction[i] = free[i] ? -gradient[i] : 0;
        }
        return direction;
    }

    /** The BFGS update; left out where the curvature along the step is not positive. */
    private static void update(
            double[][] inverseHessian, double[] from, double[] to, double[] gradientFrom, double[] gradientTo) {
        int size = from.length;
        double[] step = new double[size];
        double[] change = new double[size];
        double curvature = 0;
        for (int i = 0; i < size; i++) {
            step[i] = to[i] - from[i];
            change[i] = gradientTo[i] - gradientFrom[i];
            curvature += step[i] * change[i];
        }
        if (!(curvature > 1e-12)) {
            return;
        }
        double[] product = new double[size];
        double quadratic = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                product[i] += inverseHessian[i][j] * change[j];
            }
            quadratic += product[i] * change[i];
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                inverseHessian[i][j] += (1 + quadratic / curvature) * step[i] * step[j] / curvature
                        - (product[i] * step[j] + step[i] * product[j]) / curvature;
            }
        }
    }

    private static double steepest(double[] gradient, boolean[] free) {
        double steepest = 0;
        for (int i = 0; i < gradient.length; i++) {
            steepest = free[i] ? Math.max(steepest, Math.abs(gradient[i])) : steepest;
        }
        return steepest;
    }

    private static double norm(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private static double[][] identity(int size, double scale) {
        double[][] matrix = new double[size][size];
        for (int i = 0; i < size; i++) {
            matrix[i][i] = scale;
        }
        return matrix;
    }
}
