package pnas.orchestrator.experiment;

/** What can happen to a stage. */
enum StageEvent {
    ASK("its candidates were sent to a predictor, for the first time or again"),
    ANSWER("the first ranking came"),
    DRAW("chance chose its cells"),
    WIDEN("it is to have more cells than it chose"),
    END("its last trial became terminal");

    private final String meaning;

    StageEvent(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
