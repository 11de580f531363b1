package pnas.orchestrator.live;

/** What a commit of this process may have made possible for somebody who waits. */
public enum Signal {
    /** A job may be dispatched: a trial waits, or there is room for one more. */
    DISPATCH,
    /** A stage is to be expanded or its request to be sent again. */
    OPEN_STAGE,
    /** What trainers are needed for, or where they may run, has changed. */
    CAPACITY,
    /** Events were appended. */
    EVENTS
}
