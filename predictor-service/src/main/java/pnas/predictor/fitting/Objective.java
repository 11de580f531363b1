package pnas.predictor.fitting;

/** A differentiable function that is to be made small. */
@FunctionalInterface
public interface Objective {
    /**
     * The value at a point; not finite where the function is undefined.
     *
     * @param point where, not to be changed
     * @param gradient receives the derivative by each coordinate
     */
    double evaluate(double[] point, double[] gradient);
}
