package pnas.orchestrator.capacity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.Verdict.Standing;

/** What was decided last of the trainers of each engine, whichever orchestrator decided it. */
@ApplicationScoped
public class CapacityReports {
    private final Session database;

    CapacityReports(Session database) {
        this.database = database;
    }

    /**
     * A decision that still holds.
     *
     * @param desired how many trainers there should be
     * @param cause why trainings wait for trainers, in words; absent where none do
     */
    public record Report(long desired, @Nullable String cause) {}

    /** By engine; nothing of an engine whose trainers nobody here starts. */
    @Transactional
    public Map<String, Report> current() {
        return database.createNativeQuery(
                        "select engine, desired, cause from capacity where valid_until > clock_timestamp()",
                        Tuple.class)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("engine", String.class),
                        row -> new Report(row.get("desired", Long.class), row.get("cause", String.class))));
    }

    /** Keeps what was decided. It holds for a while, so that it ends with the orchestrator that decided it. */
    @Transactional
    void keep(List<Standing> standings, Duration holds) {
        standings.forEach(standing -> database.createNativeMutationQuery("""
                        insert into capacity (engine, desired, cause, valid_until)
                        values (:engine, :desired, :cause, clock_timestamp() + make_interval(secs => :holds))
                        on conflict (engine) do update set desired = excluded.desired, cause = excluded.cause,
                            valid_until = excluded.valid_until
                        """)
                .setParameter("engine", standing.engine())
                .setParameter("desired", standing.desired())
                .setParameter("cause", standing.cause(), String.class)
                .setParameter("holds", holds.toMillis() / 1000.0)
                .executeUpdate());
    }

    /** Says of every engine why no trainer can be started, whatever there is to train; the numbers stay. */
    @Transactional
    void keepTrouble(List<String> engines, String cause, Duration holds) {
        engines.forEach(engine -> database.createNativeMutationQuery("""
                        insert into capacity (engine, desired, cause, valid_until)
                        values (:engine, 0, :cause, clock_timestamp() + make_interval(secs => :holds))
                        on conflict (engine) do update set cause = excluded.cause, valid_until = excluded.valid_until
                        """)
                .setParameter("engine", engine)
                .setParameter("cause", cause)
                .setParameter("holds", holds.toMillis() / 1000.0)
                .executeUpdate());
    }
}
