package pnas.orchestrator.trainer;

/** What is known of a trainer. */
public enum TrainerState {
    /** It was heard within the last lease. */
    ALIVE,
    /** It is heard, and says that it cannot train. */
    UNABLE,
    /** It was not heard for a lease: frozen, dead, or cut off. */
    SILENT,
    /** It said that it leaves. */
    LEFT
}
