package pnas.trainer.engine.torch;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.trainer.training.NativeLibrary;

/** Runs work with libtorch: frees the native objects that it made and gives its failures a code. */
final class NativeWork {
    /** What the allocators of the CPU and of CUDA say when they are refused memory. libtorch has no type of its own for it in Java. */
    private static final List<String> OUT_OF_MEMORY =
            List.of("can't allocate memory", "not enough memory", "out of memory");

    private NativeWork() {}

    /**
     * Does the work and frees every native object that it made and did not retain.
     *
     * @throws PnasException {@code OUT_OF_MEMORY} or {@code ENGINE_FAILURE}
     */
    static <T> T call(Supplier<T> work) {
        try (PointerScope _ = new PointerScope()) {
            return NativeLibrary.call(work, NativeWork::codeOf);
        }
    }

    /** As {@link #call}, for work without a result. */
    static void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    private static ErrorCode codeOf(RuntimeException failure) {
        String text = String.valueOf(failure.getMessage());
        return OUT_OF_MEMORY.stream().anyMatch(text::contains) ? ErrorCode.OUT_OF_MEMORY : ErrorCode.ENGINE_FAILURE;
    }
}
