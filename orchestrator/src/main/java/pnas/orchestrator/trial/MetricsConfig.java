package pnas.orchestrator.trial;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How metrics are kept. */
@ConfigMapping(prefix = "pnas.metrics")
interface MetricsConfig {
    /** How often gauges are read from the database, by each orchestrator. */
    @WithDefault("5s")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration inspection();
}
