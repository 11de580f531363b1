package pnas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.network.Layout;

/**
 * One training to do: a record of {@code pnas.jobs.{engine}}.
 *
 * @param schemaVersion version of this record, now 1
 * @param experimentId the experiment that asks
 * @param trialId the trial that the training measures
 * @param attempt number of this attempt, from 1; sent again by every event of the training
 * @param cell the cell, in canonical form
 * @param dataSet the data to train and validate on
 * @param layout how the cell becomes a network
 * @param settings as the experiment has them, also where {@code halfBatch} is set
 * @param halfBatch whether memory ran out before and the batch is to be halved
 * @param trainingSeed seeds initial weights, data order and dropout
 * @param replay where the replay engine takes its answer from; absent for every other engine
 * @param traceparent W3C trace context of the dispatch, where tracing is on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingJob(
        int schemaVersion,
        String experimentId,
        String trialId,
        int attempt,
        Cell cell,
        DataSet dataSet,
        Layout layout,
        TrainingSettings settings,
        boolean halfBatch,
        long trainingSeed,
        @Nullable Replay replay,
        @Nullable String traceparent) {
    public static final int SCHEMA_VERSION = 1;

    public TrainingJob {
        Checks.schemaVersion(schemaVersion);
        Checks.atLeast("attempt", 1, attempt);
        if (!cell.isCanonical()) {
            throw new IllegalArgumentException("a job carries a cell in canonical form, got " + cell.text());
        }
    }

    /** The same job under another trace context. */
    public TrainingJob withTraceparent(@Nullable String traceparent) {
        return new TrainingJob(
                schemaVersion,
                experimentId,
                trialId,
                attempt,
                cell,
                dataSet,
                layout,
                settings,
                halfBatch,
                trainingSeed,
                replay,
                traceparent);
    }

    /** The settings to train with: those of the experiment, with the batch halved where this attempt asks for it. */
    public TrainingSettings effectiveSettings() {
        return halfBatch ? settings.withHalfBatch() : settings;
    }
}
