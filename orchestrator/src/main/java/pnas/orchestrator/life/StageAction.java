package pnas.orchestrator.life;

/** What is done when a stage changes its state. */
enum StageAction {
    /** The request and its time are noted. */
    NOTE_REQUEST,
    /** Its cells are set aside until they are chosen again. */
    CHOOSE_ANEW,
    /** The ranking, where there is one, is kept and its best cells become trials. */
    CREATE_TRIALS,
    /** Its best cells become trials once more, under other seeds. */
    CREATE_REPEATS,
    /** Predictions are compared with measurements; the next stage opens or the experiment ends. */
    ADVANCE,
    /** Nothing more happens to it unless its experiment is extended. */
    REST,
    /** Its cancelled trials wait again. */
    GO_ON
}
