package pnas.trainer.engine.torch;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_cuda;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.trainer.training.Processor;

/**
 * Where tensors live and are computed.
 *
 * @param name {@code cpu} or {@code cuda:N}
 */
record TorchDevice(String name) {
    private static final String CPU = "cpu";
    private static final String GPU = "cuda:";

    /**
     * The device of this name on this machine.
     *
     * @param name {@code cpu}, {@code cuda:N}, or {@code auto} for the first GPU where there is one
     * @throws PnasException {@code ENGINE_FAILURE} where there is no such device
     */
    static TorchDevice find(String name) {
        int gpus = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
        TorchDevice device = new TorchDevice(name.equals("auto") ? (gpus > 0 ? GPU + 0 : CPU) : name);
        if (!device.isCpu() && device.index() >= gpus) {
            throw new PnasException(
                    ErrorCode.ENGINE_FAILURE, "there is no device " + name + ": libtorch finds " + gpus + " GPUs");
        }
        return device;
    }

    /** The model name of the CPU or the name of the GPU. */
    String kind() {
        return isCpu()
                ? Processor.modelName()
                : torch_cuda.getDeviceProperties((byte) index()).name().getString();
    }

    /** The tensor on this device: itself where it is there already. */
    Tensor hold(Tensor tensor) {
        return isCpu() ? tensor : tensor.to(new Device(name), tensor.scalar_type());
    }

    Device toNative() {
        return new Device(name);
    }

    private boolean isCpu() {
        return name.equals(CPU);
    }

    private int index() {
        return Integer.parseInt(name.substring(GPU.length()));
    }
}
