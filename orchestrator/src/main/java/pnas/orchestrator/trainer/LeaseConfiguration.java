package pnas.orchestrator.trainer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long a trainer and its training live without being heard. Trainers send a heartbeat every third of it. */
@ConfigMapping(prefix = "pnas.lease")
public interface LeaseConfiguration {
    /** The lease. The trainers must have the same. */
    @WithDefault("60s")
    @DurationMin(seconds = 1)
    @DurationMax(hours = 1)
    Duration duration();

    /** How often expired leases are looked for. */
    @WithDefault("5s")
    @DurationMin(millis = 100)
    @DurationMax(minutes = 10)
    Duration inspection();

    /** How long a dispatched job may stay unclaimed before the broker is asked whether it still waits there. */
    @WithDefault("60s")
    @DurationMin(millis = 100)
    @DurationMax(hours = 1)
    Duration unclaimed();

    /** How many attempts at a trial may expire, crash, stall or fail in passing before the trial fails. */
    @WithDefault("4")
    @Min(1) @Max(100) int attempts();
}
