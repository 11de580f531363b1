package pnas.trainer.engine.torch;

import org.bytedeco.pytorch.global.torch;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.trainer.training.NativeLibrary;

/** Loads libtorch once and sets what holds for the whole process. */
final class TorchRuntime {
    private TorchRuntime() {}

    /**
     * Loads the native libraries where they are not loaded yet.
     *
     * @throws PnasException {@code ENGINE_FAILURE} where they cannot be loaded
     */
    static void start() {
        try {
            Loaded.start();
        } catch (LinkageError e) {
            throw new PnasException(
                    ErrorCode.ENGINE_FAILURE,
                    "libtorch cannot be loaded: " + e.getMessage()
                            + "; it needs Linux on x86-64 and 500 MB of free disk for ~/.javacpp",
                    e);
        }
    }

    /** Initialised by its first use, which the class loader lets one thread do. */
    private static final class Loaded {
        static {
            NativeLibrary.limitMemory();
            // Used for a few small batches only, and where the CPU is not one of its own it says so at every
            // convolution.
            torch.globalContext().setUserEnabledNNPACK(false);
            torch.globalContext().setDeterministicCuDNN(true);
            torch.set_num_interop_threads(1);
        }

        static void start() {}
    }
}
