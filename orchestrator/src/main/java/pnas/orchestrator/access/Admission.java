package pnas.orchestrator.access;

/** What a key or a session is answered with. */
public sealed interface Admission {
    /**
     * It opens.
     *
     * @param name of the key
     */
    record Admitted(String name, Role role) implements Admission {}

    /** It does not. */
    record Refused(Refusal reason) implements Admission {}
}
