package pnas.orchestrator.live;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The threads of this orchestrator that work whenever a signal is raised, and from time to time without one. What only passes from time to time and may
 * be late by a second is a matter of the scheduler.
 */
@ApplicationScoped
public class Loops {
    private final Signals signals;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    Loops(Signals signals) {
        this.signals = signals;
    }

    /** Starts a thread that works at once, at each signal, and after each period without one. A failure of the work is logged. */
    public void start(String name, Signal signal, Duration period, Runnable work) {
        start(name, signal, period, Duration.ZERO, work);
    }

    /**
     * Starts a thread that works at once, at each signal, and after each period without one. A failure of the work is logged.
     *
     * @param rest after each turn; signals of that time are answered together by the next one
     */
    public void start(String name, Signal signal, Duration period, Duration rest, Runnable work) {
        Loop loop = new Loop(name, period, rest, work);
        signals.listen(signal, loop::wake);
        loops.add(loop);
        loop.start();
    }

    /** Waits until the turns that go on are over; none begins before {@link #resume}, and what was asked for meanwhile is done then. */
    public void pause() {
        loops.forEach(Loop::pause);
    }

    public void resume() {
        loops.forEach(Loop::resume);
    }

    /** Before anything that they work with. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event) {
        loops.forEach(Loop::close);
    }
}
