package pnas.orchestrator.life;

/** What can happen to an experiment. */
enum ExperimentEvent {
    PAUSE("somebody paused it", ExperimentState.PAUSED),
    RESUME("somebody resumed it", ExperimentState.RUNNING),
    CANCEL("somebody cancelled it", ExperimentState.CANCELLED),
    COMPLETE("its last stage is done", ExperimentState.COMPLETED),
    SPEND("it used up one of its budgets", ExperimentState.STOPPED),
    EXTEND("somebody gave it more blocks, a larger beam or more budget", ExperimentState.RUNNING),
    FAIL("a stage measured nothing, or its candidates could not be ranked", ExperimentState.FAILED);

    private final String meaning;
    private final ExperimentState target;

    ExperimentEvent(String meaning, ExperimentState target) {
        this.meaning = meaning;
        this.target = target;
    }

    String meaning() {
        return meaning;
    }

    /** The state in which this event changes nothing, since it leads there. */
    ExperimentState target() {
        return target;
    }
}
