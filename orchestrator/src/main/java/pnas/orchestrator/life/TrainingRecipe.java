package pnas.orchestrator.life;

import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.DataSet;
import pnas.message.Messages;
import pnas.message.Replay;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingSettings;
import pnas.network.Layout;
import pnas.network.NetworkBuilder;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.timing.TrainingSize;

/**
 * How all trials of an experiment are trained.
 *
 * @param replay where the replay engine takes its answers from, absent with every other engine
 */
public record TrainingRecipe(
        DataSet dataSet,
        Layout layout,
        TrainingSettings settings,
        String engine,
        @Nullable Replay replay) {

    /** How all trials of an experiment that is so specified are trained. */
    public static TrainingRecipe of(Specification specification) {
        return new TrainingRecipe(
                specification.dataSet(),
                specification.network().plan(),
                specification.training(),
                specification.execution().engine().text(),
                specification.execution().replay());
    }

    /** What of the training of a cell its time depends on. */
    public TrainingSize size(Cell cell) {
        return TrainingSize.of(
                NetworkBuilder.build(cell, layout, dataSet.image(), dataSet.classes(), settings.dropout()), images());
    }

    /** Images that a training learns from in all its epochs together. */
    public long images() {
        return (long) dataSet.training() * settings.epochs();
    }

    /**
     * SHA-256, in hex, of everything that a result depends on but the machine that computes it; absent where nothing is trained. Two
     * trainings with the same key on the same kind of machine have the same result.
     */
    public @Nullable String key(String cellId, long trainingSeed) {
        return replay == null
                ? DigestUtils.sha256Hex(
                        Messages.encode(new Key(cellId, dataSet, layout, settings, engine, trainingSeed)))
                : null;
    }

    /**
     * The job of the present attempt at a trial.
     *
     * @param cell of the trial
     * @param traceparent the trace context that it runs under, absent where it is not traced
     */
    public TrainingJob job(Trial trial, Cell cell, @Nullable String traceparent) {
        return new TrainingJob(
                TrainingJob.SCHEMA_VERSION,
                trial.subject().experimentId(),
                trial.id(),
                trial.tries().attempt(),
                cell,
                dataSet,
                layout,
                settings,
                trial.tries().halfBatch(),
                trial.subject().trainingSeed(),
                replay,
                traceparent);
    }

    private record Key(
            String cellId,
            DataSet dataSet,
            Layout layout,
            TrainingSettings settings,
            String engine,
            long trainingSeed) {}

    ResultIdentity identity(String cellId, boolean halfBatch, Machine machine, long trainingSeed) {
        return new ResultIdentity(
                cellId,
                dataSet.contentHash(),
                dataSet.splitSeed(),
                layout,
                halfBatch ? settings.withHalfBatch() : settings,
                machine.engine(),
                machine.engineVersion(),
                machine.deviceKind(),
                trainingSeed);
    }
}
