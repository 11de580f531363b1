package pnas.orchestrator.live;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A thread that works whenever a signal is raised, and from time to time without one. A failure of the work is logged and the work is done
 * again at the next turn.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Loop.class);

    private final Semaphore due = new Semaphore(1);
    private final Duration period;
    private final Duration pause;
    private final Runnable work;
    private final Thread thread;
    private final Signals.Subscription subscription;
    private volatile boolean closing;

    private Loop(String name, Signals signals, Signal signal, Duration period, Duration pause, Runnable work) {
        this.period = period;
        this.pause = pause;
        this.work = work;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
        this.subscription = signals.listen(signal, this::wake);
    }

    /** Starts a thread that works at once, at each signal, and after each period without one. */
    public static Loop start(String name, Signals signals, Signal signal, Duration period, Runnable work) {
        return start(name, signals, signal, period, Duration.ZERO, work);
    }

    /**
     * Starts a thread that works at once, at each signal, and after each period without one.
     *
     * @param pause after each turn; signals of that time are answered together by the next one
     */
    public static Loop start(
            String name, Signals signals, Signal signal, Duration period, Duration pause, Runnable work) {
        Loop loop = new Loop(name, signals, signal, period, pause, work);
        loop.thread.start();
        return loop;
    }

    /** Ends the thread once its present work is done; waits for it a few seconds. */
    @Override
    public void close() {
        closing = true;
        subscription.close();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        if (due.availablePermits() == 0) {
            due.release();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                // True or false, it is time; what was asked for meanwhile is answered by this turn.
                boolean asked = due.tryAcquire(period.toNanos(), TimeUnit.NANOSECONDS);
                LOG.tracef("%s %s", thread.getName(), asked ? "was woken" : "looks by itself");
                due.drainPermits();
                work();
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            LOG.debugf("%s ends", thread.getName());
        }
    }

    private void work() {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            // Whatever it is, nobody else would do this work.
            if (closing) {
                LOG.debugf(e, "%s was interrupted", thread.getName());
                return;
            }
            LOG.errorf(e, "%s failed and will try again", thread.getName());
        }
    }
}
