package pnas.orchestrator.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who follow experiments, and the events that they have not all taken yet. The database is asked once for all of them, and not at all where nobody
 * follows anything; only who has fallen behind, or comes later, reads what is no longer here from the database. Safe for use by many threads.
 */
public final class Followers {
    /** So many of them ask the database at once: the search has the rest of its connections. */
    private static final int ASKING = 4;

    private final Source source;
    private final int capacity;
    private final Semaphore asking = new Semaphore(ASKING, /* fair= */ true);
    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    /**
     * @param capacity how many events of an experiment are kept for those who have not taken them
     */
    Followers(Source source, int capacity) {
        this.source = source;
        this.capacity = capacity;
    }

    /** Where events are kept. An event of an experiment never becomes visible after one with a greater id of the same experiment. */
    interface Source {
        /** The id of the latest event of an experiment, 0 where there is none. */
        long latest(String experimentId);

        /** The events of an experiment after one, oldest first and at most some. */
        List<KeptEvent> after(String experimentId, long lastId, int limit);

        /**
         * The events of several experiments after one of each, oldest first and at most some of all.
         *
         * @param lastIds by experiment
         */
        Map<String, List<KeptEvent>> after(Map<String, Long> lastIds, int limit);
    }

    /**
     * Begins to follow an experiment.
     *
     * @param lastId the last event that the follower knows
     * @param wake is called when there may be more; it must not block
     */
    public Following follow(String experimentId, long lastId, Runnable wake) {
        // Where the window goes meanwhile, a new one from the beginning on is right too, if dearer.
        long latest = windows.containsKey(experimentId) ? 0 : ask(() -> source.latest(experimentId));
        Following following = new Following(experimentId, lastId, wake);
        windows.compute(experimentId, (id, present) -> {
            Window window = present == null ? new Window(latest) : present;
            window.join(following);
            return window;
        });
        return following;
    }

    /** Asks the database something for one who follows, or is about to; waits while others do. */
    public <T> T ask(Supplier<T> question) {
        asking.acquireUninterruptibly();
        try {
            return question.get();
        } finally {
            asking.release();
        }
    }

    /**
     * Looks for new events of all experiments that somebody follows, and wakes their followers.
     *
     * @return whether there may be more
     */
    boolean look(int limit) {
        if (windows.isEmpty()) {
            return false;
        }
        Map<String, Long> lastIds = new HashMap<>();
        windows.forEach((id, window) -> lastIds.put(id, window.newest()));
        Map<String, List<KeptEvent>> found = source.after(lastIds, limit);
        found.forEach((id, events) -> {
            Window window = windows.get(id);
            Long lastId = lastIds.get(id);
            if (window != null && lastId != null) {
                window.add(lastId, events);
            }
        });
        return found.values().stream().mapToInt(List::size).sum() >= limit;
    }

    /** Who follows an experiment. For use by one thread. */
    public final class Following implements AutoCloseable {
        private final String experimentId;
        private final Runnable wake;
        /** Guarded by the window. */
        private long taken;

        private Following(String experimentId, long lastId, Runnable wake) {
            this.experimentId = experimentId;
            this.taken = lastId;
            this.wake = wake;
        }

        /** The events after one that the follower has, oldest first and at most some; none where there is none yet. */
        public List<KeptEvent> after(long lastId, int limit) {
            Window window = windows.get(experimentId);
            List<KeptEvent> here = window == null ? null : window.after(this, lastId, limit);
            return here == null ? ask(() -> source.after(experimentId, lastId, limit)) : here;
        }

        @Override
        public void close() {
            windows.computeIfPresent(experimentId, (id, window) -> window.leave(this) ? null : window);
        }
    }

    /** Every event of one experiment between two, of which the latter is the newest that was seen. */
    private final class Window {
        private final Set<Following> followers = new HashSet<>();
        private final Deque<KeptEvent> events = new ArrayDeque<>();
        /** Events with greater ids than this are here, up to the newest. */
        private long oldest;

        private long newest;

        private Window(long latest) {
            this.oldest = latest;
            this.newest = latest;
        }

        private synchronized void join(Following following) {
            followers.add(following);
        }

        private synchronized boolean leave(Following following) {
            followers.remove(following);
            return followers.isEmpty();
        }

        private synchronized long newest() {
            return newest;
        }

        /** Adds what was found after an event; nothing where the window is another one by now, which has not come so far. */
        private synchronized void add(long lastId, List<KeptEvent> found) {
            if (lastId > newest) {
                return;
            }
            for (KeptEvent event : found) {
                if (event.id() > newest) {
                    events.addLast(event);
                    newest = event.id();
                }
            }
            forget();
            followers.forEach(following -> following.wake.run());
        }

        /** Absent where some of them are no longer here. */
        private synchronized @Nullable List<KeptEvent> after(Following following, long lastId, int limit) {
            following.taken = lastId;
            if (lastId < oldest) {
                return null;
            }
            List<KeptEvent> later = new ArrayList<>();
            for (KeptEvent event : events) {
                if (later.size() == limit) {
                    break;
                }
                if (event.id() > lastId) {
                    later.add(event);
                }
            }
            forget();
            return later;
        }

        /** Forgets what everybody has, and the oldest of what is too much. */
        private void forget() {
            long byAll = followers.stream()
                    .mapToLong(following -> following.taken)
                    .min()
                    .orElse(newest);
            while (!events.isEmpty()
                    && (events.size() > capacity || events.getFirst().id() <= byAll)) {
                oldest = events.removeFirst().id();
            }
        }
    }
}
