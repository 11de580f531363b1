package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.orchestrator.trial.FairShare.Claimant;

/** What trainers are needed for now. */
@ApplicationScoped
public class Demand {
    /** A share of slots is told to within an eighth of one. */
    private static final long PARTS = 8;

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
     * How many of the slots of an engine each running experiment has on average, by its id, as they are shared out now.
     *
     * @param slots of the live trainers
     */
    @Transactional
    public Map<String, Double> shares(String engine, long slots) {
        List<Claimant<Integer>> claimants = database.createNativeQuery("""
                        select experiment.id, experiment.priority, experiment.weight,
                            :parts * least(count(*), experiment.max_parallel, :slots) as trainings
                        from experiment join trial on trial.experiment_id = experiment.id
                        where experiment.state = 'RUNNING' and experiment.engine = :engine
                            and trial.state in ('QUEUED', 'DISPATCHED', 'RUNNING')
                        group by experiment.id
                        """, Tuple.class)
                .setParameter("engine", engine)
                .setParameter("slots", slots)
                .setParameter("parts", PARTS)
                .getResultStream()
                .map(row -> new Claimant<>(
                        row.get("id", String.class),
                        row.get("priority", Integer.class),
                        row.get("weight", Integer.class),
                        0,
                        0,
                        Collections.nCopies(row.get("trainings", Long.class).intValue(), 0)))
                .toList();
        Map<String, Long> parts = FairShare.choose(claimants, PARTS * slots).stream()
                .collect(Collectors.groupingBy(FairShare.Choice::experimentId, Collectors.counting()));
        return claimants.stream()
                .collect(Collectors.toMap(
                        Claimant::experimentId,
                        claimant -> (double) parts.getOrDefault(claimant.experimentId(), 0L) / PARTS));
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
