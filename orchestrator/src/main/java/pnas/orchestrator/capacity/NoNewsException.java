package pnas.orchestrator.capacity;

/** Too little is known of the cluster to decide anything, for the reason that the message says. */
final class NoNewsException extends RuntimeException {
    NoNewsException(String message) {
        super(message);
    }
}
