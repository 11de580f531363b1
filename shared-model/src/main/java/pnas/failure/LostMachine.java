package pnas.failure;

import org.jspecify.annotations.Nullable;

/**
 * Ends a process whose virtual machine lacks what it needs: memory of any kind, or a thread. Half of a service that goes on looks alive and does
 * nothing, while one that ends is started again. {@code -XX:+ExitOnOutOfMemoryError} does so for the heap alone, and only where it is given.
 */
public final class LostMachine {
    /** The exit status, the same as the one of {@code -XX:+ExitOnOutOfMemoryError}. */
    public static final int STATUS = 3;

    private LostMachine() {}

    /** Ends the process at once where such a failure stands behind this one; no hook runs, as it could lack the same. Else does nothing. */
    public static void endIf(Throwable failure) {
        if (isBehind(failure)) {
            try {
                failure.printStackTrace();
            } finally {
                Runtime.getRuntime().halt(STATUS);
            }
        }
    }

    /** Whether the virtual machine failed. A stack that is too deep is a defect of one piece of work, which others outlive. */
    static boolean isBehind(Throwable failure) {
        int depth = 0;
        for (@Nullable Throwable cause = failure; cause != null && depth < 100; cause = cause.getCause()) {
            if (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)) {
                return true;
            }
            depth++;
        }
        return false;
    }
}
