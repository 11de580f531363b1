package pnas.orchestrator.live;

import java.util.Map;
import org.jboss.logging.MDC;

/** Ids that stand beside every line that this thread logs until it is closed: {@code experiment}, {@code trial}, {@code attempt}, {@code worker}. */
public final class LogIds implements AutoCloseable {
    private final Map<String, ?> ids;

    private LogIds(Map<String, ?> ids) {
        this.ids = Map.copyOf(ids);
    }

    /** Puts these ids beside the lines. */
    public static LogIds of(Map<String, ?> ids) {
        ids.forEach(MDC::put);
        return new LogIds(ids);
    }

    @Override
    public void close() {
        ids.keySet().forEach(MDC::remove);
    }
}
