package pnas.orchestrator.life;

import pnas.orchestrator.state.State;

/** Where an experiment stands. */
public enum ExperimentState implements State {
    RUNNING("its trials are trained and its stages follow each other", false),
    PAUSED("nothing more is dispatched until it is resumed; what runs ends and counts", false),
    COMPLETED("its last stage is done and it has a result", true),
    STOPPED("its budget was spent before its last stage was done; its result is the best so far", true),
    FAILED("it cannot go on; its cause says why", true),
    CANCELLED("somebody ended it", true);

    @SuppressWarnings("ImmutableEnumChecker") // A text and a flag.
    private final Description description;

    ExperimentState(String meaning, boolean terminal) {
        description = new Description(meaning, terminal);
    }

    @Override
    public Description description() {
        return description;
    }
}
