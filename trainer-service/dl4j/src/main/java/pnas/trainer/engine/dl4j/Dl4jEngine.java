package pnas.trainer.engine.dl4j;

import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Network;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.TrainableNetwork;

/**
 * Builds networks of Deeplearning4j on one device. Opening it loads the native libraries. Networks share nothing but the number of threads, which
 * is that of the network made last.
 */
public final class Dl4jEngine implements NetworkEngine {
    static final String NAME = Engine.DL4J.text();

    /** Raised by one whenever this package would train the same network to other bits. */
    private static final int REVISION = 1;

    private final Dl4jDevice device;
    private final String version;

    /**
     * Opens the engine on a device.
     *
     * @param device {@code cpu}, {@code cuda:N}, or {@code auto} for the first device of the backend
     * @throws PnasException {@code ENGINE_FAILURE} where ND4J cannot be loaded or there is no such device
     */
    public Dl4jEngine(String device) {
        Dl4jRuntime.start();
        this.device = NativeWork.call(() -> Dl4jDevice.find(device));
        this.version = Dl4jRuntime.version() + "/" + Dl4jDevice.backend() + "/" + REVISION;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** The version of the library, its backend, then our own: for instance {@code 1.0.0-M2.1/nd4j-native/1}. */
    @Override
    public String version() {
        return version;
    }

    @Override
    public String deviceKind() {
        return NativeWork.call(device::kind);
    }

    /** Refuses, with {@code TRAINING_IMPOSSIBLE}, every precision but 32 bits. */
    @Override
    public TrainableNetwork create(Network network, TrainingSettings settings, long seed) {
        if (settings.precision() != Precision.FP32) {
            throw new PnasException(
                    ErrorCode.TRAINING_IMPOSSIBLE,
                    "precision " + settings.precision() + " is refused, as engine " + NAME + " computes in fp32 only");
        }
        device.use();
        Dl4jRuntime.threads(settings.threads());
        return Dl4jNetwork.create(network, settings, seed);
    }
}
