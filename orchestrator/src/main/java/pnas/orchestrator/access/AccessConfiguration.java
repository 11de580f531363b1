package pnas.orchestrator.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Who must say who they are. */
@ConfigMapping(prefix = "pnas.access")
interface AccessConfiguration {
    /**
     * Whether REST and pages ask for a key on loopback too, for instance behind a proxy on the same machine. Where the orchestrator listens anywhere else they
     * always do.
     */
    @WithDefault("false")
    boolean requireKey();

    /**
     * SHA-256, in hex, of a key with the role {@code admin} that is in no database: the first key, with which the others are made. {@code pnas key new} makes
     * one and prints this.
     */
    Optional<@Pattern(regexp = "[0-9a-f]{64}") String> adminKeyHash();

    /** How long a browser stays signed in. */
    @WithDefault("12h")
    @DurationMin(minutes = 1)
    @DurationMax(days = 30)
    Duration session();
}
