package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.orchestrator.life.Spent;

/** What experiments have used. Attempts are counted where they change; their time is that of the attempts themselves, which are the ledger. */
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
                        with clock as materialized (select clock_timestamp() as now)
                        select experiment.id, attempts_charged as trainings, attempts_granted as running,
                            (select cast(coalesce(sum(extract(epoch from coalesce(attempt.ended_at, clock.now) - attempt.claimed_at)), 0)
                                as double precision)
                                from trial join attempt on attempt.trial_id = trial.id and attempt.charged
                                where trial.experiment_id = experiment.id) as trainer_seconds,
                            cast(running_seconds + coalesce(extract(epoch from clock.now - running_since), 0)
                                as double precision) as wall_clock_seconds
                        from clock cross join experiment where experiment.id in (:experiments)
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("id", String.class),
                        row -> new Spent(
                                row.get("trainings", Long.class),
                                row.get("running", Long.class),
                                row.get("trainer_seconds", Double.class),
                                row.get("wall_clock_seconds", Double.class))));
    }
}
