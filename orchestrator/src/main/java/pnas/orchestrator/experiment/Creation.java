package pnas.orchestrator.experiment;

/** What became of a request to create an experiment. */
public sealed interface Creation {
    /** The experiment has started. */
    record Started(ExperimentHead experiment) implements Creation {}

    /** The same request had started this experiment before. */
    record Repeated(ExperimentHead experiment) implements Creation {}

    /** Nothing was started: another body was sent under the key before, and started this experiment. */
    record KeyTaken(String experimentId) implements Creation {}
}
