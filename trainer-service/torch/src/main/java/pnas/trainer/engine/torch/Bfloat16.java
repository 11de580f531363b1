package pnas.trainer.engine.torch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/** While it is open, the thread that opened it computes convolutions and linear layers in bfloat16 (libtorch's autocast). */
final class Bfloat16 implements AutoCloseable {
    private final DeviceType deviceType;

    Bfloat16(TorchDevice device) {
        this.deviceType = device.type();
        torch.set_autocast_dtype(deviceType, torch.ScalarType.BFloat16);
        // The cache would hold weights in bfloat16 beyond the optimiser's step; each weight is read once a step anyway.
        torch.set_autocast_cache_enabled(false);
        torch.set_autocast_enabled(deviceType, true);
    }

    @Override
    public void close() {
        torch.set_autocast_enabled(deviceType, false);
    }
}
