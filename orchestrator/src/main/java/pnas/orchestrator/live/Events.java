package pnas.orchestrator.live;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The events of all experiments, kept in the database. */
@ApplicationScoped
public class Events {
    /**
     * The events of an experiment after one that the reader knows, oldest first.
     *
     * @param lastId the id of the last known event, 0 for none
     * @param limit at most this many
     */
    public List<Event> after(String experimentId, long lastId, int limit) {
        throw new UnsupportedOperationException();
    }

    /**
     * Calls the listener after each commit of this process that appended events, and at least every half second besides, since another orchestrator may
     * have appended some. It is called on a thread that must not be blocked.
     *
     * @return ends the listening when it is closed
     */
    public Subscription listen(Runnable listener) {
        throw new UnsupportedOperationException();
    }

    /** A listening that can be ended. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
