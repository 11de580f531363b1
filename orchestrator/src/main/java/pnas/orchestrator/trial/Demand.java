package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.orchestrator.life.dispatch.FairShare;
import pnas.orchestrator.life.dispatch.FairShare.Sharer;

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
        return sharers().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        engine -> engine.getValue().stream()
                                .mapToLong(Sharer::trainings)
                                .sum()));
    }

    /**
     * How many of the slots of an engine each running experiment has on average, by its id, as they are shared out now: 0 for whose trainings wait while
     * others of a higher priority have all of them.
     *
     * @param slots of the live trainers
     */
    @Transactional
    public Map<String, Double> shares(String engine, long slots) {
        return FairShare.shares(sharers().getOrDefault(engine, List.of()), slots);
    }

    /** The running experiments that have trainings, by engine. */
    private Map<String, List<Sharer>> sharers() {
        return database.createNativeQuery("""
                        select experiment.engine, experiment.id, experiment.priority, experiment.weight, experiment.max_parallel,
                            cast(sum(stage.running) as bigint) as running,
                            cast(sum(stage.queued + stage.dispatched) as bigint) as waiting
                        from experiment join stage on stage.experiment_id = experiment.id
                        where experiment.state = 'RUNNING' and stage.open_trials > 0
                        group by experiment.id
                        """, Tuple.class)
                .getResultStream()
                .collect(Collectors.groupingBy(
                        row -> row.get("engine", String.class),
                        Collectors.mapping(
                                row -> new Sharer(
                                        row.get("id", String.class),
                                        row.get("priority", Integer.class),
                                        row.get("weight", Integer.class),
                                        row.get("max_parallel", Integer.class),
                                        row.get("running", Long.class),
                                        row.get("waiting", Long.class)),
                                Collectors.toList())));
    }
}
