package pnas.orchestrator.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import pnas.failure.LostMachine;
import pnas.process.JavaCommand;
import pnas.process.Program;

final class LoopTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private final Semaphore turns = new Semaphore(0);

    private static Loop started(Duration period, Runnable work) {
        Loop loop = new Loop("tested", period, Duration.ZERO, work);
        loop.start();
        return loop;
    }

    private boolean works(int times) throws InterruptedException {
        return turns.tryAcquire(times, 30, TimeUnit.SECONDS);
    }

    @Test
    void works_at_once_and_whenever_it_is_woken() throws InterruptedException {
        try (Loop loop = started(NEVER, turns::release)) {
            assertThat(works(1)).isTrue();
            loop.wake();
            assertThat(works(1)).isTrue();
        }
    }

    @Test
    void works_by_itself_after_each_period() throws InterruptedException {
        try (Loop _ = started(AT_ONCE, turns::release)) {
            assertThat(works(5)).isTrue();
        }
    }

    @Test
    void goes_on_after_a_failure() throws InterruptedException {
        AtomicBoolean failed = new AtomicBoolean();
        Runnable work = () -> {
            if (failed.compareAndSet(false, true)) {
                throw new IllegalStateException("as the test wants it");
            }
            turns.release();
        };
        try (Loop _ = started(AT_ONCE, work)) {
            assertThat(works(1)).isTrue();
        }
    }

    @Test
    void memory_that_ran_out_ends_the_process_and_not_the_loop_alone() throws Exception {
        Process process = Program.of(JavaCommand.of(
                        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m"),
                        List.of("-cp", System.getProperty("java.class.path"), Starved.class.getName())))
                .start(new Program.Errors.Discarded());

        assertThat(process.waitFor()).isEqualTo(LostMachine.STATUS);
    }

    /** A process that would live for ever, but for its loop. */
    static final class Starved {
        private Starved() {}

        public static void main(String[] arguments) throws InterruptedException {
            // As Java itself says it of buffers outside the heap, without a word to the options of the JVM.
            started(NEVER, () -> {
                throw new OutOfMemoryError("Cannot reserve 8192 bytes of direct buffer memory");
            });
            Thread.currentThread().join();
        }
    }

    @Test
    void no_turn_goes_on_or_begins_while_it_is_paused() throws InterruptedException {
        AtomicBoolean paused = new AtomicBoolean();
        AtomicInteger broken = new AtomicInteger();
        Runnable look = () -> {
            if (paused.get()) {
                broken.incrementAndGet();
            }
        };
        Runnable work = () -> {
            look.run();
            turns.release();
            Thread.onSpinWait();
            look.run();
        };
        try (Loop loop = started(AT_ONCE, work)) {
            for (int pause = 0; pause < 100; pause++) {
                assertThat(works(1)).isTrue();
                loop.pause();
                paused.set(true);
                turns.drainPermits();
                Thread.onSpinWait();
                paused.set(false);
                loop.resume();
            }
        }
        assertThat(broken).hasValue(0);
    }

    @Test
    void what_is_asked_for_while_it_is_paused_is_done_afterwards() throws InterruptedException {
        try (Loop loop = started(NEVER, turns::release)) {
            assertThat(works(1)).isTrue();
            loop.pause();
            loop.wake();
            loop.resume();
            assertThat(works(1)).isTrue();
        }
    }

    @Test
    void its_end_interrupts_what_it_does() {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Semaphore never = new Semaphore(0);
        try (Loop _ = started(NEVER, () -> {
            turns.release();
            try {
                never.acquire();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        })) {
            turns.acquireUninterruptibly();
        }
        assertThat(interrupted).isCompletedWithValue(true);
    }
}
