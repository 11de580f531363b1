package pnas.orchestrator.trainer;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.hibernate.type.StandardBasicTypes;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainerEvent;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.KeptText;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;

/** The trainers that announced themselves. Whether one is alive is decided by the database's clock. */
@ApplicationScoped
public class Trainers {
    private static final Logger LOG = Logger.getLogger(Trainers.class);

    private final Session database;
    private final LeaseConfiguration lease;
    private final Signals signals;

    Trainers(Session database, LeaseConfiguration lease, Signals signals) {
        this.database = database;
        this.lease = lease;
        this.signals = signals;
    }

    /** All trainers, those that were heard last first. */
    @Transactional
    public List<TrainerView> list() {
        return database.createNativeQuery("""
                        select id, engine, engine_version, device_kind, host, slots, trials, heard_at,
                            case when state = 'ALIVE' and heard_at < clock_timestamp() - make_interval(secs => :lease)
                                then 'SILENT' when state = 'ALIVE' and obstacle is not null then 'UNABLE'
                                else state end as standing,
                            case when state = 'ALIVE' then obstacle end as obstacle
                        from trainer order by heard_at desc, id
                        """, Tuple.class)
                .setParameter("lease", leaseSeconds())
                .getResultStream()
                .map(row -> new TrainerView(
                        row.get("id", String.class),
                        row.get("engine", String.class),
                        row.get("engine_version", String.class),
                        row.get("device_kind", String.class),
                        row.get("host", String.class),
                        row.get("slots", Integer.class),
                        TrainerState.valueOf(row.get("standing", String.class)),
                        List.of(row.get("trials", String[].class)),
                        row.get("heard_at", Instant.class),
                        row.get("obstacle", String.class)))
                .toList();
    }

    /** The trainers of an engine. */
    @Transactional
    public Crew crew(String engine) {
        Tuple row = database.createNativeQuery("""
                        select max(heard_at) as heard_at,
                            count(*) filter (where alive and obstacle is null) as alive,
                            coalesce(sum(slots) filter (where alive and obstacle is null), 0) as slots,
                            min(id || ': ' || obstacle) filter (where alive) as obstacle
                        from (select id, heard_at, slots, obstacle, state = 'ALIVE'
                            and heard_at >= clock_timestamp() - make_interval(secs => :lease) as alive
                            from trainer where engine = :engine) known
                        """, Tuple.class)
                .setParameter("engine", engine)
                .setParameter("lease", leaseSeconds())
                .getSingleResult();
        return new Crew(
                row.get("heard_at", Instant.class),
                row.get("alive", Long.class),
                row.get("slots", Long.class),
                row.get("obstacle", String.class));
    }

    /** Forgets trainers that have not been heard for a day. */
    @Scheduled(
            every = "1h",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @Transactional
    void forgetTheLost() {
        int forgotten = database.createNativeMutationQuery("""
                        delete from trainer where id in (select id from trainer
                            where heard_at < clock_timestamp() - interval '24 hours' order by heard_at limit 1000)
                        """).executeUpdate();
        if (forgotten > 0) {
            LOG.infof("%d trainers that were not heard for a day are forgotten", forgotten);
        }
    }

    /** What the live trainers of an engine compute with. */
    @Transactional
    public Set<Machine> liveMachines(String engine) {
        return database.createNativeQuery("""
                                select distinct engine_version, device_kind from trainer
                                where engine = :engine and state = 'ALIVE' and obstacle is null
                                    and heard_at >= clock_timestamp() - make_interval(secs => :lease)
                                """, Tuple.class)
                .setParameter("engine", engine)
                .setParameter("lease", leaseSeconds())
                .getResultStream()
                .map(row -> new Machine(
                        engine, row.get("engine_version", String.class), row.get("device_kind", String.class)))
                .collect(Collectors.toSet());
    }

    /** The kind of device that most slots of an engine's live trainers have; null where none is alive. */
    @Transactional
    public @Nullable String commonestDevice(String engine) {
        return database.createNativeQuery("""
                        select device_kind from trainer where engine = :engine and state = 'ALIVE' and obstacle is null
                            and heard_at >= clock_timestamp() - make_interval(secs => :lease)
                        group by device_kind order by sum(slots) desc, device_kind limit 1
                        """, String.class)
                .setParameter("engine", engine)
                .setParameter("lease", leaseSeconds())
                .getSingleResultOrNull();
    }

    /**
     * The last that was heard of each trainer of the last day, by its name. One that was not heard for a lease is told to be silent where another one was heard
     * meanwhile: else it may be this service that hears nothing.
     */
    @Transactional
    Map<String, Sign> signs() {
        return database.createNativeQuery("""
                        select id, heard_at, state = 'LEFT' as gone, obstacle is null as able,
                            state = 'ALIVE' and heard_at < clock_timestamp() - make_interval(secs => :lease)
                                and exists (select 1 from trainer where state = 'ALIVE'
                                    and heard_at >= clock_timestamp() - make_interval(secs => :lease)) as silent
                        from trainer
                        """, Tuple.class)
                .setParameter("lease", leaseSeconds())
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("id", String.class),
                        row -> new Sign(
                                row.get("heard_at", Instant.class),
                                row.get("gone", Boolean.class),
                                row.get("able", Boolean.class),
                                row.get("silent", Boolean.class))));
    }

    @Transactional
    void apply(List<TrainerEvent> events) {
        events.forEach(this::apply);
    }

    private void apply(TrainerEvent event) {
        switch (event) {
            case TrainerEvent.Announced announced -> {
                database.createNativeMutationQuery("""
                                insert into trainer (id, engine, engine_version, device_kind, host, slots, state, obstacle)
                                values (:id, :engine, :version, :device, :host, :slots, 'ALIVE', :obstacle)
                                on conflict (id) do update set engine = excluded.engine,
                                    engine_version = excluded.engine_version, device_kind = excluded.device_kind,
                                    host = excluded.host, slots = excluded.slots, state = 'ALIVE',
                                    obstacle = excluded.obstacle, heard_at = clock_timestamp()
                                """)
                        .setParameter("id", announced.worker())
                        .setParameter("engine", announced.machine().engine())
                        .setParameter("version", announced.machine().engineVersion())
                        .setParameter("device", announced.machine().deviceKind())
                        .setParameter("host", announced.host())
                        .setParameter("slots", announced.slots())
                        .setParameter(
                                "obstacle",
                                announced.obstacle() == null ? null : KeptText.of(announced.obstacle()),
                                StandardBasicTypes.STRING)
                        .executeUpdate();
                signals.raiseAfterCommit(Signal.DISPATCH);
            }
            case TrainerEvent.Alive alive ->
                database.createNativeMutationQuery("""
                                update trainer set heard_at = clock_timestamp(), trials = :trials
                                where id = :id and state = 'ALIVE'
                                """)
                        .setParameter("id", alive.worker())
                        .setParameter("trials", alive.trials().toArray(String[]::new))
                        .executeUpdate();
            case TrainerEvent.Leaving leaving ->
                database.createNativeMutationQuery(
                                "update trainer set state = 'LEFT', trials = cast(array[] as text[]) where id = :id")
                        .setParameter("id", leaving.worker())
                        .executeUpdate();
        }
    }

    private double leaseSeconds() {
        return lease.duration().toMillis() / 1000.0;
    }
}
