package pnas.predictor.fitting;

/** The update rule of Kingma and Ba (2015) with betas 0.9 and 0.999 and epsilon 1e-8, for one array of parameters. */
public final class Adam {
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final double learningRate;
    private final float[] mean;
    private final float[] square;
    private int steps;

    public Adam(int parameters, double learningRate) {
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learning rate must be positive, got " + learningRate);
        }
        this.learningRate = learningRate;
        mean = new float[parameters];
        square = new float[parameters];
    }

    /** Moves the parameters one step against the gradient. */
    public void step(float[] parameters, float[] gradient) {
        steps++;
        float rate = (float) (learningRate / (1 - StrictMath.pow(BETA_1, steps)));
        float correction = (float) (1 / Math.sqrt(1 - StrictMath.pow(BETA_2, steps)));
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
