package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.life.Usage;

/** What experiments have used, from what is counted where attempts change. */
@ApplicationScoped
class Spending {
    private final Session database;

    Spending(Session database) {
        this.database = database;
    }

    /** What each of these experiments has used until now, by its id. */
    @Transactional
    Map<String, Spent> of(Collection<String> experimentIds) {
        if (experimentIds.isEmpty()) {
            return Map.of();
        }
        return database.createNativeQuery("""
                        select id, trials_out, attempts_granted, attempts_charged, ended_millis, claimed_millis, running_seconds,
                            running_since, clock_timestamp() as now
                        from experiment where id in (:experiments)
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .collect(Collectors.toMap(row -> row.get("id", String.class), Spending::spent));
    }

    private static Spent spent(Tuple row) {
        return Spent.of(
                new Usage(
                        row.get("trials_out", Long.class),
                        row.get("attempts_granted", Long.class),
                        row.get("attempts_charged", Long.class),
                        row.get("ended_millis", Long.class),
                        row.get("claimed_millis", Long.class)),
                row.get("running_seconds", Double.class),
                row.get("running_since", Instant.class),
                row.get("now", Instant.class));
    }
}
