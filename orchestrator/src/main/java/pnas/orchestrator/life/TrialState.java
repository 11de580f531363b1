package pnas.orchestrator.life;

import pnas.orchestrator.state.State;

/** Where a trial stands. */
public enum TrialState implements State {
    QUEUED("waits to be sent to the trainers", false),
    DISPATCHED("was sent and waits for a trainer to claim it", false),
    RUNNING("is trained by the worker that holds its lease", false),
    TRAINED("has an accuracy", true),
    DIVERGED("was trained and its loss became NaN or infinite, so that it has no accuracy", true),
    FAILED("has no result and gets no further attempt; its cause says why", true),
    CANCELLED("was open when its experiment was cancelled or stopped", true);

    @SuppressWarnings("ImmutableEnumChecker") // A text and a flag.
    private final Description description;

    TrialState(String meaning, boolean terminal) {
        description = new Description(meaning, terminal);
    }

    @Override
    public Description description() {
        return description;
    }
}
