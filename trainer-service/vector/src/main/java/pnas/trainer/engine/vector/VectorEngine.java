package pnas.trainer.engine.vector;

import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Network;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.Processor;
import pnas.trainer.training.TrainableNetwork;

/**
 * Builds networks that train on the processor in plain Java, each in one thread, whatever number of threads its settings name: sums have one order,
 * so that the number changes no bit.
 */
public final class VectorEngine implements NetworkEngine {
    static final String NAME = Engine.VECTOR.text();

    /** Raised by one whenever this package would train the same network to other bits. */
    private static final int REVISION = 2;

    /** Vectors of AVX2, the least on which kernels are compiled as they are meant. */
    private static final int LEAST_LANES = 8;

    /**
     * Opens the engine.
     *
     * @param device {@code cpu} or {@code auto}
     * @throws PnasException {@code ENGINE_FAILURE} for a GPU, or a processor without AVX2
     */
    public VectorEngine(String device) {
        if (device.startsWith("cuda")) {
            throw new PnasException(
                    ErrorCode.ENGINE_FAILURE,
                    "there is no device " + device + " for engine " + NAME + ", which computes on processors");
        }
        requireVectors(Lanes.LENGTH);
    }

    static void requireVectors(int lanes) {
        if (lanes < LEAST_LANES || lanes > Lanes.BLOCK) {
            throw new PnasException(
                    ErrorCode.ENGINE_FAILURE,
                    "engine " + NAME + " needs a processor with vectors of " + LEAST_LANES + " or " + Lanes.BLOCK
                            + " numbers (AVX2 or AVX-512), this one has " + lanes + ": take engine torch");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Our own: there is no library. */
    @Override
    public String version() {
        return Integer.toString(REVISION);
    }

    @Override
    public boolean isCompiledAsItRuns() {
        return true;
    }

    @Override
    public String deviceKind() {
        return Processor.modelName();
    }

    /** Refuses, with {@code TRAINING_IMPOSSIBLE}, every precision but 32 bits. */
    @Override
    public TrainableNetwork create(Network network, TrainingSettings settings, long seed) {
        if (settings.precision() != Precision.FP32) {
            throw new PnasException(
                    ErrorCode.TRAINING_IMPOSSIBLE,
                    "precision " + settings.precision() + " is refused, as engine " + NAME + " computes in fp32 only");
        }
        return VectorNetwork.create(network, settings, seed);
    }
}
