package pnas.predictor.fitting;

import java.util.List;

/** The update rule of Kingma and Ba (2015) with betas 0.9 and 0.999 and epsilon 1e-8. */
public final class Adam {
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final List<Matrix> parameters;
    private final List<Matrix> means;
    private final List<Matrix> squares;
    private final double learningRate;
    private int steps;

    /**
     * @param parameters what is learnt; changed by each step
     * @param learningRate the longest way that a parameter goes in a step, about
     */
    public Adam(List<Matrix> parameters, double learningRate) {
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learning rate must be positive, got " + learningRate);
        }
        this.parameters = List.copyOf(parameters);
        this.learningRate = learningRate;
        means = zerosLike(parameters);
        squares = zerosLike(parameters);
    }

    private static List<Matrix> zerosLike(List<Matrix> matrices) {
        return matrices.stream()
                .map(matrix -> new Matrix(matrix.rows(), matrix.columns()))
                .toList();
    }

    /**
     * Moves the parameters one step.
     *
     * @param gradients the derivatives by each parameter, in the order of the parameters
     */
    public void step(List<Matrix> gradients) {
        steps++;
        float rate = (float) (learningRate / (1 - StrictMath.pow(BETA_1, steps)));
        float correction = (float) (1 / Math.sqrt(1 - StrictMath.pow(BETA_2, steps)));
        for (int i = 0; i < parameters.size(); i++) {
            for (int row = 0; row < parameters.get(i).rows(); row++) {
                update(
                        parameters.get(i).row(row),
                        gradients.get(i).row(row),
                        means.get(i).row(row),
                        squares.get(i).row(row),
                        rate,
                        correction);
            }
        }
    }

    private static void update(
            float[] parameters, float[] gradient, float[] mean, float[] square, float rate, float correction) {
        for (int i = 0; i < parameters.length; i++) {
            float g = gradient[i];
            float m = BETA_1 * mean[i] + (1 - BETA_1) * g;
            float s = BETA_2 * square[i] + (1 - BETA_2) * g * g;
            mean[i] = m;
            square[i] = s;
            parameters[i] -= rate * m / ((float) Math.sqrt(s) * correction + EPSILON);
        }
    }
}
