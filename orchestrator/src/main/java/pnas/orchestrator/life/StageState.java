package pnas.orchestrator.life;

import pnas.orchestrator.state.State;

/** Where a stage stands. */
public enum StageState implements State {
    EXPANDING("its candidates are to be computed and sent to a predictor", false),
    RANKING("its candidates were sent and the ranking is awaited", false),
    TRAINING("its trials are trained", false),
    CONFIRMING("its best cells are trained again under other seeds", false),
    DONE("each of its trials is terminal, and one has an accuracy", true),
    CLOSED("its experiment ended before the stage was done, or none of its trials has an accuracy", true);

    @SuppressWarnings("ImmutableEnumChecker") // A text and a flag.
    private final Description description;

    StageState(String meaning, boolean terminal) {
        description = new Description(meaning, terminal);
    }

    /** Whether its cells are chosen, as far as they ever will be. */
    public boolean hasChosen() {
        return switch (this) {
            case EXPANDING, RANKING -> false;
            case TRAINING, CONFIRMING, DONE, CLOSED -> true;
        };
    }

    @Override
    public Description description() {
        return description;
    }
}
