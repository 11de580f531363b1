package pnas.trainer.engine.torch;

import org.bytedeco.pytorch.Tensor;
import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Network;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.TrainableNetwork;

/**
 * Builds networks of libtorch on one device. Opening it loads the native libraries. Networks share nothing but the number of threads, which is
 * that of the network made last.
 */
public final class TorchEngine implements NetworkEngine {
    static final String NAME = Engine.TORCH.text();

    /** Raised by one whenever this package would train the same network to other bits. */
    private static final int REVISION = 4;

    private final TorchDevice device;

    /**
     * Opens the engine on a device.
     *
     * @param device {@code cpu}, {@code cuda:N}, or {@code auto} for the first GPU where there is one
     * @throws pnas.failure.PnasException {@code ENGINE_FAILURE} where libtorch cannot be loaded or there is no such device
     */
    public TorchEngine(String device) {
        TorchRuntime.start();
        this.device = NativeWork.call(() -> TorchDevice.find(device));
    }

    @Override
    public String name() {
        return NAME;
    }

    /** The version of the library, then our own: for instance {@code 2.10.0-1.5.13/1}. */
    @Override
    public String version() {
        return Tensor.class.getPackage().getImplementationVersion() + "/" + REVISION;
    }

    @Override
    public String deviceKind() {
        return NativeWork.call(device::kind);
    }

    /** Refuses, with {@code TRAINING_IMPOSSIBLE}, a precision with which the device is slower. */
    @Override
    public TrainableNetwork create(Network network, TrainingSettings settings, long seed) {
        if (settings.precision() == Precision.BF16) {
            device.reasonAgainstBfloat16().ifPresent(reason -> {
                throw new PnasException(
                        ErrorCode.TRAINING_IMPOSSIBLE,
                        "precision bf16 is refused, as " + reason
                                + "; take fp32, or bf16-forced to have it all the same");
            });
        }
        return TorchNetwork.create(network, settings, seed, device);
    }
}
