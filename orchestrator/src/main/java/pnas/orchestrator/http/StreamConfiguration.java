package pnas.orchestrator.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How many may follow what happens. Each stream keeps a connection, and with it an open file. */
@ConfigMapping(prefix = "pnas.streams")
interface StreamConfiguration {
    /** How many event streams may be open at once. A client that wants one more is answered 429. */
    @WithDefault("500")
    @Min(1) @Max(100_000) int most();

    /** How many of them one caller may have: one key or person, or one address where nobody is asked for a key. A page that is open in a browser has one. */
    @WithDefault("250")
    @Min(1) @Max(100_000) int mostPerCaller();

    /** How long a client may take to accept one message before it is dropped. It may come back and go on where it was. */
    @WithDefault("20s")
    @DurationMin(millis = 100)
    @DurationMax(minutes = 10)
    Duration patience();
}
