package pnas.orchestrator.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.life.NewEvent;

/** The events of all experiments, kept in the database. */
@ApplicationScoped
public class Events implements Followers.Source {
    /** How soon the events of another orchestrator are looked for. */
    private static final Duration OTHERS = Duration.ofMillis(500);
    /** However many commits there are, so often is looked at most. */
    private static final Duration REST = Duration.ofMillis(50);
    /** How many events are read at once, of all experiments that somebody follows. */
    private static final int BATCH = 2000;
    /** How many events of an experiment wait for those who follow it; a stage that is cancelled has nearly as many at once. */
    private static final int WAITING = 5000;

    private final Session database;
    private final Signals signals;
    private final Loops loops;
    private final Counter reads;
    private final Followers followers = new Followers(this, WAITING);
    private final List<Watched> watched = new CopyOnWriteArrayList<>();

    Events(Session database, Signals signals, Loops loops, MeterRegistry metrics) {
        this.database = database;
        this.signals = signals;
        this.loops = loops;
        this.reads = Counter.builder("pnas_event_reads_total")
                .description("How often the database was asked for events")
                .register(metrics);
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
                        select e ->> 'experimentId', e ->> 'type', e ->> 'trialId', e -> 'event'
                        from jsonb_array_elements(cast(:events as jsonb)) with ordinality as given (e, n)
                        order by n
                        """)
                .setParameter("events", json(events))
                .executeUpdate();
        signals.raiseAfterCommit(Signal.EVENTS);
    }

    /**
     * The events of an experiment after one that the reader knows, oldest first.
     *
     * @param lastId the id of the last known event, 0 for none
     * @param limit at most this many
     */
    @Override
    @Transactional
    public List<KeptEvent> after(String experimentId, long lastId, int limit) {
        reads.increment();
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
     * Events of an experiment before one that the reader knows, newest first.
     *
     * @param id the id of the known event, {@link Long#MAX_VALUE} for none
     * @param without kinds that are left out
     * @param limit at most this many
     */
    @Transactional
    public List<KeptEvent> before(String experimentId, long id, Set<Class<? extends Event>> without, int limit) {
        return database.createNativeQuery("""
                        select id, at, type, trial_id, cast(body as text) as body from event
                        where experiment_id = :experiment and id < :id and type not in (:without) order by id desc limit :limit
                        """, Tuple.class)
                .setParameter("experiment", experimentId)
                .setParameter("id", id)
                .setParameter("without", without.stream().map(Event::typeOf).toList())
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
        reads.increment();
        Tuple row = database.createNativeQuery("""
                        select coalesce(max(id), 0) as latest, count(*) as recent from event
                        where id > (select coalesce(max(id), 0) from event) - 1000
                        """, Tuple.class).getSingleResult();
        return List.of(row.get("latest", Long.class), row.get("recent", Long.class));
    }

    /** An event as the statement above takes it. */
    private record Row(
            String experimentId, String type, @Nullable String trialId, Event event) {}

    private static String json(List<NewEvent> events) {
        List<Row> rows = events.stream()
                .map(told -> new Row(told.experimentId(), told.type(), told.trialId(), told.event()))
                .toList();
        return Messages.encodeText(rows);
    }

    private static KeptEvent event(Tuple row) {
        return new KeptEvent(
                row.get("id", Long.class),
                row.get("at", Instant.class),
                row.get("trial_id", String.class),
                Event.read(row.get("type", String.class), row.get("body", String.class)));
    }

    @Override
    @Transactional
    public long latest(String experimentId) {
        reads.increment();
        return database.createNativeQuery(
                        "select coalesce(max(id), 0) from event where experiment_id = :experiment", Long.class)
                .setParameter("experiment", experimentId)
                .getSingleResult();
    }

    /** The least ids of all first, so that what is found of each experiment has no gap. */
    @Override
    @Transactional
    public Map<String, List<KeptEvent>> after(Map<String, Long> lastIds, int limit) {
        reads.increment();
        List<Map.Entry<String, Long>> followed = List.copyOf(lastIds.entrySet());
        return database.createNativeQuery("""
                        select experiment_id, id, at, type, trial_id, body
                        from unnest(:experiments, :lasts) as followed (experiment, last)
                        cross join lateral (select experiment_id, id, at, type, trial_id, cast(body as text) as body from event
                            where experiment_id = followed.experiment and id > followed.last order by id limit :limit) later
                        order by id limit :limit
                        """, Tuple.class)
                .setParameter(
                        "experiments", followed.stream().map(Map.Entry::getKey).toArray(String[]::new))
                .setParameter(
                        "lasts", followed.stream().map(Map.Entry::getValue).toArray(Long[]::new))
                .setParameter("limit", limit)
                .getResultStream()
                .collect(Collectors.groupingBy(
                        row -> row.get("experiment_id", String.class),
                        Collectors.mapping(Events::event, Collectors.toList())));
    }

    /** Those who follow experiments: they are told of events within half a second, whichever orchestrator appended them. */
    public Followers followers() {
        return followers;
    }

    /**
     * Has something looked at whenever events were appended, and twice a second besides, as long as somebody watches it.
     *
     * @param version something that is equal as long as nothing has changed
     * @param pause the least time between one look and the next
     */
    public Watched watched(Supplier<?> version, Duration pause) {
        Watched one = new Watched(version, pause);
        watched.add(one);
        return one;
    }

    private void look() {
        boolean more;
        do {
            more = followers.look(BATCH);
        } while (more);
        watched.forEach(Watched::lookIfDue);
    }

    void start(@Observes StartupEvent event) {
        loops.start("event-watcher", Signal.EVENTS, OTHERS, REST, this::look);
    }
}
