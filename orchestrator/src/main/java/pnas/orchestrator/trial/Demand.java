package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.List;
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

    /**
     * How many of the slots of an engine each running experiment has on average, by its id, as they are shared out now: 0 for whose trainings wait while
     * others of a higher priority have all of them.
     *
     * @param slots of the live trainers
     */
    @Transactional
    public Map<String, Double> shares(String engine, long slots) {
        List<FairShare.Sharer> sharers = database.createNativeQuery("""
                        select experiment.id, experiment.priority, experiment.weight,
                            least(count(*), experiment.max_parallel, :slots) as trainings,
                            count(*) filter (where trial.state = 'RUNNING') as running,
                            count(*) filter (where trial.state <> 'RUNNING') as waiting
                        from experiment join trial on trial.experiment_id = experiment.id
                        where experiment.state = 'RUNNING' and experiment.engine = :engine
                            and trial.state in ('QUEUED', 'DISPATCHED', 'RUNNING')
                        group by experiment.id
                        """, Tuple.class)
                .setParameter("engine", engine)
                .setParameter("slots", slots)
                .getResultStream()
                .map(row -> new FairShare.Sharer(
                        row.get("id", String.class),
                        row.get("priority", Integer.class),
                        row.get("weight", Integer.class),
                        row.get("trainings", Long.class),
                        row.get("running", Long.class),
                        row.get("waiting", Long.class)))
                .toList();
        return FairShare.shares(sharers, slots);
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
