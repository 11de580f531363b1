package pnas.orchestrator.state;

/** A constant of an enumeration of states. */
public interface State {
    /** What there is to say about this state. */
    Description description();

    /** What it means to be in this state, in one sentence. */
    default String meaning() {
        return description().meaning();
    }

    /** Whether it is over: nothing but an explicit reopening leaves this state. */
    default boolean isTerminal() {
        return description().terminal();
    }

    /** What is said about a state: its {@link #meaning()}, and whether it {@link #isTerminal()}. */
    record Description(String meaning, boolean terminal) {}
}
