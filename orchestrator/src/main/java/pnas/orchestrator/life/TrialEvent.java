package pnas.orchestrator.life;

/** What can happen to a trial. */
public enum TrialEvent {
    DISPATCH("its job was sent to the trainers"),
    LOSE("its job is neither claimed nor waiting in the queue"),
    CLAIM("a trainer took the job of the current attempt"),
    REFUSE("a trainer took the job while the experiment is paused, has no training left in its budget, or another one"
            + " trains the same, and is told to stop"),
    RETRY("the attempt ended without a result and may be repeated"),
    FAIL("the attempt ended without a result and may not be repeated"),
    TRAIN("a first valid result of a granted attempt came, or another experiment has it"),
    DIVERGE("a granted attempt, or another experiment, found no finite loss"),
    CANCEL("the experiment was cancelled or stopped"),
    REOPEN("the experiment goes on after all"),
    TRY_AGAIN("somebody wants it tried again, as at first");

    private final String meaning;

    TrialEvent(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
