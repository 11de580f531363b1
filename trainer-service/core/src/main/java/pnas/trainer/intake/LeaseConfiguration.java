package pnas.trainer.intake;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The lease of a training; the same for all services. */
@ConfigMapping(prefix = "pnas.lease")
public interface LeaseConfiguration {
    /** How long a training is held to live after its last heartbeat. Heartbeats are sent every third of it. */
    @WithDefault("60S")
    Duration duration();
}
