package pnas.orchestrator.life;

/** What is done when an experiment changes its state. */
enum ExperimentAction {
    /** The dispatcher skips its trials. */
    HOLD,
    /** The dispatcher and the opener of stages are woken. */
    GO_ON,
    /** Its open trials are cancelled, its stages are closed, and it ends. */
    CANCEL_TRIALS,
    /** Trials that were cancelled when it ended, or are to be tried again, are queued, and stages that want other cells choose anew. */
    REOPEN,
    /** It ends. */
    END
}
