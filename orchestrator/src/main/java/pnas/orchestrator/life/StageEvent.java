package pnas.orchestrator.life;

/** What can happen to a stage. */
enum StageEvent {
    ASK("its candidates were sent to a predictor, for the first time or again"),
    ANSWER("the first ranking came"),
    DRAW("chance chose its cells"),
    CHOOSE_ANEW("it is to have more cells than it chose, or a stage before it is to measure more"),
    CONFIRM("its last trial became terminal, and its best cells are to be trained under other seeds"),
    END("its last trial became terminal, one has an accuracy, and nothing is left to confirm"),
    CLOSE("its experiment ended before it was done, or its last trial ended and none has an accuracy"),
    REOPEN("its experiment goes on after its cells had been chosen, or what failed of it is tried again");

    private final String meaning;

    StageEvent(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
