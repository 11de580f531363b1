package pnas.orchestrator.state;

/** A constant of an enumeration of states. */
public interface State {
    /** What it means to be in this state, in one sentence. */
    String meaning();

    /** Whether nothing ever leaves this state. */
    boolean isTerminal();
}
