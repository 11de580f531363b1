package pnas.orchestrator.live;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import pnas.failure.LostMachine;

/** A thread that works when it is woken, and from time to time by itself. A failure of the work is logged and the work is done again at the next turn; where memory ran out, the process ends. */
final class Loop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Loop.class);

    private final Semaphore due = new Semaphore(1);
    /** Its holder keeps the next turn from its begin. */
    private final Semaphore turn = new Semaphore(1);

    private final Duration period;
    private final Duration rest;
    private final Runnable work;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Its thread works at once, whenever it is woken, and after each period in which it was not.
     *
     * @param rest after each turn; who wakes it in that time is answered by the next one
     */
    Loop(String name, Duration period, Duration rest, Runnable work) {
        this.period = period;
        this.rest = rest;
        this.work = work;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Never waits for the work. */
    void wake() {
        if (due.availablePermits() == 0) {
            due.release();
        }
    }

    /** Waits until its turn, if one goes on, is over; none begins before {@link #resume}. */
    void pause() {
        turn.acquireUninterruptibly();
    }

    void resume() {
        turn.release();
    }

    /** Ends the thread once its present work is done; waits for it a few seconds. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            // Not whether it was interrupted: work may take that for its own.
            while (!closing) {
                // True or false, it is time; what was asked for meanwhile is answered by this turn.
                boolean asked = due.tryAcquire(period.toNanos(), TimeUnit.NANOSECONDS);
                LOG.tracef("%s %s", thread.getName(), asked ? "was woken" : "looks by itself");
                turn.acquire();
                try {
                    due.drainPermits();
                    work();
                } finally {
                    turn.release();
                }
                Thread.sleep(rest);
            }
        } catch (InterruptedException e) {
            LOG.debugf("%s ends", thread.getName());
        }
    }

    private void work() {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LostMachine.endIf(e);
            // Whatever else it is, nobody else would do this work.
            if (closing) {
                LOG.debugf(e, "%s was interrupted", thread.getName());
                return;
            }
            LOG.errorf(e, "%s failed and will try again", thread.getName());
        }
    }
}
