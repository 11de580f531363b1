package pnas.predictor.fitting;

import java.util.concurrent.CancellationException;

/** Ends a computation of which nobody wants the result: its starter interrupts its thread, and its loops look here. */
public final class Interruption {
    private Interruption() {}

    /**
     * Goes on unless the thread was interrupted. Leaves the thread's mark as it is.
     *
     * @throws CancellationException where it was
     */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the computation was interrupted");
        }
    }
}
