package pnas.trainer.engine.dl4j;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.trainer.training.NativeLibrary;

/** Runs work with ND4J and gives its failures a code. */
final class NativeWork {
    /** What the allocators of the CPU and of CUDA say when they are refused memory; the library has no type of its own for it. */
    private static final List<String> OUT_OF_MEMORY =
            List.of("failed to allocate", "allocation failed", "out of memory", "cannot allocate memory", "bad_alloc");

    private NativeWork() {}

    /**
     * Does the work.
     *
     * @throws PnasException {@code OUT_OF_MEMORY} or {@code ENGINE_FAILURE}
     */
    static <T> T call(Supplier<T> work) {
        return NativeLibrary.call(work, NativeWork::codeOf);
    }

    /** As {@link #call}, for work without a result. */
    static void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    private static ErrorCode codeOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof OutOfMemoryError || OUT_OF_MEMORY.stream().anyMatch(text::contains)) {
                return ErrorCode.OUT_OF_MEMORY;
            }
        }
        return ErrorCode.ENGINE_FAILURE;
    }
}
