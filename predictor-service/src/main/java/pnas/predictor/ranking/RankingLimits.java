package pnas.predictor.ranking;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How requests are ranked, and how much they may hold. A larger one is answered with a failure before it can take the memory of the service. */
@ConfigMapping(prefix = "pnas.ranking")
interface RankingLimits {
    /** The most candidates of a request; 4,096 parents of 4 blocks have 4.8 million. One takes about 60 bytes. */
    @WithDefault("5000000")
    @Min(1) int mostCandidates();

    /** The most measured cells of a request. */
    @WithDefault("100000")
    @Min(1) int mostObservations();

    /**
     * How many candidates of complete requests may wait for a thread; beyond that no further request is read until one of them is ranked. A waiting
     * candidate takes about 6 bytes.
     */
    @WithDefault("20000000")
    @Min(1) int mostWaiting();

    /** How many requests are ranked at once, the shortest first. */
    @WithDefault("2")
    @Min(1) @Max(64) int threads();

    /** How often the orchestrator is told that a request waits or is ranked; well below its patience. */
    @WithDefault("10s")
    @DurationMin(millis = 50)
    @DurationMax(hours = 1)
    Duration signOfLife();

    /** How long an incomplete request is kept without a further chunk. Then it is given up, and the orchestrator asks again where it still wants it. */
    @WithDefault("2m")
    @DurationMin(seconds = 1)
    @DurationMax(hours = 1)
    Duration gathering();
}
