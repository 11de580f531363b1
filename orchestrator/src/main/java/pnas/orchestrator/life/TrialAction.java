package pnas.orchestrator.life;

/** What is done to the row of a trial when it changes its state. */
public enum TrialAction {
    /** The time of the dispatch is noted. */
    NOTE_DISPATCH,
    /** The claim gets the lease; its holder before has lost it. */
    GRANT_LEASE,
    /** Nothing: the holder of the lease goes on. */
    KEEP_LEASE,
    /** It waits again; nobody had claimed the attempt, so its number stays. */
    QUEUE_SAME_ATTEMPT,
    /** The lease ends and it waits again, as the next attempt. */
    QUEUE_NEXT_ATTEMPT,
    /** The lease ends and so does the trial. */
    END
}
