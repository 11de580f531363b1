package pnas.orchestrator.capacity;

import java.util.List;

/** No trainer can be started, for the reason that the message tells those who wait. */
final class SupplyException extends RuntimeException {
    private final transient List<String> engines;

    /** @param engines those whose trainers it is about */
    SupplyException(List<String> engines, String message, Throwable cause) {
        super(message, cause);
        this.engines = List.copyOf(engines);
    }

    List<String> engines() {
        return engines;
    }
}
