package pnas.orchestrator.life;

import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingSettings;
import pnas.network.Layout;

/**
 * Everything that a result depends on: two results with the same identity are the same result.
 *
 * @param cellId 16 hex digits
 * @param dataHash SHA-256 of the data set, in hex
 * @param splitSeed seed of the split of the data
 * @param layout how the cell became a network
 * @param settings as it was trained, the batch halved where memory had run out
 * @param engine what trained it
 * @param engineVersion version of the engine
 * @param deviceKind the CPU's model name or the GPU's name
 * @param trainingSeed seeded initial weights, data order and dropout
 */
public record ResultIdentity(
        String cellId,
        String dataHash,
        long splitSeed,
        Layout layout,
        TrainingSettings settings,
        String engine,
        String engineVersion,
        String deviceKind,
        long trainingSeed) {
    /** What computed it. */
    public Machine machine() {
        return new Machine(engine, engineVersion, deviceKind);
    }
}
