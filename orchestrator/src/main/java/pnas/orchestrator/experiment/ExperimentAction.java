package pnas.orchestrator.experiment;

/** What is done when an experiment changes its state. */
enum ExperimentAction {
    /** The dispatcher skips its trials. */
    HOLD,
    /** The dispatcher and whoever opens stages are woken. */
    GO_ON,
    /** Its open trials are cancelled and it ends. */
    CANCEL_TRIALS,
    /** It ends. */
    END
}
