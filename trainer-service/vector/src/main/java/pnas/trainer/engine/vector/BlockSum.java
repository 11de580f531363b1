package pnas.trainer.engine.vector;

import java.util.List;

/** The output of a block: the sum of its two branches, each behind its norm where it has one. */
final class BlockSum implements Pass {
    private final String name;
    private final FeatureMap left;
    private final FeatureMap right;
    private final FeatureMap output;

    BlockSum(String name, FeatureMap left, FeatureMap right, FeatureMap output) {
        this.name = name;
        this.left = left;
        this.right = right;
        this.output = output;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<FeatureMap> inputs() {
        return List.of(left, right);
    }

    FeatureMap output() {
        return output;
    }

    @Override
    public long multiplyAdds() {
        return 0;
    }

    @Override
    public long bytes() {
        return 3L * Float.BYTES * output.size;
    }

    @Override
    public void prepare(float[] m) {}

    @Override
    public void forward(float[] m, int images, boolean training) {
        Elementwise.sum(m, left.at(0), left.norm(), right.at(0), right.norm(), output.at(0), images * output.size);
    }

    /** A branch that nothing else reads has the gradient of the sum for its own: the plan gives both one buffer. */
    @Override
    public void backward(float[] m, int images) {
        passBack(m, left, images);
        passBack(m, right, images);
    }

    private void passBack(float[] m, FeatureMap branch, int images) {
        if (branch.gradient() != output.gradient()) {
            branch.receive(m, output.gradientAt(0), 0, images, false);
        }
        branch.endReceiving();
    }
}
