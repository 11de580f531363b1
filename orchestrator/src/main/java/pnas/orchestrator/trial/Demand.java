package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;

/** What trainers are needed for now. */
@ApplicationScoped
public class Demand {
    private final Session database;

    Demand(Session database) {
        this.database = database;
    }

    /** How many trainings of running experiments could go on at once, by engine. */
    @Transactional
    public Map<String, Long> trainings() {
        return database.createNativeQuery("""
                        select engine, cast(sum(trainings) as bigint) as trainings from (
                            select experiment.engine, least(count(*), experiment.max_parallel) as trainings
                            from experiment join trial on trial.experiment_id = experiment.id
                            where experiment.state = 'RUNNING' and trial.state in ('QUEUED', 'DISPATCHED', 'RUNNING')
                            group by experiment.id) open
                        group by engine
                        """, Tuple.class)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("engine", String.class), row -> row.get("trainings", Long.class)));
    }

    /** The workers that hold a lease, or said in their last word that they train. */
    @Transactional
    public Set<String> busyWorkers() {
        return new HashSet<>(database.createNativeQuery("""
                        select worker from trial where state = 'RUNNING'
                        union select id from worker where state = 'ALIVE' and trials <> '{}'
                        """, String.class).getResultList());
    }
}
