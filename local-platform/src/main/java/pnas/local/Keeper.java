package pnas.local;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

        /** The part ends again and again, as the sentence says. It is started again all the same. */
        void endsOften(Part part, String sentence);

        /** The part has lived long enough for its earlier ends to be forgotten. */
        void lives(Part part);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final Part part;
    private final RestartPolicy policy;
    private final Clock clock;
    private final Listener listener;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> stopRequested = new CompletableFuture<>();
    private final Thread thread;

    /** Of the keeper's thread alone: when the process was started last, and why that failed, which is empty where it did not. */
    private Instant begin;

    private String failure = "";

    /** Starts the part in the background. */
    Keeper(Part part, RestartPolicy policy, Clock clock, Listener listener) {
        this.part = part;
        this.policy = policy;
        this.clock = clock;
        this.listener = listener;
        this.begin = clock.instant();
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
            begin(process);
            started.complete(null);
            awaitEnd(process);
            return true;
        } catch (IOException | RuntimeException e) {
            started.completeExceptionally(new PlatformException("The platform did not start: " + e.getMessage(), e));
            return false;
        }
    }

    private void keepAlive() throws InterruptedException {
        int row = 0;
        while (!stopRequested.isDone()) {
            row = policy.row(row, Duration.between(begin, clock.instant()));
            Duration pause = policy.pause(row);
            LOG.warn("{} ended and is started again in {} ms", part.name(), pause.toMillis());
            if (policy.isOften(row)) {
                listener.endsOften(part, sentence(row, pause));
            }
            if (!stopComesWithin(pause)) {
                startAgain();
            }
        }
    }

    /** Starts the part and waits for its end. A start that fails counts as an end, whatever the reason. */
    private void startAgain() throws InterruptedException {
        begin = clock.instant();
        try {
            ProcessHandle process = part.start();
            begin(process);
            failure = "";
            awaitEnd(process);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} could not be started again", part.name(), e);
            failure = String.valueOf(e.getMessage());
            begin = clock.instant();
        }
    }

    private void begin(ProcessHandle process) {
        begin = clock.instant();
        listener.running(part, process);
    }

    private void awaitEnd(ProcessHandle process) throws InterruptedException {
        CompletableFuture<Object> end = CompletableFuture.anyOf(process.onExit(), stopRequested);
        try {
            try {
                end.get(policy.proof().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                listener.lives(part);
                end.get();
            }
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

    private String sentence(int row, Duration pause) {
        return String.format(
                Locale.ROOT,
                "%s ended %d times in a row, each within %d s of its start, and is started again in %d s; its log %s says why.%s",
                part.name(),
                row,
                policy.proof().toSeconds(),
                pause.toSeconds(),
                part.log(),
                failure.isEmpty() ? "" : " The last start failed: " + failure);
    }
}
