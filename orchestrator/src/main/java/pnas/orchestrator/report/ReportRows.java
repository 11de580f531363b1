package pnas.orchestrator.report;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.message.RankingAnswer;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.Usage;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.specification.Specification;
import pnas.statistics.Tally;

/** What reports read of experiments and their stages. What they ask of trials is {@link pnas.orchestrator.trial.Trials}. */
@ApplicationScoped
class ReportRows {
    private static final String EXPERIMENTS = """
            select id, state, cause, created_at, created_by, finished_at, cast(specification as text) as specification,
                trials_out, attempts_granted, attempts_charged, ended_millis, claimed_millis, running_seconds, running_since,
                clock_timestamp() as now
            from experiment
            """;

    private final Session database;

    ReportRows(Session database) {
        this.database = database;
    }

    /** An experiment as its row has it. */
    record KnownExperiment(
            ExperimentHead head,
            Specification specification,
            @Nullable String cause,
            Instant createdAt,
            @Nullable String createdBy,
            @Nullable Instant finishedAt,
            Spent spent) {
        String id() {
            return head.id();
        }

        ExperimentState state() {
            return head.state();
        }

        String engine() {
            return specification.execution().engine().text();
        }
    }

    /**
     * A stage as its row has it.
     *
     * @param repeats how many of them train a cell again under another seed
     * @param asked how often a predictor was asked for its ranking
     * @param askedAt when it was asked last, absent where it was not
     * @param told what a predictor told last of that, absent where none did
     * @param ranking what a predictor answered, absent before that and where nothing is ranked
     * @param quality predicted against measured, once it is done
     * @param idle how idle slots were at its end
     */
    record KnownStage(
            int number,
            StageState state,
            @Nullable Long candidates,
            Tally counts,
            long repeats,
            int asked,
            @Nullable Instant askedAt,
            @Nullable RankingProgress told,
            Stage.@Nullable Ranking ranking,
            RankingAnswer.@Nullable Quality quality,
            @Nullable Idleness idle) {}

    /** Those of these experiments that there are. */
    @Transactional(Transactional.TxType.MANDATORY)
    List<KnownExperiment> experiments(Collection<String> ids) {
        return database.createNativeQuery(EXPERIMENTS + " where id in (:ids)", Tuple.class)
                .setParameter("ids", ids)
                .getResultStream()
                .map(ReportRows::experiment)
                .toList();
    }

    /**
     * Experiments, newest first.
     *
     * @param state only those in this state, where given
     * @param after only those that come after this one, where given
     */
    @Transactional(Transactional.TxType.MANDATORY)
    List<KnownExperiment> experiments(@Nullable ExperimentState state, Reports.@Nullable Place after, int limit) {
        List<String> conditions = new ArrayList<>();
        if (state != null) {
            conditions.add("state = :state");
        }
        if (after != null) {
            conditions.add("(created_at, id) < (:at, :id)");
        }
        NativeQuery<Tuple> query = database.createNativeQuery(
                        EXPERIMENTS + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions))
                                + " order by created_at desc, id desc limit :limit",
                        Tuple.class)
                .setParameter("limit", limit);
        if (state != null) {
            query.setParameter("state", state.name());
        }
        if (after != null) {
            query.setParameter("at", after.createdAt()).setParameter("id", after.id());
        }
        return query.getResultStream().map(ReportRows::experiment).toList();
    }

    private static KnownExperiment experiment(Tuple row) {
        Specification specification = specification(row);
        return new KnownExperiment(
                head(row, specification),
                specification,
                row.get("cause", String.class),
                row.get("created_at", Instant.class),
                row.get("created_by", String.class),
                row.get("finished_at", Instant.class),
                Spent.of(
                        new Usage(
                                row.get("trials_out", Long.class),
                                row.get("attempts_granted", Long.class),
                                row.get("attempts_charged", Long.class),
                                row.get("ended_millis", Long.class),
                                row.get("claimed_millis", Long.class)),
                        row.get("running_seconds", Double.class),
                        row.get("running_since", Instant.class),
                        row.get("now", Instant.class)));
    }

    private static Specification specification(Tuple row) {
        return Messages.decodeText(row.get("specification", String.class), Specification.class);
    }

    private static ExperimentHead head(Tuple row, Specification specification) {
        return ExperimentHead.of(
                row.get("id", String.class), ExperimentState.valueOf(row.get("state", String.class)), specification);
    }

    /** An experiment in short, absent where there is none. */
    @Transactional(Transactional.TxType.MANDATORY)
    @Nullable ExperimentHead head(String id) {
        return database.createNativeQuery(
                        "select id, state, cast(specification as text) as specification from experiment where id = :id",
                        Tuple.class)
                .setParameter("id", id)
                .getResultStream()
                .map(row -> head(row, specification(row)))
                .findFirst()
                .orElse(null);
    }

    /** What an experiment searches, absent where there is none. */
    @Transactional(Transactional.TxType.MANDATORY)
    @Nullable Outline outline(String id) {
        return database.createNativeQuery("""
                        select id, state, cast(specification as text) as specification,
                            (select cast(sum(failed) as bigint) from stage where experiment_id = experiment.id) as failed
                        from experiment where id = :id
                        """, Tuple.class)
                .setParameter("id", id)
                .getResultStream()
                .map(row -> {
                    Specification specification = specification(row);
                    return new Outline(head(row, specification), specification, row.get("failed", Long.class));
                })
                .findFirst()
                .orElse(null);
    }

    /** The stages of these experiments, by experiment, in their order. */
    @Transactional(Transactional.TxType.MANDATORY)
    Map<String, List<KnownStage>> stages(Collection<String> experimentIds) {
        return database.createNativeQuery("""
                        select experiment_id, number, state, candidates, request_tries, request_sent_at, ranking_heard_at, ranking_waits,
                            ranking_scored, ranking_seconds_left, cast(ranking as text) as ranking, cast(quality as text) as quality,
                            idle_seconds, trained_seconds, trained, replayed, reused, diverged, failed, cancelled, set_aside, running,
                            dispatched, queued, repeats
                        from stage where experiment_id in (:experiments) order by experiment_id, number
                        """, Tuple.class)
                .setParameter("experiments", experimentIds)
                .getResultStream()
                .collect(Collectors.groupingBy(
                        row -> row.get("experiment_id", String.class),
                        Collectors.mapping(ReportRows::stage, Collectors.toList())));
    }

    private static KnownStage stage(Tuple row) {
        Tally counts = counts(row).tally();
        Instant heardAt = row.get("ranking_heard_at", Instant.class);
        String ranking = row.get("ranking", String.class);
        String quality = row.get("quality", String.class);
        return new KnownStage(
                row.get("number", Integer.class),
                StageState.valueOf(row.get("state", String.class)),
                row.get("candidates", Long.class),
                counts,
                row.get("repeats", Long.class),
                row.get("request_tries", Integer.class),
                row.get("request_sent_at", Instant.class),
                heardAt == null
                        ? null
                        : new RankingProgress(
                                heardAt,
                                row.get("ranking_waits", Boolean.class),
                                row.get("ranking_scored", Long.class),
                                row.get("ranking_seconds_left", Double.class)),
                ranking == null ? null : Messages.decodeText(ranking, Stage.Ranking.class),
                quality == null ? null : Messages.decodeText(quality, RankingAnswer.Quality.class),
                Idleness.of(counts, row.get("idle_seconds", Double.class), row.get("trained_seconds", Double.class)));
    }

    /** The counts in a row that has a column for each kind. */
    private static TrialCounts counts(Tuple row) {
        return new TrialCounts(Arrays.stream(TrialKind.values())
                .collect(Collectors.toMap(
                        kind -> kind, kind -> row.get(kind.name().toLowerCase(Locale.ROOT), Long.class))));
    }

    /** The trials of all experiments. */
    @Transactional
    TrialCounts counts() {
        return counts(database.createNativeQuery("""
                        select cast(coalesce(sum(trained), 0) as bigint) as trained,
                            cast(coalesce(sum(replayed), 0) as bigint) as replayed, cast(coalesce(sum(reused), 0) as bigint) as reused,
                            cast(coalesce(sum(diverged), 0) as bigint) as diverged, cast(coalesce(sum(failed), 0) as bigint) as failed,
                            cast(coalesce(sum(cancelled), 0) as bigint) as cancelled, cast(coalesce(sum(set_aside), 0) as bigint) as set_aside,
                            cast(coalesce(sum(running), 0) as bigint) as running, cast(coalesce(sum(dispatched), 0) as bigint) as dispatched,
                            cast(coalesce(sum(queued), 0) as bigint) as queued
                        from stage
                        """, Tuple.class).getSingleResult());
    }

    /** How many trainings of each experiment go on. */
    @Transactional(Transactional.TxType.MANDATORY)
    List<Waiting.Trainings> trainings() {
        return database.createNativeQuery(
                        "select id, engine, attempts_granted from experiment where attempts_granted > 0", Tuple.class)
                .getResultStream()
                .map(row -> new Waiting.Trainings(
                        row.get("id", String.class),
                        row.get("engine", String.class),
                        row.get("attempts_granted", Long.class)))
                .toList();
    }

    /**
     * The rank correlation of the latest ranked stage of each number that has one.
     *
     * @param withinStage whether over cells that were held out, rather than over those that were chosen
     */
    @Transactional
    Map<Integer, Double> spearman(boolean withinStage) {
        return database.createNativeQuery(withinStage ? """
                                select distinct on (number) number, cast(ranking -> 'quality' ->> 'spearman' as double precision) as spearman
                                from stage where ranking -> 'quality' ->> 'spearman' is not null
                                order by number, training_since desc nulls last
                                """ : """
                                select distinct on (number) number, cast(quality ->> 'spearman' as double precision) as spearman
                                from stage where quality ->> 'spearman' is not null order by number, finished_at desc nulls last
                                """, Tuple.class)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> row.get("number", Integer.class), row -> row.get("spearman", Double.class)));
    }
}
