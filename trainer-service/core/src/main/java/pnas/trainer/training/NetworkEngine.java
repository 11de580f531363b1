package pnas.trainer.training;

import pnas.message.TrainingSettings;
import pnas.network.Network;

/** Builds networks that can be trained step by step on one device. The port of every engine that really trains. */
public interface NetworkEngine {
    /** Name of the engine, for instance {@code torch}. */
    String name();

    /**
     * Version of the engine together with that of our code that builds networks with it: raised whenever the same job may give other bits.
     * Loads nothing native.
     */
    String version();

    /** The CPU's model name or the GPU's name. May load native libraries, so only the process that trains asks. */
    String deviceKind();

    /** Whether its steps are slow until the JVM has compiled them. */
    default boolean isCompiledAsItRuns() {
        return false;
    }

    /**
     * Builds a network with its optimiser. The same network, settings and seed give the same bits on the same kind of device.
     *
     * @param seed seeds the initial weights and dropout
     * @throws pnas.failure.PnasException {@code OUT_OF_MEMORY} or {@code ENGINE_FAILURE}
     */
    TrainableNetwork create(Network network, TrainingSettings settings, long seed);
}
