package pnas.local;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one part alive on a thread of its own: starts it, waits for its end, starts it again, until it is told to stop. */
final class Keeper {
    /** What a keeper tells; called on its thread. */
    interface Listener {
        /** The part runs, for the first time or again. */
        void running(Part part, ProcessHandle process);

        /** The part ended too often and is not started again. */
        void gaveUp(Part part, String message);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final Part part;
    private final RestartPolicy policy;
    private final Clock clock;
    private final Listener listener;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> stopRequested = new CompletableFuture<>();
    private final Thread thread;

    /** Starts the part in the background. */
    Keeper(Part part, RestartPolicy policy, Clock clock, Listener listener) {
        this.part = part;
        this.policy = policy;
        this.clock = clock;
        this.listener = listener;
        this.thread =
                Thread.ofPlatform().daemon().name("keeper of " + part.name()).start(this::keep);
    }

    /** Completes when the part was started for the first time; with a {@link PlatformException} when that failed. */
    CompletableFuture<Void> started() {
        return started;
    }

    /** Makes the keeper stop its part, in the background, also while it is being started. */
    void requestStop() {
        stopRequested.complete(null);
        thread.interrupt();
    }

    /** Returns when the part was stopped. */
    void awaitStopped() throws InterruptedException {
        thread.join();
    }

    private void keep() {
        try {
            if (startFirst()) {
                keepAlive();
            }
        } catch (InterruptedException e) {
            // Asked to stop, which is what follows.
        }
        while (!stopPart()) {
            // The request to stop came while the part was being stopped already: go on with that. It comes once.
        }
    }

    private boolean stopPart() {
        try {
            part.stop();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private boolean startFirst() throws InterruptedException {
        try {
            ProcessHandle process = part.start();
            listener.running(part, process);
            started.complete(null);
            awaitEnd(process);
            return true;
        } catch (IOException e) {
            started.completeExceptionally(new PlatformException("The platform did not start: " + e.getMessage(), e));
            return false;
        }
    }

    private void keepAlive() throws InterruptedException {
        List<Instant> ends = new ArrayList<>();
        while (!stopRequested.isDone()) {
            ends.add(clock.instant());
            switch (policy.decide(ends, clock.instant())) {
                case RestartPolicy.Decision.Restart(Duration after) -> {
                    LOG.warn("{} ended and is started again in {} ms", part.name(), after.toMillis());
                    if (!stopComesWithin(after)) {
                        startAgain();
                    }
                }
                case RestartPolicy.Decision.GiveUp() -> {
                    listener.gaveUp(part, message());
                    return;
                }
            }
        }
    }

    /** Starts the part and waits for its end. A start that fails counts as an end. */
    private void startAgain() throws InterruptedException {
        try {
            ProcessHandle process = part.start();
            listener.running(part, process);
            awaitEnd(process);
        } catch (IOException e) {
            LOG.warn("{} could not be started again", part.name(), e);
        }
    }

    private void awaitEnd(ProcessHandle process) throws InterruptedException {
        try {
            CompletableFuture.anyOf(process.onExit(), stopRequested).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process cannot fail", e);
        }
    }

    private boolean stopComesWithin(Duration pause) throws InterruptedException {
        try {
            stopRequested.get(pause.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request to stop cannot fail", e);
        }
    }

    private String message() {
        return String.format(
                Locale.ROOT,
                "%s ended %d times within %d s and is not started again; its log %s says why.",
                part.name(),
                policy.limit(),
                policy.window().toSeconds(),
                part.log());
    }
}
