package pnas.trainer.engine.torch;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.pytorch.global.torch;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

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
        /** Share of the memory of the machine, or of its container, that the process may take before a training is out of memory. */
        private static final double MEMORY_SHARE = 0.9;

        static {
            limitMemory();
            // Used for a few small batches only, and where the CPU is not one of its own it says so at every
            // convolution.
            torch.globalContext().setUserEnabledNNPACK(false);
            torch.globalContext().setDeterministicCuDNN(true);
            torch.set_num_interop_threads(1);
        }

        static void start() {}

        /**
         * JavaCPP compares the memory of the whole process with a limit at every handle that it makes. Its default of four times the Java heap
         * knows nothing of networks. Its other limit counts what JavaCPP allocates itself, which is next to nothing here.
         */
        private static void limitMemory() {
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            setUnlessGiven("org.bytedeco.javacpp.maxBytes", "0");
            setUnlessGiven("org.bytedeco.javacpp.maxPhysicalBytes", Long.toString((long)
                    (system.getTotalMemorySize() * MEMORY_SHARE)));
        }

        private static void setUnlessGiven(String property, String value) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        }
    }
}
