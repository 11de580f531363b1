package pnas.orchestrator.experiment;

import pnas.orchestrator.state.State;

/** Where a stage stands. */
public enum StageState implements State {
    EXPANDING("its candidates are to be computed and sent to a predictor", false),
    RANKING("its candidates were sent and the ranking is awaited", false),
    TRAINING("its trials are trained", false),
    DONE("each of its trials is terminal", true);

    private final String meaning;
    private final boolean terminal;

    StageState(String meaning, boolean terminal) {
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
