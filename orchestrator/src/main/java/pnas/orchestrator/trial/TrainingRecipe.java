package pnas.orchestrator.trial;

import org.jspecify.annotations.Nullable;
import pnas.message.DataSet;
import pnas.message.Replay;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingSettings;
import pnas.network.Layout;

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
