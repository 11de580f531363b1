package pnas.trainer.training;

/**
 * Opens an engine in the process that trains. Implementations are found by {@link java.util.ServiceLoader}, so that nothing but an engine's
 * own module knows it: each names itself in {@code META-INF/services/pnas.trainer.training.TrainingEngineProvider}.
 */
public interface TrainingEngineProvider {
    /** Name of the engine, for instance {@code torch}. */
    String name();

    /**
     * Opens the engine; may load native libraries.
     *
     * @throws pnas.failure.PnasException where the device does not exist or the engine does not start
     */
    TrainingEngine open(EngineSettings settings);
}
