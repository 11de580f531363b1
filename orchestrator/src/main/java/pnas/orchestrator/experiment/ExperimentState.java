package pnas.orchestrator.experiment;

import pnas.orchestrator.state.State;

/** Where an experiment stands. */
public enum ExperimentState implements State {
    RUNNING("its trials are trained and its stages follow each other", false),
    PAUSED("nothing more is dispatched until it is resumed; what runs ends and counts", false),
    COMPLETED("its last stage is done and it has a result", true),
    FAILED("it cannot go on; its cause says why", true),
    CANCELLED("somebody ended it", true);

    private final String meaning;
    private final boolean terminal;

    ExperimentState(String meaning, boolean terminal) {
        this.meaning = meaning;
        this.terminal = terminal;
    }

    @Override
    public String meaning() {
        return meaning;
    }

    @Override
    public boolean isTerminal() {
        return terminal;
    }
}
