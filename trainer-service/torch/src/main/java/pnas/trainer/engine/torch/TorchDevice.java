package pnas.trainer.engine.torch;

import java.util.Optional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch_cuda;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.trainer.training.Processor;

/**
 * Where tensors live and are computed, and how feature maps lie in memory there.
 *
 * @param name {@code cpu} or {@code cuda:N}
 * @param format channels-last is the faster one on CPUs and GPUs alike; the other one, with libtorch's own pass back, is for comparisons
 */
record TorchDevice(String name, MemoryFormat format) {
    private static final String CPU = "cpu";
    private static final String GPU = "cuda:";

    TorchDevice(String name) {
        this(name, MemoryFormat.ChannelsLast);
    }

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
                    ErrorCode.ENGINE_FAILURE,
                    "there is no device " + name + ": libtorch finds " + gpus + " GPUs"
                            + (gpus > 0
                                    ? ""
                                    : "; it needs the build with -Pcuda, the driver of the machine (nvidia-smi), and in a container a GPU that was requested"));
        }
        return device;
    }

    /** The model name of the CPU or the name of the GPU. */
    String kind() {
        return isCpu()
                ? Processor.modelName()
                : torch_cuda.getDeviceProperties((byte) index()).name().getString();
    }

    /** Why a step in bfloat16 is slower here than one in 32 bits, empty where it is not. */
    Optional<String> reasonAgainstBfloat16() {
        if (isCpu()) {
            // Also on those with instructions for it: the matrix products gain, but the depthwise convolutions and the
            // conversions lose more (docs/benchmarks.md).
            return Optional.of("a step in it is slower on every CPU that was measured, and this is the CPU " + kind());
        }
        // Tensor cores know bfloat16 from compute capability 8 on.
        int capability = NativeWork.call(
                () -> torch_cuda.getDeviceProperties((byte) index()).major());
        return capability >= 8
                ? Optional.empty()
                : Optional.of("the GPU " + kind() + " of compute capability " + capability + " has no units for it");
    }

    /** The tensor on this device: itself where it is there already. */
    Tensor hold(Tensor tensor) {
        return isCpu() ? tensor : tensor.to(new Device(name), tensor.scalar_type());
    }

    Device toNative() {
        return new Device(name);
    }

    DeviceType type() {
        return isCpu() ? DeviceType.CPU : DeviceType.CUDA;
    }

    boolean isCpu() {
        return name.equals(CPU);
    }

    private int index() {
        return Integer.parseInt(name.substring(GPU.length()));
    }
}
