package pnas.orchestrator.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Who must say who they are. */
@ConfigMapping(prefix = "pnas.access")
interface AccessConfiguration {
    /**
     * Whether REST and pages ask the platform's own account and root for a key on loopback too, for instance behind a proxy on the same machine that runs as one
     * of them, or in a container. All others are always asked, and where the orchestrator listens anywhere else everybody is.
     */
    @WithDefault("false")
    boolean requireKey();

    /**
     * SHA-256, in hex, of keys with the role {@code admin} that are in no database: the first ones, with which the others are made. {@code pnas key new} makes
     * one and prints this; {@code pnas up} adds that of the key in its home.
     */
    Optional<List<@Pattern(regexp = "[0-9a-f]{64}") String>> adminKeyHash();

    /** How long a browser stays signed in. */
    @WithDefault("12h")
    @DurationMin(minutes = 1)
    @DurationMax(days = 30)
    Duration session();
}
