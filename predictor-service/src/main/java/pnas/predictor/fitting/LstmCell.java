package pnas.predictor.fitting;

import java.util.Arrays;

/**
 * The step of a long short-term memory, forward and backward, on rows of matrices. A row of gates holds, one after the other, the input, forget
 * and output gates and the new content, each of them with as many columns as there are hidden units.
 *
 * <p>Not for use by several threads: a gate is copied to an array of its own, and each loop writes one array only, for the reason given at
 * {@link Matrix}.
 */
public final class LstmCell {
    /** Its square is still a number of full precision, which the steps of {@link Adam} need. */
    private static final float LEAST_DERIVATIVE = 1e-18f;

    private final int hidden;
    private final float[] in;
    private final float[] forget;
    private final float[] out;
    private final float[] content;
    private final float[] tangent;
    private final float[] inBefore;
    private final float[] forgetBefore;
    /** Logistic functions for the three gates, a tangent for the content: see {@link Activation#squash}. */
    private final float[] shift;

    private final float[] scale;

    /** @param hidden number of hidden units */
    public LstmCell(int hidden) {
        this.hidden = hidden;
        in = new float[hidden];
        forget = new float[hidden];
        out = new float[hidden];
        content = new float[hidden];
        tangent = new float[hidden];
        inBefore = new float[hidden];
        forgetBefore = new float[hidden];
        shift = new float[4 * hidden];
        scale = new float[4 * hidden];
        Arrays.fill(shift, 0, 3 * hidden, 0.5f);
        Arrays.fill(scale, 0, 3 * hidden, 0.5f);
        Arrays.fill(scale, 3 * hidden, 4 * hidden, 1);
    }

    /**
     * One step of one cell.
     *
     * @param gates in its row, the sums that come into the gates; receives the gates
     * @param row of gates, memories and outputs
     * @param memoriesBefore what is remembered before the step
     * @param rowBefore row of that
     * @param memories receives what is remembered after it
     * @param outputs receives the output
     */
    public void step(Matrix gates, int row, Matrix memoriesBefore, int rowBefore, Matrix memories, Matrix outputs) {
        float[] ofRow = gates.row(row);
        Activation.squash(ofRow, shift, scale);
        split(ofRow);
        float[] memory = memories.row(row);
        float[] output = outputs.row(row);
        remember(memory, memoriesBefore.row(rowBefore), in, forget, content);
        System.arraycopy(memory, 0, output, 0, hidden);
        Activation.tanh(output);
        multiply(output, out);
    }

    /**
     * The backward pass of {@link #step}.
     *
     * @param gates the gates
     * @param row of all matrices but {@code memoriesBefore}
     * @param memoriesBefore what was remembered before the step
     * @param rowBefore row of that
     * @param memories what was remembered after it
     * @param outputGradient derivative by the output
     * @param memoryGradient derivative by what was remembered after the step, but for the way through the output; receives that by what was
     *     remembered before
     * @param gateGradient receives the derivative by the sums that came into the gates
     */
    public void stepBack(
            Matrix gates,
            int row,
            Matrix memoriesBefore,
            int rowBefore,
            Matrix memories,
            Matrix outputGradient,
            Matrix memoryGradient,
            Matrix gateGradient) {
        split(gates.row(row));
        float[] before = memoriesBefore.row(rowBefore);
        float[] memory = memories.row(row);
        float[] byOutput = outputGradient.row(row);
        float[] byMemory = memoryGradient.row(row);
        System.arraycopy(memory, 0, tangent, 0, hidden);
        Activation.tanh(tangent);
        addThroughOutput(byMemory, byOutput, out, tangent);
        // Each derivative takes the place of its gate; those of the input gate and the content need each other's
        // values.
        derivativeOfLogistic(out, byOutput, tangent);
        System.arraycopy(in, 0, inBefore, 0, hidden);
        derivativeOfLogistic(in, byMemory, content);
        derivativeOfTangent(content, byMemory, inBefore);
        System.arraycopy(forget, 0, forgetBefore, 0, hidden);
        derivativeOfLogistic(forget, byMemory, before);
        multiply(byMemory, forgetBefore);
        flush(byMemory);
        float[] ofRow = gateGradient.row(row);
        join(ofRow);
        flush(ofRow);
    }

    private static void remember(float[] memory, float[] before, float[] in, float[] forget, float[] content) {
        for (int unit = 0; unit < memory.length; unit++) {
            memory[unit] = forget[unit] * before[unit] + in[unit] * content[unit];
        }
    }

    private static void addThroughOutput(float[] byMemory, float[] byOutput, float[] out, float[] tangent) {
        for (int unit = 0; unit < byMemory.length; unit++) {
            byMemory[unit] += byOutput[unit] * out[unit] * (1 - tangent[unit] * tangent[unit]);
        }
    }

    private static void derivativeOfLogistic(float[] gate, float[] byProduct, float[] factor) {
        for (int unit = 0; unit < gate.length; unit++) {
            gate[unit] = byProduct[unit] * factor[unit] * gate[unit] * (1 - gate[unit]);
        }
    }

    private static void derivativeOfTangent(float[] content, float[] byProduct, float[] factor) {
        for (int unit = 0; unit < content.length; unit++) {
            content[unit] = byProduct[unit] * factor[unit] * (1 - content[unit] * content[unit]);
        }
    }

    /** Derivatives vanish on the way back; a processor takes a hundred times as long for a product of numbers that are hardly any. */
    private static void flush(float[] row) {
        for (int unit = 0; unit < row.length; unit++) {
            row[unit] = Math.abs(row[unit]) < LEAST_DERIVATIVE ? 0 : row[unit];
        }
    }

    private static void multiply(float[] row, float[] by) {
        for (int unit = 0; unit < row.length; unit++) {
            row[unit] *= by[unit];
        }
    }

    private void split(float[] gates) {
        System.arraycopy(gates, 0, in, 0, hidden);
        System.arraycopy(gates, hidden, forget, 0, hidden);
        System.arraycopy(gates, 2 * hidden, out, 0, hidden);
        System.arraycopy(gates, 3 * hidden, content, 0, hidden);
    }

    private void join(float[] gates) {
        System.arraycopy(in, 0, gates, 0, hidden);
        System.arraycopy(forget, 0, gates, hidden, hidden);
        System.arraycopy(out, 0, gates, 2 * hidden, hidden);
        System.arraycopy(content, 0, gates, 3 * hidden, hidden);
    }
}
