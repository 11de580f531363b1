package pnas.orchestrator.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How often somebody was not let in; all of it is there from the start, at zero. */
@Startup
@ApplicationScoped
public class Refusals {
    private final Map<Refusal, Counter> counters = new EnumMap<>(Refusal.class);

    Refusals(MeterRegistry registry) {
        for (Refusal reason : Refusal.values()) {
            counters.put(
                    reason,
                    Counter.builder("pnas_access_refused_total")
                            .description("Requests that were refused for who sent them")
                            .tag("reason", reason.text())
                            .register(registry));
        }
    }

    /** Counts one. */
    public void count(Refusal reason) {
        Objects.requireNonNull(counters.get(reason)).increment();
    }
}
