package pnas.trainer.engine.dl4j;

import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import pnas.trainer.random.Draws;

/**
 * Dropout whose random numbers come from the network's own draws, whose state a checkpoint keeps. The library's own takes those of a generator
 * that all networks of a process share.
 */
final class Dropping implements IDropout {
    private final transient double rate;
    private final transient Draws draws;
    /** What the features of the last forward pass were multiplied by. */
    private transient @Nullable INDArray factors;

    Dropping(double rate, Draws draws) {
        this.rate = rate;
        this.draws = draws;
    }

    @Override
    public INDArray applyDropout(
            INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
        float[] values = new float[Math.toIntExact(input.length())];
        float kept = (float) (1 / (1 - rate));
        for (int i = 0; i < values.length; i++) {
            values[i] = draws.nextDouble() < rate ? 0 : kept;
        }
        INDArray drawn = workspaces.createUninitialized(ArrayType.INPUT, result.dataType(), input.shape(), 'c');
        try (MemoryWorkspace _ = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            drawn.assign(Nd4j.create(values, input.shape(), 'c'));
        }
        factors = drawn;
        return input.mul(drawn, result);
    }

    @Override
    public INDArray backprop(INDArray outputGradient, INDArray inputGradient, int iteration, int epoch) {
        if (factors == null) {
            throw new IllegalStateException("a backward pass needs a forward pass before it");
        }
        outputGradient.mul(factors, inputGradient);
        factors = null;
        return inputGradient;
    }

    @Override
    public void clear() {
        factors = null;
    }

    /** The library copies configurations; every copy draws from the one sequence. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public IDropout clone() {
        return new Dropping(rate, draws);
    }
}
