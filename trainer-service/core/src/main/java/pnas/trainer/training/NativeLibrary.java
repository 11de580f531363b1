package pnas.trainer.training;

import com.sun.management.OperatingSystemMXBean;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/** What engines do alike whose library is native and reached through JavaCPP: they limit its memory and give its failures a code. */
public final class NativeLibrary {
    /** Share of the memory of the machine, or of its container, that the process may take before a training is out of memory. */
    private static final double MEMORY_SHARE = 0.9;

    private NativeLibrary() {}

    /**
     * Limits the memory of the process, unless properties of the system do. Counts only before the library is loaded.
     *
     * <p>JavaCPP compares the memory of the whole process with a limit at every handle that it makes. Its default of four times the Java heap knows nothing of
     * networks. Its other limit counts what JavaCPP allocates itself, which is next to nothing here.
     */
    public static void limitMemory() {
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

    /**
     * Does work with the library.
     *
     * @param codeOf says what a failure of the library means
     * @throws PnasException {@code OUT_OF_MEMORY}, or with the code of a failure
     */
    public static <T> T call(Supplier<T> work, Function<RuntimeException, ErrorCode> codeOf) {
        try {
            return work.get();
        } catch (PnasException | UncheckedIOException e) {
            throw e;
        } catch (OutOfMemoryError e) { // JavaCPP's word for its own limits, which end a training and not the process.
            throw new PnasException(ErrorCode.OUT_OF_MEMORY, firstLine(e), e);
        } catch (RuntimeException e) {
            throw new PnasException(codeOf.apply(e), firstLine(e), e);
        }
    }

    /** What a failure says. The texts of native libraries go on with a native stack trace. */
    public static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse(failure.toString());
    }
}
