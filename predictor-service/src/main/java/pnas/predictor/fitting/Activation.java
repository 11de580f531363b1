package pnas.predictor.fitting;

/**
 * The activations of gates, for whole rows at once. The hyperbolic tangent is the quotient of two polynomials that follows it to a few units in
 * the last place of a float; unlike the library's it is made of operations that the compiler turns into vector instructions, and an LSTM needs
 * hundreds of millions of them.
 */
public final class Activation {
    /** Beyond it the tangent is one in the precision of a float. */
    private static final float LIMIT = 9;

    private Activation() {}

    /** Replaces each element by its hyperbolic tangent. */
    public static void tanh(float[] row) {
        for (int i = 0; i < row.length; i++) {
            row[i] = tanh(row[i]);
        }
    }

    /** Replaces each element x by shift + scale · tanh(scale · x): the tangent for (0, 1), the logistic function for (1/2, 1/2). */
    public static void squash(float[] row, float[] shift, float[] scale) {
        for (int i = 0; i < row.length; i++) {
            row[i] = shift[i] + scale[i] * tanh(scale[i] * row[i]);
        }
    }

    /** The coefficients are those of the Eigen library, {@code generic_fast_tanh_float}. */
    // They stand as published, with more digits than a float has.
    @SuppressWarnings("FloatingPointLiteralPrecision")
    static float tanh(float value) {
        float x = Math.max(-LIMIT, Math.min(LIMIT, value));
        float square = x * x;
        float above = -2.76076847742355e-16f;
        above = above * square + 2.00018790482477e-13f;
        above = above * square - 8.60467152213735e-11f;
        above = above * square + 5.12229709037114e-08f;
        above = above * square + 1.48572235717979e-05f;
        above = above * square + 6.37261928875436e-04f;
        above = above * square + 4.89352455891786e-03f;
        float below = 1.19825839466702e-06f;
        below = below * square + 1.18534705686654e-04f;
        below = below * square + 2.26843463243900e-03f;
        below = below * square + 4.89352518554385e-03f;
        return x * above / below;
    }
}
