package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.trainer.LeaseConfiguration;
import pnas.statistics.Tally;

/** The trials of stages, as those see them who look at experiments. */
@ApplicationScoped
public class StageTrials {
    private final Session database;
    private final LeaseConfiguration lease;

    StageTrials(Session database, LeaseConfiguration lease) {
        this.database = database;
        this.lease = lease;
    }

    /**
     * The trials of a stage, counted.
     *
     * @param best the best accuracy among those that are not set aside, absent where none has one
     */
    public record Counts(int stage, Tally tally, @Nullable Double best) {}

    /** The trials of these experiments, counted for each of their stages; by experiment, in the order of the stages. */
    @Transactional
    public Map<String, List<Counts>> counts(Collection<String> experimentIds) {
        return database.createNativeQuery("""
                        select stage.experiment_id, number, trained, replayed, reused, diverged, failed, cancelled, stage.set_aside,
                            running, dispatched, queued, best.accuracy as best
                        from stage left join lateral (select accuracy from trial
                            where trial.experiment_id = stage.experiment_id and trial.stage = stage.number
                                and trial.state = 'TRAINED' and not trial.set_aside
                            order by accuracy desc limit 1) best on true
                        where stage.experiment_id in (:experiments) order by stage.experiment_id, number
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .collect(Collectors.groupingBy(
                        row -> row.get("experiment_id", String.class),
                        Collectors.mapping(
                                row -> new Counts(
                                        row.get("number", Integer.class),
                                        counts(row).tally(),
                                        row.get("best", Double.class)),
                                Collectors.toList())));
    }

    /** The counts in a row that has a column for each kind. */
    static TrialCounts counts(Tuple row) {
        return new TrialCounts(Arrays.stream(TrialKind.values())
                .collect(Collectors.toMap(
                        kind -> kind, kind -> row.get(kind.name().toLowerCase(Locale.ROOT), Long.class))));
    }

    /** The trainings of these experiments that are not over, by experiment. */
    @Transactional
    public Map<String, List<OpenTraining>> open(Collection<String> experimentIds) {
        return database.createNativeQuery("""
                        select trial.experiment_id, trial.stage, trial.multiply_adds, trial.parameters, trial.layers,
                            cast(experiment.specification -> 'training' ->> 'epochs' as bigint)
                                * cast(experiment.specification -> 'dataSet' ->> 'training' as bigint) as images,
                            cast(extract(epoch from clock_timestamp() - attempt.claimed_at) as double precision) as running
                        from trial join experiment on experiment.id = trial.experiment_id
                        left join attempt on attempt.trial_id = trial.id and attempt.token = trial.lease_token
                        where trial.experiment_id in (:experiments) and trial.state in ('QUEUED', 'DISPATCHED', 'RUNNING')
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .map(row -> new OpenTraining(
                        row.get("experiment_id", String.class),
                        row.get("stage", Integer.class),
                        TrainingTimes.size(row),
                        row.get("running", Double.class)))
                .collect(Collectors.groupingBy(OpenTraining::experimentId));
    }

    /** When the oldest job of each of these experiments was sent that nobody has taken though there was time enough; by experiment. */
    @Transactional
    public Map<String, Instant> unclaimedSince(Collection<String> experimentIds) {
        return database.createNativeQuery("""
                        select experiment_id, min(dispatched_at) as sent_at from trial
                        where state = 'DISPATCHED' and experiment_id in (:experiments)
                            and dispatched_at < clock_timestamp() - make_interval(secs => :enough)
                        group by experiment_id
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .setParameter("enough", lease.unclaimed().toMillis() / 1000.0)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("experiment_id", String.class), row -> row.get("sent_at", Instant.class)));
    }

    /** How many trainings go on, by engine. */
    @Transactional
    public Map<String, Long> running() {
        return database.createNativeQuery("""
                        select engine, cast(sum(attempts_granted) as bigint) as trainings
                        from experiment where attempts_granted > 0 group by engine
                        """, Tuple.class)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("engine", String.class), row -> row.get("trainings", Long.class)));
    }

    /** The best measured cell of the last stage that has any, by experiment, those that are set aside excepted; ties go to the least text. */
    @Transactional
    public Map<String, TrialSummary> best(Collection<String> experimentIds) {
        return first(experimentIds, "set_aside, stage desc, accuracy desc, cell collate \"C\"");
    }

    /** The best measured cell of all stages, by experiment; ties go to the least text. */
    @Transactional
    public Map<String, TrialSummary> bestOverall(Collection<String> experimentIds) {
        return first(experimentIds, "accuracy desc, cell collate \"C\"");
    }

    /** All trials of an experiment, by stage and rank. */
    @Transactional
    public List<TrialSummary> all(String experimentId) {
        List<TrialEntity> rows = TrialEntity.list("experimentId = ?1 order by stage, rank", experimentId);
        return rows.stream().map(TrialEntity::summary).toList();
    }

    private Map<String, TrialSummary> first(Collection<String> experimentIds, String order) {
        return database.createNativeQuery(
                        "select distinct on (experiment_id) * from trial where state = 'TRAINED'"
                                + " and experiment_id in (:experiments) order by experiment_id, " + order,
                        TrialEntity.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .collect(Collectors.toMap(row -> row.experimentId, TrialEntity::summary));
    }
}
