package pnas.orchestrator.dispatch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How trials are sent to the trainers. */
@ConfigMapping(prefix = "pnas.dispatch")
interface DispatchConfig {
    /**
     * How many jobs of an engine may wait for a trainer beside one for each live slot. A queue in Kafka can be neither ordered anew nor
     * cancelled, the table can: more is not better.
     */
    @WithDefault("4")
    @Min(1) @Max(1000) int surplus();

    /** How often queued trials are looked for without being told of one. */
    @WithDefault("500ms")
    @DurationMin(millis = 50)
    @DurationMax(minutes = 1)
    Duration poll();
}
