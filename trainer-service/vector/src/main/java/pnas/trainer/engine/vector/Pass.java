package pnas.trainer.engine.vector;

import java.util.List;

/**
 * A part of a step that goes over the batch once forward and once back. Backward, it gives its weights their gradients, and the gradients of its
 * inputs to them: the first of a feature map's readers to come writes, the others add.
 */
interface Pass {
    /** What it is, for a reader of the plan, for instance {@code cell1.block1.left.pointwise1}. */
    String name();

    /** The feature maps that it reads, one of them twice where it does so. */
    List<FeatureMap> inputs();

    /** Multiply-adds for one image. */
    long multiplyAdds();

    /** Bytes of feature maps that it reads and writes for one image, forward. */
    long bytes();

    /** Begins an evaluation: what does not depend on the images, which come some at a time. */
    void prepare(float[] m);

    /**
     * Computes its output.
     *
     * @param images of the batch
     * @param training whether norms count statistics, dropout drops, and what the pass back needs is kept; else {@link #prepare} has come before
     */
    void forward(float[] m, int images, boolean training);

    /** Passes the gradient of its output back. */
    void backward(float[] m, int images);
}
