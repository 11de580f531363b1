package pnas.orchestrator.live;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;

/** The events of all experiments, kept in the database. */
@ApplicationScoped
public class Events {
    /** How soon the events of another orchestrator are looked for. */
    private static final Duration OTHERS = Duration.ofMillis(500);

    private final Session database;
    private final Signals signals;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Loop loop;

    Events(Session database, Signals signals) {
        this.database = database;
        this.signals = signals;
    }

    /**
     * Appends events in this order. Part of a transaction that holds the row locks of their experiments, so that an id never becomes visible after a
     * greater one of the same experiment.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void append(List<NewEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        database.createNativeMutationQuery("""
                        insert into event (experiment_id, type, trial_id, body)
                        select e ->> 'experimentId', e ->> 'type', e ->> 'trialId', e -> 'body'
                        from jsonb_array_elements(cast(:events as jsonb)) with ordinality as given (e, n)
                        order by n
                        """)
                .setParameter("events", new String(Messages.encode(events), StandardCharsets.UTF_8))
                .executeUpdate();
        signals.raiseAfterCommit(Signal.EVENTS);
    }

    /**
     * The events of an experiment after one that the reader knows, oldest first.
     *
     * @param lastId the id of the last known event, 0 for none
     * @param limit at most this many
     */
    @Transactional
    public List<Event> after(String experimentId, long lastId, int limit) {
        return database.createNativeQuery("""
                        select id, at, type, trial_id, cast(body as text) as body from event
                        where experiment_id = :experiment and id > :last order by id limit :limit
                        """, Tuple.class)
                .setParameter("experiment", experimentId)
                .setParameter("last", lastId)
                .setParameter("limit", limit)
                .getResultStream()
                .map(Events::event)
                .toList();
    }

    /**
     * The latest events of an experiment, newest first.
     *
     * @param limit at most this many
     */
    @Transactional
    public List<Event> latest(String experimentId, int limit) {
        return database.createNativeQuery("""
                        select id, at, type, trial_id, cast(body as text) as body from event
                        where experiment_id = :experiment order by id desc limit :limit
                        """, Tuple.class)
                .setParameter("experiment", experimentId)
                .setParameter("limit", limit)
                .getResultStream()
                .map(Events::event)
                .toList();
    }

    /**
     * Events of an experiment before one that the reader knows, newest first.
     *
     * @param id the id of the known event, {@link Long#MAX_VALUE} for none
     * @param without a type of event that is left out
     * @param limit at most this many
     */
    @Transactional
    public List<Event> before(String experimentId, long id, String without, int limit) {
        return database.createNativeQuery("""
                        select id, at, type, trial_id, cast(body as text) as body from event
                        where experiment_id = :experiment and id < :id and type <> :without order by id desc limit :limit
                        """, Tuple.class)
                .setParameter("experiment", experimentId)
                .setParameter("id", id)
                .setParameter("without", without)
                .setParameter("limit", limit)
                .getResultStream()
                .map(Events::event)
                .toList();
    }

    /**
     * Something that differs whenever an event of any experiment has become visible. Ids of different experiments may become visible out of their
     * order, so the greatest alone does not tell.
     */
    @Transactional
    public Object version() {
        Tuple row = database.createNativeQuery("""
                        select coalesce(max(id), 0) as latest, count(*) as recent from event
                        where id > (select coalesce(max(id), 0) from event) - 1000
                        """, Tuple.class).getSingleResult();
        return List.of(row.get("latest", Long.class), row.get("recent", Long.class));
    }

    private static Event event(Tuple row) {
        return new Event(
                row.get("id", Long.class),
                row.get("at", Instant.class),
                row.get("type", String.class),
                row.get("trial_id", String.class),
                row.get("body", String.class));
    }

    /**
     * Calls the listener after commits of this process that appended events, and at least every half second besides, since another
     * orchestrator may have appended some. It must not block.
     *
     * @return ends the listening when it is closed
     */
    public Signals.Subscription listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void start(@Observes StartupEvent event) {
        loop = Loop.start("event-listeners", signals, Signal.EVENTS, OTHERS, () -> listeners.forEach(Runnable::run));
    }

    void stop(@Observes ShutdownEvent event) {
        if (loop != null) {
            loop.close();
        }
    }
}
