package pnas.orchestrator.life;

/** What can happen to an experiment. */
enum ExperimentEvent {
    PAUSE("somebody paused it"),
    RESUME("somebody resumed it"),
    CANCEL("somebody cancelled it"),
    COMPLETE("its last stage is done"),
    SPEND("it used up one of its budgets"),
    EXTEND("somebody gave it more blocks, a larger beam or more budget"),
    RETRY("somebody wants trials that failed tried again"),
    FAIL("a stage measured nothing, or its candidates could not be ranked");

    private final String meaning;

    ExperimentEvent(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
