package pnas.trainer.engine.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.trainer.training.NativeLibrary;

/** Loads ND4J once and sets what holds for the whole process. */
final class Dl4jRuntime {
    private static final String LIBRARY = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";

    private Dl4jRuntime() {}

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
                    "ND4J cannot be loaded: " + e.getMessage()
                            + "; it needs Linux on x86-64 and 400 MB of free disk for ~/.javacpp, and its CUDA backend CUDA 11.6",
                    e);
        }
    }

    /** The version of Deeplearning4j, for instance {@code 1.0.0-M2.1}. Loads nothing native. */
    static String version() {
        try (InputStream file = Dl4jRuntime.class.getResourceAsStream(LIBRARY)) {
            if (file == null) {
                throw new IllegalStateException("the jar of Deeplearning4j must have " + LIBRARY);
            }
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Computes with this many threads from now on. */
    static void threads(int count) {
        Nd4j.getEnvironment().setMaxThreads(count);
        Nd4j.getEnvironment().setMaxMasterThreads(count);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(count);
    }

    /** Initialised by its first use, which the class loader lets one thread do. */
    private static final class Loaded {
        static {
            NativeLibrary.limitMemory();
            // Arrays are closed where they are made, and everything else lies in workspaces: no collection is due in
            // between.
            Nd4j.getMemoryManager().togglePeriodicGc(false);
        }

        static void start() {}
    }
}
