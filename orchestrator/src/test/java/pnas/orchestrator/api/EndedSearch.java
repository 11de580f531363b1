package pnas.orchestrator.api;

import static pnas.testing.Http.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.message.DataSet;
import pnas.message.Messages;
import pnas.message.TrainingSettings;
import pnas.network.Layout;
import pnas.orchestrator.life.ResultIdentity;
import pnas.orchestrator.life.TrialState;

/**
 * A search of two stages that has ended, written as rows, so that what is shown of it is known: stage 1 has eight cells, of which one diverged
 * and one failed, stage 2 has three.
 */
public final class EndedSearch {
    /** When it was created; training {@code n} ended {@code n} minutes later. */
    public static final Instant CREATED = Instant.parse("2026-01-01T10:00:00Z");

    private static final List<Cell> ONE_BLOCK = Stream.of(
                    "max3x3(c-1)+max3x3(c-1)",
                    "max3x3(c-1)+max3x3(c-2)",
                    "max3x3(c-1)+sep3x3(c-1)",
                    "max3x3(c-1)+sep3x3(c-2)",
                    "max3x3(c-2)+max3x3(c-2)",
                    "max3x3(c-2)+sep3x3(c-1)",
                    "sep3x3(c-1)+sep3x3(c-1)",
                    "sep3x3(c-1)+sep3x3(c-2)")
            .map(Cell::parse)
            .toList();
    private static final double[] STAGE_1 = {0.81, 0.82, 0.90, 0.88, Double.NaN, 0.87, Double.NaN, 0.93};
    private static final double[] STAGE_2_PREDICTED = {0.95, 0.94, 0.93};
    private static final double[] STAGE_2 = {0.94, 0.96, 0.92};

    private final String id;
    private final DataSource database;
    /** As they were scored: a cell of one block, then the new block. */
    private final List<Cell> twoBlocks;

    private EndedSearch(String id, DataSource database) {
        this.id = id;
        this.database = database;
        Block more = Block.parse("sep3x3(b1)+max3x3(c-1)");
        twoBlocks = List.of(2, 7, 3).stream()
                .map(index -> ONE_BLOCK.get(index).plus(more))
                .toList();
    }

    /** Has the best trial trained in place of looked up, and gives its id. */
    public String trainBest() throws SQLException {
        String trial = id + "-" + best().id().hex();
        execute("update trial set replayed = false where id = ?", trial);
        Recount.afterRowsWereWritten(database, id);
        return trial;
    }

    /**
     * Has its two best cells of stage 2 trained again under two other seeds. The best one, of 0.96, has 0.90 and 0.92 there; that of 0.94, which becomes the
     * confirmed best, has 0.93 and 0.96.
     */
    public Cell confirm() throws SQLException {
        execute(
                "update experiment set specification = specification || cast(? as jsonb) where id = ?",
                "{\"confirm\": {\"cells\": 2, \"seeds\": 2}}",
                id);
        repeat(best(), 0.90, 0.92);
        Cell winner = twoBlocks.get(0).canonical();
        repeat(winner, 0.93, 0.96);
        Recount.afterRowsWereWritten(database, id);
        return winner;
    }

    private void repeat(Cell cell, double... accuracies) throws SQLException {
        for (int repeat = 1; repeat <= accuracies.length; repeat++) {
            execute("""
                    insert into trial (id, experiment_id, stage, cell_id, repeat, cell, encoding, rank, parameters, multiply_adds, layers,
                        expected_seconds, training_seed, state, queued_at, dispatched_at, worker, accuracy, result_attempt, identity, replayed,
                        training_seconds, finished_at)
                    select id || '-2-' || cast(? as integer), experiment_id, stage, cell_id, ?, cell, cell, rank + 3, parameters, multiply_adds, layers,
                        expected_seconds, training_seed, state, queued_at, dispatched_at, worker, ?, result_attempt, identity, replayed,
                        training_seconds, finished_at
                    from trial where id = ?""", repeat, repeat, accuracies[repeat - 1], trialId(cell));
        }
    }

    /** Writes one. */
    public static EndedSearch insert(DataSource database, String name) throws SQLException {
        String id = UUID.randomUUID().toString().replace("-", "").substring(0, 8);
        EndedSearch search = new EndedSearch(id, database);
        search.insert(name, specification(name));
        return search;
    }

    /** What the orchestrator itself would write. */
    private static String specification(String name) {
        String plan = given().contentType("application/json")
                .body(
                        "{\"name\": \"" + name
                                + "\", \"operations\": [\"sep3x3\", \"max3x3\"], \"blocks\": 2, \"beam\": 3, \"engine\": \"replay\"}")
                .post("/api/v1/experiments?dryRun=true")
                .asString();
        try {
            return new ObjectMapper().readTree(plan).get("specification").toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no plan: " + plan, e);
        }
    }

    /** The id of the experiment. */
    public String id() {
        return id;
    }

    /** The cell of stage 1 from which the {@link #best} one was grown: accuracy 0.93, rank 8. */
    public Cell parentOfBest() {
        return ONE_BLOCK.get(7);
    }

    /** The best cell of stage 2: accuracy 0.96, predicted 0.94, rank 2. */
    public Cell best() {
        return twoBlocks.get(1).canonical();
    }

    private void insert(String name, String specification) throws SQLException {
        Instant finished = CREATED.plusSeconds(60 * 12);
        execute(
                "insert into experiment (id, name, state, specification, engine, seed, created_at, finished_at)"
                        + " values (?, ?, 'COMPLETED', cast(? as jsonb), 'replay', 0, ?, ?)",
                id,
                name,
                specification,
                CREATED,
                finished);
        execute(
                "insert into stage (experiment_id, number, state, candidates, created_at, finished_at)"
                        + " values (?, 1, 'DONE', 8, ?, ?)",
                id,
                CREATED,
                CREATED.plusSeconds(60 * 8));
        execute(
                "insert into stage (experiment_id, number, state, candidates, ranking, quality, created_at, finished_at)"
                        + " values (?, 2, 'DONE', 100, cast(? as jsonb), cast(? as jsonb), ?, ?)",
                id,
                """
                {"histogram": {"least": 0.7, "greatest": 0.95, "counts": [60, 30, 10]},
                 "quality": {"spearman": 0.7, "pearson": 0.6, "kendall": 0.5, "cells": 6}, "seconds": 1.5}""",
                """
                {"spearman": 0.5, "pearson": 0.4, "kendall": 0.3, "cells": 3}""",
                CREATED.plusSeconds(60 * 8),
                finished);
        for (int i = 0; i < ONE_BLOCK.size(); i++) {
            TrialState state = i == 4 ? TrialState.DIVERGED : i == 6 ? TrialState.FAILED : TrialState.TRAINED;
            insertTrial(1, i + 1, ONE_BLOCK.get(i), null, state, STAGE_1[i], i + 1);
        }
        for (int i = 0; i < twoBlocks.size(); i++) {
            insertTrial(2, i + 1, twoBlocks.get(i), STAGE_2_PREDICTED[i], TrialState.TRAINED, STAGE_2[i], 9 + i);
        }
        Recount.afterRowsWereWritten(database, id);
        insertEvent("experiment.created", null, "{\"name\": \"ended\"}");
        insertEvent("trial.trained", trialId(best()), "{\"accuracy\": 0.96, \"attempt\": 1}");
        insertEvent("experiment.completed", null, "{}");
    }

    private static String identity(Cell cell) {
        DataSet digits = DataSet.digits(0);
        byte[] identity = Messages.encode(new ResultIdentity(
                cell.id().hex(),
                digits.contentHash(),
                digits.splitSeed(),
                new Layout(Layout.Kind.CIFAR, 1, 8),
                TrainingSettings.DEFAULT,
                "replay",
                "1",
                "a device",
                7));
        return new String(identity, StandardCharsets.UTF_8);
    }

    private String trialId(Cell cell) {
        return id + "-" + cell.id().hex();
    }

    private void insertTrial(
            int stage,
            int rank,
            Cell encoding,
            @Nullable Double predicted,
            TrialState state,
            double accuracy,
            int minute)
            throws SQLException {
        Cell cell = encoding.canonical();
        Instant finished = CREATED.plusSeconds(60L * minute);
        boolean trained = state == TrialState.TRAINED;
        execute(
                """
                insert into trial (id, experiment_id, stage, cell_id, cell, encoding, rank, predicted, parameters, multiply_adds,
                    layers, expected_seconds, training_seed, state, cause, queued_at, dispatched_at, worker, accuracy, result_attempt, identity, replayed,
                    training_seconds, finished_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 30, 1.5, 7, ?, ?, ?, ?, 'worker-1', ?, ?, cast(? as jsonb), true, 1.5, ?)""",
                trialId(cell),
                id,
                stage,
                cell.id().hex(),
                cell.text(),
                encoding.text(),
                rank,
                predicted,
                10_000L + 100L * minute,
                1_000_000L + minute,
                state.name(),
                trained ? null : state.name().toLowerCase(Locale.ROOT) + " in a test",
                CREATED,
                CREATED,
                trained ? accuracy : null,
                state == TrialState.FAILED ? null : 1,
                state == TrialState.FAILED ? null : identity(cell),
                finished);
        execute(
                "insert into attempt (trial_id, number, token, worker, half_batch, claimed_at, step, epoch, heard_at, ended_at, outcome,"
                        + " accuracy, seconds) values (?, 1, ?, 'worker-1', false, ?, 80, 2, ?, ?, ?, ?, 1.5)",
                trialId(cell),
                UUID.randomUUID(),
                CREATED,
                finished,
                finished,
                state.name().toLowerCase(Locale.ROOT),
                trained ? accuracy : null);
        for (int epoch = 1; epoch <= 2 && trained; epoch++) {
            execute(
                    "insert into epoch (trial_id, attempt, number, training_loss, validation_accuracy, seconds) values (?, 1, ?, ?, ?, 0.7)",
                    trialId(cell),
                    epoch,
                    1.0 / epoch,
                    accuracy - 0.1 / epoch);
        }
    }

    /** Appends an event of this experiment. */
    public void insertEvent(String type, @Nullable String trialId, String body) throws SQLException {
        execute(
                "insert into event (experiment_id, type, trial_id, body) values (?, ?, ?, cast(? as jsonb))",
                id,
                type,
                trialId,
                body);
    }

    private void execute(String sql, @Nullable Object... values) throws SQLException {
        Sql.execute(database, sql, values);
    }
}
