package pnas.trainer.engine.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The mean cross-entropy of scores (N, classes) and targets (N, classes) that sum to one. The library's own clips probabilities, so that the loss
 * of scores that are no numbers is one; its gradient is that of the sum, this one's that of the mean.
 */
final class CrossEntropy implements ILossFunction {
    @Override
    public double computeScore(
            INDArray targets, INDArray scores, IActivation identity, @Nullable INDArray mask, boolean average) {
        double sum =
                computeScoreArray(targets, scores, identity, mask).sumNumber().doubleValue();
        return average ? sum / scores.size(0) : sum;
    }

    /** Of each image (N, 1). */
    @Override
    public INDArray computeScoreArray(
            INDArray targets, INDArray scores, IActivation identity, @Nullable INDArray mask) {
        return logarithms(scores).muli(targets).sum(true, 1).negi();
    }

    @Override
    public INDArray computeGradient(INDArray targets, INDArray scores, IActivation identity, @Nullable INDArray mask) {
        return Transforms.exp(logarithms(scores), false).subi(targets).divi(scores.size(0));
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray targets, INDArray scores, IActivation identity, @Nullable INDArray mask, boolean average) {
        return Pair.of(
                computeScore(targets, scores, identity, mask, average),
                computeGradient(targets, scores, identity, mask));
    }

    /** The logarithms of the probabilities: {@code s - max - log Σ exp(s - max)}. */
    private static INDArray logarithms(INDArray scores) {
        INDArray shifted = scores.sub(scores.max(true, 1).broadcast(scores.shape()));
        INDArray sums = Transforms.log(Transforms.exp(shifted, true).sum(true, 1), false);
        return shifted.subi(sums.broadcast(scores.shape()));
    }

    @Override
    public String name() {
        return toString();
    }

    @Override
    public String toString() {
        return "CrossEntropy()";
    }
}
