package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.hibernate.Session;
import org.hibernate.query.SelectionQuery;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.life.ResultIdentity;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.live.PageToken;

/** Questions about the trials of an experiment. None of them tells an experiment that does not exist from one without trials. */
@ApplicationScoped
public class Trials {
    private final Session database;

    Trials(Session database) {
        this.database = database;
    }

    /**
     * Some trials of an experiment. Trials that lack the value of the order come last, ties are ordered by id.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} for a page token that this did not give out
     */
    @Transactional
    public TrialPage page(String experimentId, TrialQuery query) {
        String list = "trials of " + experimentId + " " + query.stage() + " " + query.state() + " " + query.sort() + " "
                + query.descending();
        int offset = query.pageToken() == null ? 0 : PageToken.offset(list, query.pageToken());
        String direction = query.descending() ? " desc" : " asc";
        String sql = "select * from trial where experiment_id = :experiment"
                + (query.stage() == null ? "" : " and stage = :stage")
                + (query.state() == null ? "" : " and state = :state")
                + " order by "
                + String.join(
                        ", ",
                        Arrays.stream(query.sort().columns().split(","))
                                .map(column -> column + direction + " nulls last")
                                .toList())
                + ", id limit :limit offset :offset";
        SelectionQuery<TrialEntity> prepared = database.createNativeQuery(sql, TrialEntity.class)
                .setParameter("experiment", experimentId)
                .setParameter("limit", query.pageSize() + 1)
                .setParameter("offset", offset);
        if (query.stage() != null) {
            prepared.setParameter("stage", query.stage());
        }
        if (query.state() != null) {
            prepared.setParameter("state", query.state().name());
        }
        List<TrialSummary> found = summaries(prepared);
        boolean more = found.size() > query.pageSize();
        return new TrialPage(
                more ? found.subList(0, query.pageSize()) : found,
                more ? PageToken.ofOffset(list, offset + query.pageSize()) : null);
    }

    /**
     * Trials of an experiment by stage and rank; what comes later is added at the end.
     *
     * @param offset how many come before the first
     * @param limit at most this many
     */
    @Transactional
    public List<TrialRow> rows(String experimentId, int offset, int limit) {
        List<TrialEntity> rows = TrialEntity.<TrialEntity>find("experimentId = ?1 order by stage, rank", experimentId)
                .range(offset, offset + limit - 1)
                .list();
        return rows.stream()
                .map(row -> {
                    ResultIdentity identity = row.resultIdentity();
                    return new TrialRow(row.summary(), identity == null ? null : identity.deviceKind());
                })
                .toList();
    }

    /**
     * Everything about one trial.
     *
     * @param cellId 16 hex digits
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public TrialDetail one(String experimentId, String cellId) {
        TrialEntity row = TrialEntity.existing(experimentId, cellId);
        List<AttemptEntity> attempts = AttemptEntity.list("id.trialId = ?1 order by claimedAt, id.token", row.id);
        List<EpochEntity> epochs = EpochEntity.list("id.trialId = ?1 order by id.attempt, id.number", row.id);
        return new TrialDetail(
                row.summary(),
                Cell.parse(row.encoding),
                row.resultIdentity(),
                attempts.stream().map(AttemptEntity::view).toList(),
                epochs.stream().map(EpochEntity::view).toList());
    }

    /**
     * Where a trial comes from and what was grown from it.
     *
     * @param cellId 16 hex digits
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public Lineage lineage(String experimentId, String cellId) {
        TrialEntity row = TrialEntity.existing(experimentId, cellId);
        Deque<TrialSummary> ancestors = new ArrayDeque<>();
        for (TrialEntity each = parent(row); each != null; each = parent(each)) {
            ancestors.addFirst(each.summary());
        }
        String begins = row.cell + " | ";
        List<TrialEntity> children = TrialEntity.list(
                "experimentId = ?1 and stage = ?2 and predicted is not null and left(encoding, ?3) = ?4 order by rank",
                experimentId,
                row.stage + 1,
                begins.length(),
                begins);
        return new Lineage(
                List.copyOf(ancestors),
                children.stream().map(TrialEntity::summary).toList(),
                TrialEntity.count(
                        "experimentId = ?1 and stage = ?2 and state = ?3", experimentId, row.stage, TrialState.TRAINED),
                row.accuracy == null
                        ? null
                        : 1
                                + TrialEntity.count(
                                        "experimentId = ?1 and stage = ?2 and state = ?3 and accuracy > ?4",
                                        experimentId,
                                        row.stage,
                                        TrialState.TRAINED,
                                        row.accuracy));
    }

    /** The trial of the cell that a ranked cell extends: it was scored as the blocks of that cell, then the new one. */
    private static @Nullable TrialEntity parent(TrialEntity row) {
        if (row.predicted == null) {
            return null;
        }
        List<Block> blocks = Cell.parse(row.encoding).blocks();
        return TrialEntity.find(
                        "experimentId = ?1 and stage = ?2 and cell = ?3",
                        row.experimentId,
                        row.stage - 1,
                        new Cell(blocks.subList(0, blocks.size() - 1)).text())
                .firstResult();
    }

    /** The trials that ended with a result or without, set-aside ones included and cancelled ones not, in the order in which they ended. */
    @Transactional
    public List<EndedTrial> ended(String experimentId) {
        return database.createNativeQuery("""
                        select cell_id, cell, stage, accuracy,
                            (select cast(coalesce(sum(extract(epoch from ended_at - claimed_at)), 0) as double precision)
                                from attempt where trial_id = trial.id) as trainer_seconds
                        from trial where experiment_id = :experiment and state in ('TRAINED', 'DIVERGED', 'FAILED')
                        order by finished_at, id
                        """, Tuple.class)
                .setParameter("experiment", experimentId)
                .getResultStream()
                .map(row -> new EndedTrial(
                        row.get("cell_id", String.class),
                        Cell.parse(row.get("cell", String.class)),
                        row.get("stage", Integer.class),
                        row.get("accuracy", Double.class),
                        row.get("trainer_seconds", Double.class)))
                .toList();
    }

    /** What is trained now in all experiments, what was taken first before the rest. */
    @Transactional
    public List<RunningTraining> running() {
        return database.createNativeQuery("""
                        select trial.worker, experiment_id, cell_id, cell, number, epoch, claimed_at
                        from trial join attempt on trial_id = trial.id and token = lease_token
                        where state = 'RUNNING' order by claimed_at, trial.id
                        """, Tuple.class)
                .getResultStream()
                .map(row -> new RunningTraining(
                        row.get("worker", String.class),
                        row.get("experiment_id", String.class),
                        row.get("cell_id", String.class),
                        Cell.parse(row.get("cell", String.class)),
                        row.get("number", Integer.class),
                        row.get("epoch", Integer.class),
                        row.get("claimed_at", Instant.class)))
                .toList();
    }

    /** The best measured cells of the last stage that has any, best first, those that are set aside excepted; ties by the least canonical text. */
    @Transactional
    public List<TrialSummary> best(String experimentId, int top) {
        return best(
                experimentId,
                top,
                " and not set_aside and stage = (select max(stage) from trial"
                        + " where experiment_id = :experiment and state = 'TRAINED' and not set_aside)");
    }

    /** The best measured cells of all stages, best first, ties by the least canonical text. */
    @Transactional
    public List<TrialSummary> bestOverall(String experimentId, int top) {
        return best(experimentId, top, "");
    }

    private List<TrialSummary> best(String experimentId, int top, String condition) {
        return summaries(database.createNativeQuery(
                        "select * from trial where experiment_id = :experiment and state = 'TRAINED'" + condition
                                + " order by accuracy desc, cell collate \"C\" limit :top",
                        TrialEntity.class)
                .setParameter("experiment", experimentId)
                .setParameter("top", top));
    }

    private static List<TrialSummary> summaries(SelectionQuery<TrialEntity> query) {
        return query.getResultList().stream().map(TrialEntity::summary).toList();
    }
}
