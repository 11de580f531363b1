package pnas.orchestrator.live;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that several may watch: it is looked at once for all of them, and not at all where nobody watches. Safe for use by many threads.
 */
public final class Watched {
    private final Supplier<?> version;
    private final long pause;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private @Nullable Object latest;
    private long changes;
    private long lookedAt;

    /**
     * @param version something that is equal as long as nothing has changed
     * @param pause the least time between one look and the next
     */
    Watched(Supplier<?> version, Duration pause) {
        this.version = version;
        this.pause = pause.toNanos();
    }

    /**
     * Begins to watch.
     *
     * @param wake is called after a change; it must not block
     * @return ends the watching when it is closed
     */
    public Signals.Subscription watch(Runnable wake) {
        watchers.add(wake);
        if (!isKnown()) {
            look();
        }
        return () -> {
            watchers.remove(wake);
            forgetUnlessWatched();
        };
    }

    /** How many changes were seen so far. */
    public synchronized long changes() {
        return changes;
    }

    /** Looks for a change where it is time to, and tells everybody of it. */
    void lookIfDue() {
        if (!watchers.isEmpty() && isDue()) {
            look();
        }
    }

    private synchronized boolean isDue() {
        return latest == null || System.nanoTime() - lookedAt >= pause;
    }

    private synchronized boolean isKnown() {
        return latest != null;
    }

    private synchronized void forgetUnlessWatched() {
        if (watchers.isEmpty()) {
            latest = null;
        }
    }

    private void look() {
        Object now = version.get();
        if (isNew(now)) {
            watchers.forEach(Runnable::run);
        }
    }

    private synchronized boolean isNew(Object now) {
        boolean changed = latest != null && !latest.equals(now);
        latest = now;
        lookedAt = System.nanoTime();
        changes += changed ? 1 : 0;
        return changed;
    }
}
